import Probing
import SeededRandom
import Wire

/// One sweep over a simulated network: a driver without sockets or threads, and a record of all that happened.
struct SimulatedSweep {
  struct Send {
    var time: UInt64
    var place: Int
    var round: Int
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

  private(set) var sends: [Send] = []
  private(set) var delivered: [Delivery] = []
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
  private var throttle = SweepThrottle()
  private var nextLook: UInt64 = 0

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
    repeat {
      position = part(from: position)
      // A restart takes its time, and nobody listens meanwhile.
      if position != nil {
        now += 3_000_000_000
        onTheWay = DeliveryQueue()
        drops = DropLog()
        noted = dropped.count
        nextReading = now
      }
    } while position != nil
  }

  /// From a position to the end, or to the next interruption.
  private mutating func part(from position: SweepPosition?) -> SweepPosition? {
    var collector = SweepCollector(plan, key: key, settled: position?.settled)
    rounds = SweepRounds(plan, from: position)
    var pending = position?.shares ?? []
    var shares: [SweepSender] = []
    readDropCounter()
    while let skipped = rounds.skipped(settled: collector.settled) {
      let round = rounds.number
      collector.lastAttempt = max(collector.lastAttempt, round)
      throttle.beginRound()
      shares = begin(round, skipped, pending, shares)
      pending = []
      let isInterrupted = send(&shares, &collector)
      let end = shares.compactMap(\.log.end).max() ?? now
      pass(until: max(now, end + wait), &collector)
      // A driver reads the counter after what the capture held back.
      now += 10_000_000
      deliver(&collector)
      readDropCounter()
      rounds.note(shares.map(\.log), wait: wait, drops: drops)
      if isInterrupted {
        counters.add(collector.counters)
        return stand(shares, collector)
      }
      rounds.close()
    }
    collector.forEachUnsettled(isSilent: rounds.isSilent) { findings.append($0) }
    counters.add(collector.counters)
    return nil
  }

  private func begin(
    _ round: Int, _ skipped: PlaceSet, _ pending: [SweepPosition.Share], _ earlier: [SweepSender]
  ) -> [SweepSender] {
    let each = pace.divided(among: senders)
    return (0..<senders).map { number in
      let places = plan.count * number / senders..<plan.count * (number + 1) / senders
      let share = pending.first { $0.places == places }
      var sender = earlier.first { $0.places == places } ?? SweepSender(plan, places: places, pace: each)
      sender.begin(
        round: round, skipping: skipped, from: share?.cursor, waiting: share?.waiting ?? [], now: now)
      return sender
    }
  }

  private func stand(_ senders: [SweepSender], _ collector: SweepCollector) -> SweepPosition {
    var senders = senders
    let shares = senders.indices.map { index in
      let waiting = senders[index].removeWaiting()
      return SweepPosition.Share(
        places: senders[index].places, cursor: senders[index].cursor, waiting: waiting)
    }
    return SweepPosition(rounds, shares: shares, settled: collector.settled, isClean: true)
  }

  /// Sends a round; whether it was interrupted.
  private mutating func send(_ shares: inout [SweepSender], _ collector: inout SweepCollector) -> Bool {
    var limit = 2_000_000
    while true {
      var waits: [UInt64] = []
      var isSent = false
      adapt(&shares, collector)
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
      pass(until: max(next, now + 1), &collector)
    }
  }

  /// What a driver does every tenth of a second.
  private mutating func adapt(_ shares: inout [SweepSender], _ collector: SweepCollector) {
    guard isAdaptive, now >= nextLook else { return }
    nextLook = now + 100_000_000
    let seen = collector.counters
    let isChanged = throttle.note(
      sent: UInt64(sends.count), answered: seen.answered + seen.closed, rejected: seen.rejected, now: now)
    guard isChanged else { return }
    let each = SweepPace(rate: pace.rate * throttle.factor, prefixRate: .infinity).divided(
      among: shares.count)
    for index in shares.indices { shares[index].slow(to: each.rate) }
  }

  private mutating func transmit(
    _ place: Int, _ target: IPAddress, _ round: Int, _ collector: inout SweepCollector
  ) {
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

  /// Lets time pass.
  private mutating func pass(until time: UInt64, _ collector: inout SweepCollector) {
    while now < time {
      now = min(time, max(now + 1, min(onTheWay.nextTime ?? .max, nextReading)))
      deliver(&collector)
      if now >= nextReading { readDropCounter() }
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
    nextReading = now + 50_000_000
  }

  /// What a target is in this world.
  func kind(of target: IPAddress) -> SweepWorld.Kind { world.kind(of: target) }
}
