import CLinux
import Glibc
import Observations
import Probing
import Synchronization
import Wire

/// Directs a sweep: has its rounds sent, watches over them, and sums up. Lives in a thread of its own.
struct SweepRun: ~Copyable {
  private let probe: SweepProbe
  private let scope: Scope
  private let settings: SweepSettings
  private let key: SipHashKey
  private let interfaces: [NetworkInterface]
  private let interface: Int32?
  private let reception: SweepReception
  private let stop: StopRequest
  private let progress: @Sendable (SweepProgress) -> Void

  private var course: SweepCourse
  private var report = SweepReport()
  private var shown = SweepProgress()
  private var poll: PollSet
  /// Signalled by each sender that is done.
  private let finished: Wakeup
  private var nextLook: UInt64 = 0
  /// Whether the senders were asked for marks that did not come yet.
  private var awaitsMarks = false

  private static let lookInterval: UInt64 = 100_000_000

  /// Sweeps, from the first packet to the last reply.
  static func run(
    _ plan: SweepPlan, from position: SweepPosition?, scope: Scope, settings: SweepSettings,
    over listener: SweepListener, sink: SweepSink, stop: StopRequest,
    progress: @escaping @Sendable (SweepProgress) -> Void
  ) throws(PacketIOError) -> SweepReport {
    let interfaces = try NetworkInterface.all()
    let wanted = try settings.interface.map { name throws(PacketIOError) in try interfaces.named(name) }
    // Relocating and starting up touches far more of the program than sweeping does.
    ProcessMemory.giveBackPagesOfProgram()
    let key = SipHashKey.random()
    let finished = try Wakeup()
    let reception = try SweepReception(
      SweepCollector(plan, key: key, from: position), filter: plan.captureFilter, over: listener, sink: sink)
    var run = SweepRun(
      plan.probe, SweepCourse(plan, settings.course, from: position), scope: scope, settings: settings,
      key: key, interfaces: interfaces, interface: wanted?.index, reception: reception, finished: finished,
      stop: stop, progress: progress)
    return run.finish(failure: run.loop())
  }

  private init(
    _ probe: SweepProbe, _ course: SweepCourse, scope: Scope, settings: SweepSettings, key: SipHashKey,
    interfaces: [NetworkInterface], interface: Int32?, reception: consuming SweepReception, finished: Wakeup,
    stop: StopRequest, progress: @escaping @Sendable (SweepProgress) -> Void
  ) {
    self.probe = probe
    self.course = course
    self.scope = scope
    self.settings = settings
    self.key = key
    self.interfaces = interfaces
    self.interface = interface
    self.reception = reception
    self.stop = stop
    self.progress = progress
    self.finished = finished
    poll = PollSet([stop.wakeup.descriptor, finished.descriptor])
  }
}

extension SweepRun {
  /// Goes through the rounds.
  private mutating func loop() -> SweepFailure? {
    while let round = course.begin(
      settled: reception.withCollector({ $0.settled }), now: MonotonicClock.now)
    {
      let number = course.rounds.number
      reception.withCollector { $0.lastAttempt = max($0.lastAttempt, number) }
      (shown.round, shown.planned) = (number, round.planned)
      do throws(PacketIOError) { try send(round.senders) } catch { return .packets(error) }
      wait(until: course.answersUntil)
      if let failure = reception.failure { return failure }
      let drops = readDrops(after: course.answersUntil)
      if stop.isMade {
        report.interruptedAt = course.interrupt(drops: drops)
        return nil
      }
      course.close(drops: drops)
      if settings.checkpointInterval != nil { reception.keep(course.betweenRounds) }
      report.rounds += 1
    }
    wait(until: course.lastSent + settings.cooldown)
    return reception.failure
  }

  /// Sends one round with all senders, and watches over them.
  private mutating func send(_ senders: [SweepSender]) throws(PacketIOError) {
    var states: [SweepTransmissionState] = []
    do throws(PacketIOError) {
      for sender in senders { states.append(try start(sender, rate: course.currentRate)) }
    } catch {
      for state in states { state.stop.store(true, ordering: .relaxed) }
      while !states.allSatisfy({ $0.isDone.load(ordering: .acquiring) }) { usleep(1000) }
      throw error
    }
    awaitsMarks = false
    watch(states)
    var ended: [SweepSender] = []
    for state in states {
      guard let share = try state.result.withLock({ $0 })?.get() else { continue }
      ended.append(share.sender)
      report.sent += share.sent
      report.refusedByScope += share.refused
    }
    course.end(ended)
  }

  /// Starts the thread of a sender.
  private func start(_ sender: SweepSender, rate: Double) throws(PacketIOError) -> SweepTransmissionState {
    let state = SweepTransmissionState(rate: rate)
    let (probe, key, scope, interface, interfaces) = (probe, key, scope, interface, interfaces)
    let (finished, ears) = (finished, reception.ears)
    try DedicatedThread("v6audit-send") {
      let result = Result { () throws(PacketIOError) in
        var transmission = try SweepTransmission(
          sender, scope: scope, interface: interface, interfaces: interfaces, ears: ears, state: state
        ) { SweepTemplate(probe, source: $0, key: key) }
        return try transmission.run()
      }
      state.result.withLock { $0 = result }
      state.isDone.store(true, ordering: .releasing)
      finished.signal()
    }.detach()
    return state
  }

  /// Until all senders are done: progress, rate, positions, the request to stop.
  private mutating func watch(_ states: [SweepTransmissionState]) {
    var isStopping = false
    shown.isWaiting = false
    while true {
      let isDone = states.allSatisfy { $0.isDone.load(ordering: .acquiring) }
      takeNotSent(states)
      shown.sentInRound = states.reduce(0) { $0 + $1.sent.load(ordering: .relaxed) }
      if isDone { break }
      if !isStopping, stop.isMade || reception.failure != nil {
        isStopping = true
        for state in states { state.stop.store(true, ordering: .relaxed) }
      }
      let now = MonotonicClock.now
      adapt(states, now)
      takeMarks(states, now)
      keep()
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
    let rate = course.adapt(
      sent: report.sent + UInt64(shown.sentInRound), reception.withCollector { $0.counters }, now: now)
    guard let rate else { return }
    for state in states { state.rate.store(rate.bitPattern, ordering: .relaxed) }
  }

  /// Asks the senders for marks when it is time, and takes them when all are there. A sender that is done by then gives
  /// none; the round is over soon, and a position is kept then.
  private mutating func takeMarks(_ states: [SweepTransmissionState], _ now: UInt64) {
    if !awaitsMarks {
      guard course.isMarkDue(now: now) else { return }
      awaitsMarks = true
      for state in states { state.isMarkWanted.store(true, ordering: .relaxed) }
      return
    }
    guard states.allSatisfy({ $0.mark.withLock { $0 != nil } }) else { return }
    awaitsMarks = false
    course.note(
      states.compactMap { state in
        state.mark.withLock { mark in
          defer { mark = nil }
          return mark
        }
      })
  }

  /// Has a position kept if there is one: everything that arrived up to some time was looked at.
  private mutating func keep() {
    guard settings.checkpointInterval != nil else { return }
    let (drops, seen) = reception.readings
    if let position = course.position(seen: seen, drops: drops) { reception.keep(position) }
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

  private mutating func wait(until time: UInt64) {
    shown.isWaiting = true
    while true {
      let now = MonotonicClock.now
      if now >= time || reception.failure != nil { return }
      keep()
      // Who asks to stop a second time is not waited for; the first time, answers still are.
      tell(now)
      let next = min(time - now, Self.lookInterval)
      finished.reset()
      if stop.isMade { usleep(UInt32(next / 1000)) } else { poll.wait(nanoseconds: next) }
    }
  }

  /// The drop counters' readings, the last of them taken when everything was looked at that had arrived by a time.
  private func readDrops(after time: UInt64) -> DropLog {
    let (now, held) = (MonotonicClock.now, UInt64(settings.holdBack) * 1_000_000)
    if time + held > now { usleep(UInt32((time + held - now) / 1000 + 1)) }
    while reception.failure == nil {
      let (drops, seen) = reception.readings
      if seen >= time { return drops }
      reception.requestReading()
      usleep(200)
    }
    return reception.readings.drops
  }

  private mutating func tell(_ now: UInt64) {
    guard now >= nextLook else { return }
    nextLook = now + Self.lookInterval
    shown.sent = report.sent + (shown.isWaiting ? 0 : UInt64(shown.sentInRound))
    shown.counters = reception.withCollector { $0.counters }
    shown.rate = course.currentRate
    progress(shown)
  }

  /// Closes the captures and sums up.
  private mutating func finish(failure: SweepFailure?) -> SweepReport {
    reception.stop()
    // An answer may have come, and been handed over, since the position was taken.
    if var position = report.interruptedAt {
      reception.withCollector { $0.complete(&position) }
      report.interruptedAt = position
    }
    report.failure = failure ?? reception.failure
    report.counters = reception.withCollector { $0.counters }
    nextLook = 0
    shown.isWaiting = true
    tell(MonotonicClock.now)
    guard report.interruptedAt == nil, report.failure == nil else { return report }
    let failed = reception.handOverUnsettled(course.rounds) { silent, unknown in
      report.silent = silent
      report.unknown = unknown
    }
    report.failure = failed
    return report
  }
}
