import Observations
import Probing
import Wire

/// One run of path-MTU machines on the real network; lives in the sending thread.
///
/// Few packets leave, and large ones, so they all go through the kernel's stack, which finds the neighbours. Raw
/// sockets with a header of their own know only the link's MTU, never what the kernel has learnt of a path, so that
/// the question stays as large as it is.
struct PathMTURun<Machine: PathMTUMachine>: ~Copyable {
  private var machines: [Machine]
  /// By machine: its target's place in the list that was asked.
  private let places: [Int]
  /// By target: its machine.
  private let owners: [IPAddress: Int]
  /// By machine: the socket for it.
  private let lanes: [SendSocket]
  /// By machine: when its next packet may leave, if one waits.
  private var departures: [UInt64?]
  private var outcomes: [PathMTUOutcome?]

  private var scope: ScopeGuard
  private var pacer: Pacer
  private let receiver: Receiver
  private let spool: PacketSpool?
  private let stop: StopRequest
  private let cue: (PathMTUCue) -> Void
  private var batch: PacketQueue.Batch
  private var poll: PollSet
  /// Packets that were for nobody.
  private var strays: UInt64 = 0

  /// A whole Ethernet frame, so that a quote is as long as it may be and checksums can be verified.
  private static var snapLength: Int32 { 1536 }
  private static var bufferSize: Int32 { 2 * 1_048_576 }
  /// Of each packet this much is kept: all headers, and what an error quotes of them.
  private static var keptLength: Int { 256 }
  /// How long to wait at most before looking at everything again.
  private static var idleTime: UInt64 { 100_000_000 }

  /// Asks all targets, from the first look at the routes to the last reply.
  ///
  /// - Parameters:
  ///   - filter: what to capture.
  ///   - make: makes the machine for a target, given the vantage's source address and the MTU of the link.
  static func run(
    _ targets: [IPAddress], filter: String, scope: Scope, pace: ProbeSettings, interface: String?,
    spool: PacketSpool? = nil, stop: StopRequest,
    make: (_ target: IPAddress, _ source: IPAddress, _ linkMTU: Int) -> Machine,
    cue: @escaping (PathMTUCue) -> Void
  ) throws(PacketIOError) -> PathMTUReport {
    let interfaces = try NetworkInterface.all()
    let wanted = try interface.map { name throws(PacketIOError) in try interfaces.named(name) }
    try Permission.require()
    var scope = ScopeGuard(scope)
    var outcomes = [PathMTUOutcome?](repeating: nil, count: targets.count)
    let paths = try PathTable.make(
      for: targets.map { Probe(target: $0, kind: .echo) }, over: wanted, interfaces: interfaces,
      guard: &scope
    ) { outcomes[$0] = .notSent($1) }
    var sockets: [SendSocket.Medium: SendSocket] = [:]
    var machines: [Machine] = []
    var lanes: [SendSocket] = []
    let places = targets.indices.filter { paths.pathIndex(of: $0) != nil }
    for place in places {
      guard let index = paths.pathIndex(of: place) else { continue }
      let path = paths.paths[index]
      let medium = SendSocket.Medium.packets(path.source.family, interface: path.socketInterface)
      if let socket = sockets[medium] {
        lanes.append(socket)
      } else {
        let socket = try SendSocket(medium, capacity: PathMTU.packetCapacity)
        sockets[medium] = socket
        lanes.append(socket)
      }
      let link = interfaces.first { $0.index == path.interface }
      machines.append(make(targets[place], path.source, link?.mtu ?? 1500))
    }
    guard !machines.isEmpty else {
      return PathMTUReport(
        outcomes: outcomes,
        counters: TransferCounters(engine: ProbeCounters(), sent: 0, refusedByScope: scope.refused))
    }
    let receiver = try Receiver.start(
      interfaces: try paths.paths.captureInterfaces(interfaces), filter: filter, bufferSize: bufferSize,
      snapLength: snapLength)
    var run = PathMTURun(
      machines: machines, places: places, lanes: lanes, outcomes: outcomes, scope: scope,
      pacer: Pacer(pace), receiver: receiver, spool: spool, stop: stop, cue: cue)
    let failure = run.loop()
    return run.finish(failure: failure)
  }

  private init(
    machines: [Machine], places: [Int], lanes: [SendSocket], outcomes: [PathMTUOutcome?], scope: ScopeGuard,
    pacer: Pacer, receiver: consuming Receiver, spool: PacketSpool?, stop: StopRequest,
    cue: @escaping (PathMTUCue) -> Void
  ) {
    self.spool = spool
    self.machines = machines
    self.places = places
    self.lanes = lanes
    self.outcomes = outcomes
    self.scope = scope
    self.pacer = pacer
    owners = Dictionary(machines.enumerated().map { ($1.target, $0) }) { first, _ in first }
    departures = Array(repeating: nil, count: machines.count)
    batch = receiver.queue.makeBatch()
    poll = PollSet([receiver.queue.descriptor, stop.wakeup.descriptor])
    self.receiver = receiver
    self.stop = stop
    self.cue = cue
  }
}

extension PathMTURun {
  /// Sends, receives and waits until every machine has its outcome, or somebody asks to stop.
  private mutating func loop() -> PacketIOError? {
    while !stop.isMade {
      receive()
      if let failure = receiver.failure { return failure }
      let now = MonotonicClock.now
      var wake = now + Self.idleTime
      var isAny = false
      for index in machines.indices {
        guard let time = advance(index, now: now) else { continue }
        isAny = true
        wake = min(wake, time)
      }
      guard isAny else { return nil }
      if wake > now { poll.wait(nanoseconds: wake - now) }
    }
    return nil
  }

  /// Does what a machine says; when to ask it again, `nil` if it is finished.
  private mutating func advance(_ index: Int, now: UInt64) -> UInt64? {
    switch machines[index].next(now: now) {
    case .finished: return nil
    case .wait(let until): return until
    case .cue(let what):
      cue(what)
      machines[index].didCue(now: now)
      return now
    case .send(let packet):
      let departure = departures[index] ?? pacer.reserve(machines[index].target, now: now)
      guard departure <= now else {
        departures[index] = departure
        return departure
      }
      departures[index] = nil
      send(packet, of: index)
      return now
    }
  }

  private mutating func send(_ packet: PathMTUPacket, of index: Int) {
    let machine = machines[index]
    let lane = lanes[index]
    let isAdmitted = lane.add(
      probe: index, to: SocketName(machine.target), packetAt: 0, guard: &scope
    ) { machine.emit(packet, into: &$0, at: 0) }
    guard isAdmitted else { return machines[index].notSent(.outOfScope) }
    lane.withLast { keep($0, .probeSent, at: MonotonicClock.now) }
    var isRefused = false
    lane.flush(now: { MonotonicClock.now }) { _, _ in isRefused = true }
    if isRefused {
      machines[index].notSent(.sendFailed)
    } else {
      machines[index].didSend(now: MonotonicClock.now)
    }
  }

  private mutating func receive() {
    guard receiver.queue.hasNews else { return }
    receiver.queue.exchange(&batch)
    batch.forEach { packet, time in
      guard let index = owner(of: packet) else {
        strays += 1
        return
      }
      keep(packet, .probeReceived, at: time)
      machines[index].receive(ipPacket: packet, now: time)
    }
    guard batch.dropped > 0 else { return }
    for index in machines.indices where machines[index].outcome == nil {
      machines[index].captureDropped(batch.dropped)
    }
  }

  private func keep(_ packet: RawSpan, _ kind: PacketSpool.Kind, at time: UInt64) {
    guard let spool else { return }
    spool.append(
      kind, at: spool.realTime(time), packet.extracting(0..<min(packet.byteCount, Self.keptLength)))
  }

  /// The machine that a packet is for: by who sent it, an ICMP error by whom it is about.
  private func owner(of packet: RawSpan) -> Int? {
    guard let ip = try? IPPacket(parsing: packet) else { return nil }
    if ip.upperLayer == .icmp(ip.family), ip.fragmentOffset == 0 {
      let message = packet.extracting(ip.payload)
      if let quote = try? QuotedPacket(inErrorMessage: message, family: ip.family) {
        return owners[quote.destination]
      }
    }
    return owners[ip.source]
  }

  /// Closes the captures and sums up.
  private mutating func finish(failure: PacketIOError?) -> PathMTUReport {
    receiver.stop()
    var counters = ProbeCounters()
    for (index, machine) in machines.enumerated() {
      outcomes[places[index]] = machine.outcome
      counters += machine.counters
    }
    counters.unrelated += strays
    let sent = Dictionary(lanes.map { (ObjectIdentifier($0), $0.sent) }) { first, _ in first }
    return PathMTUReport(
      outcomes: outcomes,
      counters: TransferCounters(
        engine: counters, sent: sent.values.reduce(0, +), refusedByScope: scope.refused),
      failure: failure)
  }
}

extension Path {
  /// The interface a raw socket is bound to: this machine's own addresses are reached whatever interface they are on.
  var socketInterface: Int32 {
    if case .stack(isLocal: true) = means { 0 } else { interface }
  }
}
