import CLinux
import Glibc
import Observations
import Probing
import Synchronization
import Wire

/// Directs a sweep: begins its rounds, watches over them, and sums up. Lives in a thread of its own.
struct SweepRun: ~Copyable {
  private let plan: SweepPlan
  private let scope: Scope
  private let settings: SweepSettings
  private let key: SipHashKey
  private let interfaces: [NetworkInterface]
  private let interface: Int32?
  private let reception: SweepReception
  private let stop: StopRequest
  private let progress: @Sendable (SweepProgress) -> Void

  private var rounds: SweepRounds
  private var report = SweepReport()
  private var shown = SweepProgress()
  private var throttle = SweepThrottle()
  private var poll: PollSet
  /// Signalled by each sender that is done.
  private let finished: Wakeup
  private var nextLook: UInt64 = 0
  private var nextCheckpoint: UInt64
  /// What is to be sent per second: halved in a round that follows one with drops.
  private var rate: Double
  /// The senders of the round before: they know what they sent last.
  private var senders: [SweepSender] = []
  /// The round of the sweep before, if it was interrupted in the middle of one.
  private var interrupted: SweepPosition?

  private static let lookInterval: UInt64 = 100_000_000

  /// Sweeps, from the first look at the routes to the last reply.
  static func run(
    _ plan: SweepPlan, from position: SweepPosition?, scope: Scope, settings: SweepSettings, sink: SweepSink,
    stop: StopRequest, progress: @escaping @Sendable (SweepProgress) -> Void
  ) throws(PacketIOError) -> SweepReport {
    let interfaces = try NetworkInterface.all()
    let wanted = try settings.interface.map { name throws(PacketIOError) in try interfaces.named(name) }
    // Relocating and starting up touches far more of the program than sweeping does.
    clinux_give_back_startup_pages()
    let key = SipHashKey.random()
    let collector = SweepCollector(plan, key: key, settled: position?.settled)
    let finished = try Wakeup()
    let reception = try SweepReception(
      collector,
      .init(
        filter: plan.captureFilter, bufferSize: bufferSize(for: settings.pace.rate),
        holdBack: settings.holdBack), sink: sink)
    var run = SweepRun(
      plan, position, scope: scope, settings: settings, key: key, interfaces: interfaces,
      interface: wanted?.index, reception: reception, finished: finished, stop: stop, progress: progress)
    return run.finish(failure: run.loop())
  }

  private init(
    _ plan: SweepPlan, _ position: SweepPosition?, scope: Scope, settings: SweepSettings, key: SipHashKey,
    interfaces: [NetworkInterface], interface: Int32?, reception: consuming SweepReception, finished: Wakeup,
    stop: StopRequest,
    progress: @escaping @Sendable (SweepProgress) -> Void
  ) {
    self.plan = plan
    self.scope = scope
    self.settings = settings
    self.key = key
    self.interfaces = interfaces
    self.interface = interface
    self.reception = reception
    self.stop = stop
    self.progress = progress
    rounds = SweepRounds(plan, from: position)
    interrupted = position
    rate = settings.pace.rate
    self.finished = finished
    poll = PollSet([stop.wakeup.descriptor, finished.descriptor])
    nextCheckpoint = MonotonicClock.now
  }

  /// Room for the replies of a tenth of a second at about 160 bytes each, between 1 and 8 MiB: a thread that is not
  /// scheduled for so long is rare, and what is lost nevertheless is asked again.
  private static func bufferSize(for rate: Double) -> Int32 {
    Int32(min(8, max(1, rate / 10 * 160 / 1_048_576)) * 1_048_576)
  }
}

extension SweepRun {
  /// Goes through the rounds.
  private mutating func loop() -> SweepFailure? {
    var end: UInt64 = 0
    while let skipped = rounds.skipped(settled: reception.withCollector { $0.settled }) {
      let round = rounds.number
      reception.withCollector { $0.lastAttempt = max($0.lastAttempt, round) }
      let result = send(round, skipping: skipped)
      guard case .success(let shares) = result else {
        if case .failure(let error) = result { return .packets(error) }
        return nil
      }
      if let failure = reception.failure { return failure }
      end = max(shares.compactMap(\.sender.log.end).max() ?? 0, end)
      wait(until: end + settings.wait)
      rounds.note(shares.map(\.sender.log), wait: settings.wait, drops: readDrops(after: end + settings.wait))
      if stop.isMade { return interrupt(shares) }
      rounds.close()
      interrupted = nil
      if rounds.wasDisturbed { rate = slower(shares) }
      report.rounds += 1
    }
    wait(until: end + settings.cooldown)
    return reception.failure
  }

  /// After drops: half of what was really sent in that round.
  private func slower(_ shares: [SweepTransmission.Share]) -> Double {
    let logs = shares.map(\.sender.log)
    guard let first = logs.compactMap(\.start).min(), let last = logs.compactMap(\.end).max(), last > first
    else { return rate / 2 }
    let sent = Double(shown.sentInRound)
    return max(100, min(rate, sent / (Double(last - first) / 1e9)) / 2)
  }

  /// Sends one round with all senders, and watches over them.
  private mutating func send(
    _ round: Int, skipping skipped: PlaceSet
  ) -> Result<[SweepTransmission.Share], PacketIOError> {
    var shares = interrupted?.round == round ? interrupted?.shares ?? [] : []
    if shares.isEmpty { shares = Self.shares(of: plan.count, count: settings.senderCount) }
    let pace = SweepPace(rate: rate * throttle.factor, prefixRate: settings.pace.prefixRate).divided(
      among: shares.count)
    let now = MonotonicClock.now
    var states: [SweepTransmissionState] = []
    let (probe, key, scope, interface, interfaces) = (plan.probe, key, scope, interface, interfaces)
    let ears = reception.ears
    let finished = finished
    do throws(PacketIOError) {
      for share in shares {
        var sender =
          senders.first { $0.places == share.places } ?? SweepSender(plan, places: share.places, pace: pace)
        sender.slow(to: pace.rate)
        sender.begin(
          round: round, skipping: skipped, from: share.cursor, waiting: share.waiting, now: now)
        let state = SweepTransmissionState(cursor: share.cursor, rate: pace.rate)
        let begun = sender
        try DedicatedThread("v6audit-send") {
          let result = Result { () throws(PacketIOError) in
            var transmission = try SweepTransmission(
              begun, scope: scope, interface: interface, interfaces: interfaces, rate: pace.rate,
              ears: ears, state: state
            ) { SweepTemplate(probe, source: $0, key: key) }
            return try transmission.run()
          }
          state.result.withLock { $0 = result }
          state.isDone.store(true, ordering: .releasing)
          finished.signal()
        }.detach()
        states.append(state)
      }
    } catch {
      for state in states { state.stop.store(true, ordering: .relaxed) }
      awaitAll(states)
      return .failure(error)
    }
    shown.planned = skipped.capacity - skipped.count
    throttle.beginRound()
    watch(states, shares, round)
    return Result { () throws(PacketIOError) in
      var results: [SweepTransmission.Share] = []
      for state in states {
        if let share = try state.result.withLock({ $0 })?.get() { results.append(share) }
      }
      senders = results.map(\.sender)
      report.sent += results.reduce(0) { $0 + $1.sent }
      report.refusedByScope += results.reduce(0) { $0 + $1.refused }
      return results
    }
  }

  /// The places, divided among senders.
  private static func shares(of count: Int, count senders: Int) -> [SweepPosition.Share] {
    (0..<senders).map { number in
      let places = count * number / senders..<count * (number + 1) / senders
      return SweepPosition.Share(places: places, cursor: places.lowerBound, waiting: [])
    }
  }

  private func awaitAll(_ states: [SweepTransmissionState]) {
    while !states.allSatisfy({ $0.isDone.load(ordering: .acquiring) }) { usleep(1000) }
  }

  /// Until all senders are done: progress, rate, positions, the request to stop.
  private mutating func watch(
    _ states: [SweepTransmissionState], _ shares: [SweepPosition.Share], _ round: Int
  ) {
    var isStopping = false
    while true {
      let isDone = states.allSatisfy { $0.isDone.load(ordering: .acquiring) }
      takeNotSent(states)
      shown.sentInRound = states.reduce(0) { $0 + $1.sent.load(ordering: .relaxed) }
      shown.round = round
      shown.isWaiting = false
      if isDone { break }
      if !isStopping, stop.isMade || reception.failure != nil {
        isStopping = true
        for state in states { state.stop.store(true, ordering: .relaxed) }
      }
      let now = MonotonicClock.now
      adapt(states, now)
      if let interval = settings.checkpointInterval, now >= nextCheckpoint {
        nextCheckpoint = now + interval
        var begun = shares
        for index in begun.indices { begun[index].cursor = states[index].cursor.load(ordering: .relaxed) }
        reception.keep(
          SweepPosition(rounds, shares: begun, settled: PlaceSet(capacity: 0), isClean: false))
      }
      tell(now)
      if isStopping {
        usleep(1000)
      } else {
        poll.wait(nanoseconds: Self.lookInterval)
        finished.reset()
      }
    }
  }

  private mutating func adapt(_ states: [SweepTransmissionState], _ now: UInt64) {
    guard settings.isAdaptive, settings.pace.rate < 1e9 else { return }
    let counters = reception.withCollector { $0.counters }
    let changed = throttle.note(
      sent: report.sent + UInt64(shown.sentInRound), answered: counters.answered + counters.closed,
      rejected: counters.rejected, now: now)
    guard changed else { return }
    let each = SweepPace(rate: rate * throttle.factor, prefixRate: .infinity).divided(among: states.count)
    for state in states { state.rate.store(each.rate.bitPattern, ordering: .relaxed) }
  }

  /// What could not be sent to is found as well.
  private mutating func takeNotSent(_ states: [SweepTransmissionState]) {
    for state in states {
      let failures = state.notSent.withLock { failures in
        defer { failures.removeAll() }
        return failures
      }
      for (place, reason) in failures {
        report.notSent += 1
        reception.note(notSent: place, reason)
      }
    }
  }

  /// Notes where an interrupted sweep stands. All answers to what was sent have been waited for.
  private mutating func interrupt(_ results: [SweepTransmission.Share]) -> SweepFailure? {
    let shares = results.map {
      SweepPosition.Share(places: $0.sender.places, cursor: $0.sender.cursor, waiting: $0.waiting)
    }
    report.interruptedAt = SweepPosition(
      rounds, shares: shares, settled: reception.withCollector { $0.settled }, isClean: true)
    return nil
  }

  private mutating func wait(until time: UInt64) {
    shown.isWaiting = true
    while true {
      let now = MonotonicClock.now
      if now >= time || reception.failure != nil { return }
      // Who asks to stop a second time is not waited for; the first time, answers still are.
      tell(now)
      let next = min(time - now, Self.lookInterval)
      finished.reset()
      if stop.isMade { usleep(UInt32(next / 1000)) } else { poll.wait(nanoseconds: next) }
    }
  }

  /// The drop counters' readings, the last of them taken after a time and after what the capture held back.
  private mutating func readDrops(after time: UInt64) -> DropLog {
    let wanted = time + UInt64(settings.holdBack) * 1_000_000
    while MonotonicClock.now < wanted { usleep(1000) }
    reception.requestReading()
    while true {
      let drops = reception.drops
      if let last = drops.lastReading, last >= wanted { return drops }
      if reception.failure != nil { return drops }
      usleep(500)
    }
  }

  private mutating func tell(_ now: UInt64) {
    guard now >= nextLook else { return }
    nextLook = now + Self.lookInterval
    shown.sent = report.sent + (shown.isWaiting ? 0 : UInt64(shown.sentInRound))
    shown.counters = reception.withCollector { $0.counters }
    shown.rate = rate * throttle.factor
    progress(shown)
  }

  /// Closes the captures and sums up.
  private mutating func finish(failure: SweepFailure?) -> SweepReport {
    reception.stop()
    // An answer may have come, and been handed over, since the position was taken.
    report.interruptedAt?.settled = reception.withCollector { $0.settled }
    report.failure = failure ?? reception.failure
    report.counters = reception.withCollector { $0.counters }
    nextLook = 0
    shown.isWaiting = true
    tell(MonotonicClock.now)
    guard report.interruptedAt == nil, report.failure == nil else { return report }
    let failed = reception.handOverUnsettled(rounds) { silent, unknown in
      report.silent = silent
      report.unknown = unknown
    }
    report.failure = failed
    return report
  }
}
