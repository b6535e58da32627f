import Observations
import Probing
import Wire

/// One run of the engine on the real network; lives in the sending thread.
struct ProbeRun: ~Copyable {
  private var engine: ProbeEngine
  private var transmitter: Transmitter
  private let receiver: Receiver
  private let stop: StopRequest
  private let spool: PacketSpool?
  private let progress: @Sendable (ProbeProgress) -> Void

  private var batch: PacketQueue.Batch
  private var poll: PollSet
  private var nextProgress: UInt64 = 0
  /// When the capture's drop counters were last read.
  private var lastReading: UInt64 = 0
  /// When the captures were live.
  private let began = MonotonicClock.now
  /// When the engine first said that it has finished.
  private var finishedAt: UInt64?
  /// A hop that has to be resolved before more is sent, and the time until which that is waited for.
  private var stall: (hop: Int, until: UInt64)?

  private static let progressInterval: UInt64 = 100_000_000
  /// The kernel asks three times, a second apart (RFC 4861 §10); a little more for it to tell.
  private static let resolutionTime: UInt64 = 3_500_000_000
  /// Packets to send before looking at what has come.
  private static let burst = FrameArena.slotCount

  /// Asks all probes, from the first look at the routes to the last reply.
  static func run(
    _ probes: [Probe], key: SipHashKey, scope: Scope, settings: ProbeSettings, interface: String?,
    spool: PacketSpool?, stop: StopRequest, progress: @escaping @Sendable (ProbeProgress) -> Void
  ) throws(PacketIOError) -> ProbeReport {
    let interfaces = try NetworkInterface.all()
    let wanted = try interface.map { name throws(PacketIOError) in
      try interfaces.named(name)
    }
    try Permission.require()
    var engine = ProbeEngine(probes: probes, settings: settings, key: key)
    var scope = ScopeGuard(scope)
    let paths = try PathTable.make(for: probes, over: wanted, interfaces: interfaces, guard: &scope) {
      engine.notSent(probe: $0, $1)
    }
    engine.setVantage(
      VantageAddresses(
        ipv4: paths.paths.first { $0.source.family == .ipv4 }?.source,
        ipv6: paths.paths.first { $0.source.family == .ipv6 }?.source))
    guard engine.remaining > 0 else {
      let counters = TransferCounters(engine: engine.counters, sent: 0, refusedByScope: scope.refused)
      let ages = [UInt64](repeating: 0, count: probes.count)
      let none = [Duration64?](repeating: nil, count: probes.count)
      return ProbeReport(
        outcomes: engine.outcomes, ages: ages, roundTrips: none, counters: counters, key: key)
    }
    let hops = try NextHops(paths, probeCount: probes.count)
    let transmitter = try Transmitter(
      scope: scope, paths: paths, hops: hops, interfaces: interfaces, spool: spool)
    let receiver = try Receiver.start(
      interfaces: try paths.paths.captureInterfaces(interfaces),
      filter: ProbeEngine.captureFilter(for: probes), bufferSize: bufferSize(for: settings.rate))
    var run = ProbeRun(
      engine: engine, transmitter: transmitter, receiver: receiver, stop: stop, spool: spool,
      progress: progress)
    return run.finish(failure: run.loop())
  }

  private init(
    engine: consuming ProbeEngine, transmitter: consuming Transmitter, receiver: consuming Receiver,
    stop: StopRequest, spool: PacketSpool?, progress: @escaping @Sendable (ProbeProgress) -> Void
  ) {
    self.spool = spool
    batch = receiver.queue.makeBatch()
    poll = PollSet([
      receiver.queue.descriptor, stop.wakeup.descriptor, transmitter.hops.descriptor,
    ])
    self.engine = engine
    self.transmitter = transmitter
    self.receiver = receiver
    self.stop = stop
    self.progress = progress
  }

  /// Room for the replies of a tenth of a second at 256 bytes each, between 2 and 32 MiB.
  private static func bufferSize(for rate: Double) -> Int32 {
    let bytes = min(32, max(2, rate / 10 * 256 / 1_048_576)) * 1_048_576
    return Int32(bytes)
  }
}

extension ProbeRun {
  /// Sends, receives and waits until every probe has its outcome, or somebody asks to stop.
  ///
  /// - Returns: why it ended early, if it failed.
  private mutating func loop() -> PacketIOError? {
    var sentInBurst = 0
    while !stop.isMade {
      receive()
      if let failure = receiver.failure { return failure }
      do throws(PacketIOError) { try updateHops() } catch { return error }
      let now = MonotonicClock.now
      report(now)
      if let stall, isStalled(stall, now: now) {
        flush()
        wait(until: min(stall.until, nextProgress), from: now)
        continue
      }
      sentInBurst = 0
      step: while sentInBurst < Self.burst {
        let now = MonotonicClock.now
        switch engine.next(now: now) {
        case .send(let probe, let attempt):
          finishedAt = nil
          send(probe, attempt: attempt, now: now)
          sentInBurst += 1
          if stall != nil { break step }
        case .wait(let until):
          flush()
          wait(until: min(until, nextProgress), from: now)
          break step
        case .finished:
          flush()
          if isFinal(now) { return nil }
          break step
        }
      }
    }
    return nil
  }

  private mutating func send(_ probe: Int, attempt: Int, now: UInt64) {
    var refused: [Int] = []
    let verdict = transmitter.queue(
      probe: probe, attempt: attempt, target: engine.probes[probe].target, writer: engine.writer,
      now: now
    ) { refused.append($0) }
    for probe in refused { engine.notSent(probe: probe, .sendFailed) }
    switch verdict {
    case .queued: break
    case .queuedOverCongested(let hop): stall = (hop, now + Self.resolutionTime)
    case .refused(let reason): engine.notSent(probe: probe, reason)
    }
  }

  private mutating func flush() {
    var refused: [Int] = []
    transmitter.flush { refused.append($0) }
    for probe in refused { engine.notSent(probe: probe, .sendFailed) }
  }

  private mutating func receive() {
    guard receiver.queue.hasNews else { return }
    take(from: receiver.queue)
  }

  private mutating func take(from queue: PacketQueue) {
    queue.exchange(&batch)
    if let spool {
      batch.forEach { packet, time in spool.append(.probeReceived, at: spool.realTime(time), packet) }
    }
    batch.forEach { packet, time in engine.receive(ipPacket: packet, now: time) }
    guard let time = batch.droppedReadAt else { return }
    if batch.dropped > 0, let spool {
      let before = spool.realTime(lastReading == 0 ? began : lastReading)
      spool.appendDrops(.probeDrops, from: before, to: spool.realTime(time), count: batch.dropped)
    }
    engine.captureDropped(batch.dropped, now: time)
    lastReading = time
  }

  private mutating func updateHops() throws(PacketIOError) {
    var failed: [Int] = []
    try transmitter.updateHops { failed.append($0) }
    for hop in failed { abandon(hop) }
  }

  /// Whether a hop still has to be waited for; gives it up when it took too long.
  private mutating func isStalled(_ stall: (hop: Int, until: UInt64), now: UInt64) -> Bool {
    if transmitter.hops.isCongested(stall.hop) {
      if now < stall.until { return true }
      transmitter.giveUp(hop: stall.hop)
      abandon(stall.hop)
    }
    self.stall = nil
    return false
  }

  /// Ends every probe over a hop that does not answer.
  private mutating func abandon(_ hop: Int) {
    let reason = transmitter.hops.silenceReason(hop)
    transmitter.hops.forEachProbe(over: hop) { engine.notSent(probe: $0, reason) }
  }

  /// Whether the end is the end: the captures have handed over what arrived before it, and their drop counters
  /// were read since. The engine may want to ask again after that.
  private mutating func isFinal(_ now: UInt64) -> Bool {
    guard let finishedAt else {
      finishedAt = now
      return false
    }
    let settled = finishedAt + 2 * UInt64(Capture.holdBack) * 1_000_000
    if now < settled {
      wait(until: settled, from: now)
    } else if lastReading < settled {
      receiver.requestReading()
      wait(until: now + 10_000_000, from: now)
    } else {
      return true
    }
    return false
  }

  private mutating func wait(until time: UInt64, from now: UInt64) {
    guard time > now else { return }
    poll.wait(nanoseconds: time - now)
  }

  private mutating func report(_ now: UInt64) {
    guard now >= nextProgress else { return }
    nextProgress = now + Self.progressInterval
    tell()
  }

  private func tell() {
    let total = engine.probes.count
    progress(
      ProbeProgress(total: total, finished: total - engine.remaining, sent: engine.counters.sent))
  }
}

extension ProbeRun {
  /// Closes the captures and sums up.
  private mutating func finish(failure: PacketIOError?) -> ProbeReport {
    receiver.stop()
    take(from: receiver.queue)
    tell()
    let now = MonotonicClock.now
    let ages = engine.probes.indices.map { now - min(now, engine.settledAt($0) ?? now) }
    return ProbeReport(
      outcomes: outcomes(), ages: ages, roundTrips: engine.probes.indices.map { engine.roundTrip(of: $0) },
      counters: TransferCounters(
        engine: engine.counters, sent: transmitter.sent, refusedByScope: transmitter.refusedByScope),
      key: engine.writer.cookieKey, rounds: spool.map { engine.rounds.map($0.realTime) } ?? [],
      failure: failure)
  }

  /// The engine's outcomes, save that what looks like silence is told apart where no packet can have reached the
  /// target: its neighbour, or the gateway's, was never found.
  private func outcomes() -> [ProbeOutcome?] {
    var outcomes = engine.outcomes
    for hop in transmitter.hops.hops.indices where transmitter.hops.hops[hop].isUnreachable {
      let reason = transmitter.hops.silenceReason(hop)
      transmitter.hops.forEachProbe(over: hop) { probe in
        if isOwnSilence(outcomes[probe], of: probe) { outcomes[probe] = .notSent(reason) }
      }
    }
    return outcomes
  }

  /// Whether nobody but this machine had anything to say: its own stack tells itself of neighbours it cannot find
  /// (RFC 4861 §7.2.2), and that is seen where the loopback is captured as well.
  private func isOwnSilence(_ outcome: ProbeOutcome?, of probe: Int) -> Bool {
    switch outcome {
    case .silent, .unmeasured: true
    case .rejected(let rejection): rejection.source == transmitter.source(of: probe)
    default: false
    }
  }
}
