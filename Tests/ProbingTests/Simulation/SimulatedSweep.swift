import Probing
import SeededRandom
import Wire

/// One sweep over a simulated network: a driver without sockets or threads, and a record of all that happened.
struct SimulatedSweep {
  struct Send {
    var time: UInt64
    var place: Int
    var round: Int
    /// Whether it came after the position that was kept last when the sweep was killed.
    var isForgotten = false
  }

  let plan: SweepPlan
  let pace: SweepPace
  /// How long an answer may take, in nanoseconds.
  let wait: UInt64
  var senders = 1
  /// When the capture loses everything.
  var gaps: [Range<UInt64>] = []
  /// Whether signs of rate limits slow it down, as they do a real driver.
  var isAdaptive = false
  /// Places the kernel would not send to.
  var unsendable: Set<Int> = []
  /// After so many packets the sweep is interrupted, and gone on with from its position.
  var interruptions: [Int] = []
  /// When the sweep is killed, without a warning; it is gone on with from the position it kept last.
  var kills: [UInt64] = []

  private(set) var sends: [Send] = []
  private(set) var delivered: [Delivery] = []
  /// How often it was killed.
  private(set) var killed = 0
  /// How many more were delivered before a kill, and nobody knows of them any more.
  private(set) var forgotten = 0
  private(set) var dropped: [Delivery] = []
  /// All findings in the order in which they were made.
  private(set) var findings: [SweepFinding] = []
  private(set) var counters = SweepCounters()
  private(set) var complaints: [String] = []
  private(set) var rounds: SweepRounds
  private(set) var now: UInt64
  let began: UInt64

  private var world: SweepWorld
  private let key: SipHashKey
  private var onTheWay = DeliveryQueue()
  private var drops = DropLog()
  private var noted = 0
  private var nextReading: UInt64 = 0
  private var nextLook: UInt64 = 0
  /// The position that was kept last, and how far the record was then.
  private var kept: Kept?
  /// The marks that are waited for, by their time, and the packets sent by then.
  private var marked: [(time: UInt64, sends: Int)] = []

  private struct Kept {
    var position: SweepPosition
    var findings: Int
    var delivered: Int
    var sends: Int

    init(_ position: SweepPosition, _ sweep: SimulatedSweep, sends: Int) {
      self.position = position
      findings = sweep.findings.count
      delivered = sweep.delivered.count
      self.sends = sends
    }
  }

  private var keepsPositions = false
  /// What was settled when this part of the sweep began.
  private var settledBefore = PlaceSet(capacity: 0)
  private static let readingInterval: UInt64 = 50_000_000

  init(_ plan: SweepPlan, pace: SweepPace, wait: UInt64, world: SweepWorld, start: UInt64 = 1_000_000_000_000)
  {
    self.plan = plan
    self.pace = pace
    self.wait = wait
    self.world = world
    key = SipHashKey(low: world.seed, high: 77)
    rounds = SweepRounds(plan)
    now = start
    began = start
  }

  /// Runs to the end.
  mutating func run() {
    var position: SweepPosition?
    keepsPositions = !kills.isEmpty
    while true {
      switch part(from: position) {
      case .done: return
      case .interrupted(let place): position = place
      case .killed:
        kills.removeFirst()
        killed += 1
        position = kept?.position
        forget()
      }
      // A restart takes its time, and nobody listens meanwhile.
      now += 3_000_000_000
      onTheWay = DeliveryQueue()
      drops = DropLog()
      noted = dropped.count
      nextReading = now
    }
  }

  private enum End {
    case done, killed
    case interrupted(SweepPosition)
  }

  /// What a crash leaves: what the position that was kept last speaks of.
  private mutating func forget() {
    findings.removeSubrange((kept?.findings ?? 0)...)
    forgotten += delivered.count - (kept?.delivered ?? 0)
    delivered.removeSubrange((kept?.delivered ?? 0)...)
    for index in (kept?.sends ?? 0)..<sends.count { sends[index].isForgotten = true }
  }

  /// From a position to the end, or to the next interruption.
  private mutating func part(from position: SweepPosition?) -> End {
    var collector = SweepCollector(plan, key: key, from: position)
    defer { counters.add(collector.counters) }
    var settings = SweepCourse.Settings(pace: pace, wait: wait)
    settings.senders = senders
    settings.isAdaptive = isAdaptive
    settings.checkpointInterval = keepsPositions ? 2_000_000_000 : nil
    var course = SweepCourse(plan, settings, from: position)
    settledBefore = collector.settled
    marked = []
    readDropCounter()
    while let begun = course.begin(settled: collector.settled, now: now) {
      collector.lastAttempt = max(collector.lastAttempt, course.rounds.number)
      var shares = begun.senders
      let isInterrupted = send(&shares, &course, &collector)
      course.end(shares)
      // A driver looks for what the capture held back.
      pass(until: max(now, course.answersUntil) + 10_000_000, &collector) { sweep, collector in
        sweep.keep(&course, collector)
      }
      if isKilled { return .killed }
      readDropCounter()
      if isInterrupted {
        var position = course.interrupt(drops: drops)
        collector.complete(&position)
        kept = Kept(position, self, sends: sends.count)
        return .interrupted(position)
      }
      course.close(drops: drops)
      marked = []
      if keepsPositions {
        var position = course.betweenRounds
        collector.complete(&position)
        kept = Kept(position, self, sends: sends.count)
      }
    }
    rounds = course.rounds
    collector.forEachUnsettled(isSilent: rounds.isSilent) { findings.append($0) }
    return .done
  }

  /// Whether the next kill has come.
  private var isKilled: Bool { kills.first.map { now >= $0 } ?? false }

  /// What a driver does about positions every tenth of a second.
  private mutating func keep(_ course: inout SweepCourse, _ collector: SweepCollector) {
    let seen = nextReading - Self.readingInterval
    guard var position = course.position(seen: seen, drops: drops) else { return }
    collector.complete(&position)
    // Of the marks, the youngest that is old enough.
    while marked.count > 1, marked[1].time + wait <= seen { marked.removeFirst() }
    kept = Kept(position, self, sends: marked.removeFirst().sends)
  }

  /// Sends a round; whether it was interrupted.
  private mutating func send(
    _ shares: inout [SweepSender], _ course: inout SweepCourse, _ collector: inout SweepCollector
  ) -> Bool {
    var limit = 2_000_000
    while !isKilled {
      var waits: [UInt64] = []
      var isSent = false
      look(&shares, &course, collector)
      for index in shares.indices {
        if let next = interruptions.first, sends.count >= next {
          interruptions.removeFirst()
          return true
        }
        switch shares[index].next(now: now) {
        case .send(let place, let target):
          isSent = true
          transmit(place, target, shares[index].round, &collector)
        case .wait(let until):
          if until <= now { complaints.append("told at \(now) to wait until \(until)") }
          waits.append(until)
        case .finished: break
        }
      }
      limit -= 1
      if limit == 0 {
        complaints.append("no end of a round")
        return false
      }
      if isSent {
        now += 1_000
        deliver(&collector)
        continue
      }
      guard let next = waits.min() else { return false }
      pass(until: max(next, now + 1), &collector) { _, _ in }
    }
    return false
  }

  /// What a driver does every tenth of a second.
  private mutating func look(
    _ shares: inout [SweepSender], _ course: inout SweepCourse, _ collector: SweepCollector
  ) {
    guard now >= nextLook else { return }
    nextLook = now + 100_000_000
    if let rate = course.adapt(sent: UInt64(sends.count), collector.counters, now: now) {
      for index in shares.indices { shares[index].slow(to: rate) }
    }
    if course.isMarkDue(now: now) {
      course.note(shares.map { $0.mark(now: now) })
      marked.append((now, sends.count))
    }
    keep(&course, collector)
  }

  private mutating func transmit(
    _ place: Int, _ target: IPAddress, _ round: Int, _ collector: inout SweepCollector
  ) {
    if settledBefore.contains(place) { complaints.append("place \(place) is asked, and was settled before") }
    if unsendable.contains(place) {
      if let finding = collector.notSent(place, .sendFailed) { findings.append(finding) }
      return
    }
    sends.append(Send(time: now, place: place, round: round))
    let template = SweepTemplate(plan.probe, source: target.family == .ipv4 ? vantage4 : vantage6, key: key)
    var bytes = template.bytes
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    template.patch.write(&raw, at: 0, target: target, attempt: round)
    let packet = SentPacket(bytes: bytes)
    if packet.target != target.bytes { complaints.append("a packet for \(target) goes to \(packet.target)") }
    for reply in world.replies(to: packet, target: target, place: place, round: round, now: now) {
      onTheWay.insert(reply)
    }
  }

  /// Lets time pass, at most until the next kill; `body` sees each reading of the drop counter.
  private mutating func pass(
    until time: UInt64, _ collector: inout SweepCollector,
    _ body: (inout SimulatedSweep, SweepCollector) -> Void
  ) {
    while now < time && !isKilled {
      now = min(time, max(now + 1, min(onTheWay.nextTime ?? .max, nextReading)))
      deliver(&collector)
      if now >= nextReading {
        readDropCounter()
        body(&self, collector)
      }
    }
  }

  private mutating func deliver(_ collector: inout SweepCollector) {
    while let delivery = onTheWay.popDue(at: now) {
      if gaps.contains(where: { $0.contains(delivery.time) }) {
        dropped.append(delivery)
        continue
      }
      delivered.append(delivery)
      let bytes = delivery.bytes
      if let finding = collector.receive(bytes.span.bytes) { findings.append(finding) }
    }
  }

  private mutating func readDropCounter() {
    drops.note(UInt64(dropped.count - noted), now: now)
    noted = dropped.count
    nextReading = now + Self.readingInterval
  }

  /// What a target is in this world.
  func kind(of target: IPAddress) -> SweepWorld.Kind { world.kind(of: target) }
}
