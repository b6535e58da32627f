import Observations
import Probing
import Wire

/// One run of watches on the real network; lives in the sending thread.
///
/// As in `PathMTURun` the few packets that leave go through the kernel's stack, which finds the neighbours.
struct PathMTUWatchRun: ~Copyable {
  /// Which connection a segment belongs to.
  private struct Flow: Hashable {
    var remote: Endpoint
    var local: Endpoint
  }

  /// A connection under way.
  private struct Watch {
    var machine: PathMTUWatch
    var job: WatchJob
    var lane: Int
    /// When its next packet may leave, if one waits.
    var departure: UInt64?
  }

  /// How packets reach a target: the socket, and the MTU of the link.
  struct Way {
    var lane: Int
    var linkMTU: Int
  }

  private var watches: [Flow: Watch] = [:]
  private let ways: [IPAddress: Way]
  private let lanes: [SendSocket]
  private var scope: ScopeGuard
  private var pacer: Pacer
  private var counters = ProbeCounters()
  private let inbox: Inbox
  private let receiver: Receiver
  private let stop: StopRequest
  private var batch: PacketQueue.Batch
  private var poll: PollSet

  /// A whole Ethernet frame, so that checksums can be verified.
  private static var snapLength: Int32 { 1536 }
  private static var bufferSize: Int32 { 4 * 1_048_576 }
  /// How long to wait at most before looking at everything again.
  private static var idleTime: UInt64 { 100_000_000 }

  /// Watches what comes through `inbox`, from the first look at the routes to the last outcome.
  static func run(
    _ targets: [IPAddress], inbox: Inbox, scope: Scope, pace: ProbeSettings, interface: String?,
    stop: StopRequest
  ) throws(PacketIOError) -> TransferCounters {
    let interfaces = try NetworkInterface.all()
    let wanted = try interface.map { name throws(PacketIOError) in try interfaces.named(name) }
    try Permission.require()
    var scope = ScopeGuard(scope)
    let probes = targets.map { Probe(target: $0, kind: .echo) }
    let paths = try PathTable.make(for: probes, over: wanted, interfaces: interfaces, guard: &scope) { _, _ in
    }
    var sockets: [SendSocket.Medium: Int] = [:]
    var lanes: [SendSocket] = []
    var ways: [IPAddress: Way] = [:]
    for (index, target) in targets.enumerated() {
      guard let path = paths.pathIndex(of: index).map({ paths.paths[$0] }) else { continue }
      let medium = SendSocket.Medium.packets(path.source.family, interface: path.socketInterface)
      let lane = sockets[medium] ?? lanes.count
      if lane == lanes.count {
        lanes.append(try SendSocket(medium, capacity: PathMTU.packetCapacity))
        sockets[medium] = lane
      }
      let link = interfaces.first { $0.index == path.interface }
      ways[target] = Way(lane: lane, linkMTU: link?.mtu ?? 1500)
    }
    let receiver = try Receiver.start(
      interfaces: try paths.paths.captureInterfaces(interfaces),
      filter: PathMTUFilter.segments(from: targets),
      bufferSize: bufferSize, snapLength: snapLength)
    var run = PathMTUWatchRun(
      ways: ways, lanes: lanes, scope: scope, pacer: Pacer(pace), inbox: inbox, receiver: receiver, stop: stop
    )
    let failure = run.loop()
    let sums = run.finish()
    if let failure { throw failure }
    return sums
  }

  private init(
    ways: [IPAddress: Way], lanes: [SendSocket], scope: ScopeGuard, pacer: Pacer, inbox: Inbox,
    receiver: consuming Receiver, stop: StopRequest
  ) {
    self.ways = ways
    self.lanes = lanes
    self.scope = scope
    self.pacer = pacer
    self.inbox = inbox
    self.stop = stop
    batch = receiver.queue.makeBatch()
    poll = PollSet([receiver.queue.descriptor, stop.wakeup.descriptor, inbox.wakeup.descriptor])
    self.receiver = receiver
  }
}

extension PathMTUWatchRun {
  /// Sends, receives and waits until there is nothing more to watch, or somebody asks to stop.
  private mutating func loop() -> PacketIOError? {
    while !stop.isMade {
      let (jobs, isFinished) = inbox.take()
      for job in jobs { begin(job) }
      receive()
      if let failure = receiver.failure { return failure }
      let now = MonotonicClock.now
      var wake = now + Self.idleTime
      for flow in Array(watches.keys) {
        if let time = advance(flow, now: now) { wake = min(wake, time) }
      }
      if isFinished, watches.isEmpty { return nil }
      if wake > now { poll.wait(nanoseconds: wake - now) }
    }
    return nil
  }

  private mutating func begin(_ job: WatchJob) {
    guard let way = ways[job.remote.address] else { return job.done(.notSent(.outOfScope)) }
    var settings = job.settings
    settings.linkMTU = way.linkMTU
    let machine = PathMTUWatch(local: job.local, remote: job.remote, settings: settings)
    watches[Flow(remote: job.remote, local: job.local)] = Watch(machine: machine, job: job, lane: way.lane)
  }

  /// Does what a machine says; when to ask it again, `nil` if it is finished.
  private mutating func advance(_ flow: Flow, now: UInt64) -> UInt64? {
    guard let step = watches[flow]?.machine.next(now: now) else { return nil }
    switch step {
    case .finished:
      guard let watch = watches.removeValue(forKey: flow) else { return nil }
      counters += watch.machine.counters
      watch.job.done(watch.machine.outcome)
      return nil
    case .wait(let until): return until
    case .cue(let what):
      watches[flow]?.job.cue(what)
      watches[flow]?.machine.didCue(now: now)
      return now
    case .send(let packet):
      let departure = watches[flow]?.departure ?? pacer.reserve(flow.remote.address, now: now)
      guard departure <= now else {
        watches[flow]?.departure = departure
        return departure
      }
      watches[flow]?.departure = nil
      send(packet, over: flow)
      return now
    }
  }

  private mutating func send(_ packet: PathMTUPacket, over flow: Flow) {
    guard let watch = watches[flow] else { return }
    let lane = lanes[watch.lane]
    let isAdmitted = lane.add(
      probe: 0, to: SocketName(flow.remote.address), packetAt: 0, guard: &scope
    ) { watch.machine.emit(packet, into: &$0, at: 0) }
    guard isAdmitted else {
      watches[flow]?.machine.notSent(.outOfScope)
      return
    }
    var isRefused = false
    lane.flush(now: { MonotonicClock.now }) { _, _ in isRefused = true }
    if isRefused {
      watches[flow]?.machine.notSent(.sendFailed)
    } else {
      watches[flow]?.machine.didSend(now: MonotonicClock.now)
    }
  }

  private mutating func receive() {
    guard receiver.queue.hasNews else { return }
    receiver.queue.exchange(&batch)
    batch.forEach { packet, time in
      guard let flow = Self.flow(of: packet), watches[flow] != nil else {
        counters.unrelated += 1
        return
      }
      watches[flow]?.machine.receive(ipPacket: packet, now: time)
    }
    guard batch.dropped > 0 else { return }
    for flow in Array(watches.keys) { watches[flow]?.machine.captureDropped(batch.dropped) }
  }

  private static func flow(of packet: RawSpan) -> Flow? {
    guard let ip = try? IPPacket(parsing: packet), ip.upperLayer == .tcp, ip.fragmentOffset == 0,
      let header = try? TCPHeader(parsing: packet.extracting(ip.payload))
    else { return nil }
    return Flow(
      remote: Endpoint(ip.source, header.sourcePort), local: Endpoint(ip.destination, header.destinationPort))
  }

  /// Ends what is left, closes the captures and sums up.
  private mutating func finish() -> TransferCounters {
    receiver.stop()
    for watch in watches.values {
      counters += watch.machine.counters
      watch.job.done(watch.machine.outcome)
    }
    watches = [:]
    return TransferCounters(
      engine: counters, sent: lanes.reduce(0) { $0 + $1.sent }, refusedByScope: scope.refused)
  }
}
