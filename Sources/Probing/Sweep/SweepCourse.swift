/// The course of a sweep: begins its rounds, keeps the rate, and says where it stands. The driver does the sending, the
/// receiving and the waiting.
///
/// The driver calls `begin`, has the senders send, calls `adapt` and whatever is due of `isMarkDue` and `position` meanwhile,
/// hands the senders back with `end`, waits until `answersUntil`, and calls `close`; and so on until `begin` has nothing
/// more. A driver that is interrupted lets its senders stop in the middle of a round, waits in the same way, and calls
/// `interrupt` instead of `close`.
public struct SweepCourse: Sendable {
  /// How the rounds are carried out.
  public struct Settings: Sendable {
    /// How fast.
    public var pace: SweepPace
    /// How long an answer may take, in nanoseconds.
    public var wait: UInt64
    /// Among how many senders the places are divided.
    public var senders = 1
    /// Whether signs of rate limits slow it down.
    public var isAdaptive = false
    /// How often a position is to be kept, in nanoseconds; `nil` for never.
    public var checkpointInterval: UInt64?

    /// Settings for one sender.
    public init(pace: SweepPace, wait: UInt64) {
      self.pace = pace
      self.wait = wait
    }
  }

  /// Which rounds there were, and what their silence is worth.
  public private(set) var rounds: SweepRounds
  /// When the last packet of all left, in nanoseconds; 0 before the first.
  public private(set) var lastSent: UInt64 = 0
  /// Packets per second asked for now.
  public var currentRate: Double { rate * throttle.factor }
  /// Until when answers to the round that ended may come, in nanoseconds.
  public var answersUntil: UInt64 { lastSent + settings.wait }

  private let plan: SweepPlan
  private let settings: Settings
  private var throttle = SweepThrottle()
  /// Halved in a round that follows one with drops.
  private var rate: Double
  /// They know what they sent last.
  private var senders: [SweepSender] = []
  /// What is left of the round that was under way, if the sweep goes on.
  private var resumed: [SweepPosition.Share]
  /// Packets handed out before the round.
  private var sentBefore: UInt64 = 0
  /// Marks whose answers are still waited for, the oldest first.
  private var marks: [[SweepMark]] = []
  private var nextMark: UInt64 = 0

  /// A course from the beginning of a plan, or from where it stood.
  public init(_ plan: SweepPlan, _ settings: Settings, from position: SweepPosition? = nil) {
    self.plan = plan
    self.settings = settings
    rounds = SweepRounds(plan, from: position)
    rate = settings.pace.rate
    resumed = position?.shares ?? []
  }

  /// Begins the next round.
  ///
  /// - Parameter settled: the places with an outcome.
  /// - Returns: the senders that have to send it, each in a thread of its own if one likes, and how many targets they ask;
  ///   `nil` when the sweep is over.
  public mutating func begin(settled: PlaceSet, now: UInt64) -> (senders: [SweepSender], planned: Int)? {
    guard let skipped = rounds.skipped(settled: settled) else { return nil }
    var shares = resumed
    resumed = []
    if shares.isEmpty { shares = Self.shares(of: plan.count, among: settings.senders) }
    let pace = each(of: shares.count)
    senders = shares.map { share in
      var sender =
        senders.first { $0.places == share.places } ?? SweepSender(plan, places: share.places, pace: pace)
      sender.slow(to: pace.rate)
      sender.begin(
        round: rounds.number, skipping: skipped, from: share.cursor, waiting: share.waiting, now: now)
      return sender
    }
    sentBefore = senders.reduce(0) { $0 + $1.sent }
    throttle.beginRound()
    return (senders, skipped.capacity - skipped.count)
  }

  /// Looks for signs of rate limits, about ten times a second.
  ///
  /// - Parameter sent: packets in all rounds.
  /// - Returns: what each sender may send per second from now on, if that changes.
  public mutating func adapt(sent: UInt64, _ counters: SweepCounters, now: UInt64) -> Double? {
    guard settings.isAdaptive, settings.pace.rate < 1e9 else { return nil }
    let isChanged = throttle.note(
      sent: sent, answered: counters.answered + counters.closed, rejected: counters.rejected, now: now)
    return isChanged ? each(of: senders.count).rate : nil
  }

  /// Takes the senders back: all of the round has left, or it was interrupted.
  public mutating func end(_ senders: [SweepSender]) {
    self.senders = senders
    lastSent = max(lastSent, senders.compactMap(\.log.end).max() ?? 0)
  }

  /// Closes the round under way; its answers have been waited for.
  ///
  /// - Parameter drops: readings of the capture's counters, the last of them after the wait.
  public mutating func close(drops: DropLog) {
    rounds.note(senders.map(\.log), wait: settings.wait, drops: drops)
    rounds.close()
    marks = []
    if rounds.wasDisturbed { rate = slower() }
  }

  /// The places, divided among senders.
  private static func shares(of count: Int, among senders: Int) -> [SweepPosition.Share] {
    (0..<senders).map { number in
      let places = count * number / senders..<count * (number + 1) / senders
      return SweepPosition.Share(places: places, cursor: places.lowerBound, waiting: [])
    }
  }

  private func each(of senders: Int) -> SweepPace {
    SweepPace(rate: currentRate, prefixRate: settings.pace.prefixRate).divided(among: senders)
  }

  /// After drops: half of what was really sent in that round.
  private func slower() -> Double {
    let logs = senders.map(\.log)
    guard let first = logs.compactMap(\.start).min(), let last = logs.compactMap(\.end).max(), last > first
    else { return rate / 2 }
    let sent = Double(senders.reduce(0) { $0 + $1.sent } - sentBefore)
    return min(rate, max(100, min(rate, sent / (Double(last - first) / 1e9)) / 2))
  }
}

extension SweepCourse {
  /// Whether all senders should be asked for a mark now: each gives one when all it handed out has left.
  public mutating func isMarkDue(now: UInt64) -> Bool {
    guard let interval = settings.checkpointInterval, now >= nextMark else { return false }
    // A long wait must not let marks pile up, each of which may hold thousands of places.
    nextMark = now + max(interval, settings.wait / 4)
    return true
  }

  /// Takes the marks of all senders of the round under way, made at about the same time.
  public mutating func note(_ marks: [SweepMark]) { self.marks.append(marks) }

  /// A position to be kept, to which the collector adds what it knows; `nil` if there is none to keep.
  ///
  /// It is that of marks so old that every answer to what had been sent by then was looked at: whoever is not settled was
  /// silent, and need not be asked again. So nothing is lost if the sweep ends here without a warning, however often.
  ///
  /// - Parameters:
  ///   - seen: everything that arrived until then was looked at, in nanoseconds.
  ///   - drops: readings of the capture's counters, the last of them not before `seen`.
  public mutating func position(seen: UInt64, drops: DropLog) -> SweepPosition? {
    func isRipe(_ marks: [SweepMark]) -> Bool { marks.allSatisfy { $0.time + settings.wait <= seen } }
    guard let last = marks.lastIndex(where: isRipe) else { return nil }
    let ripe = marks[last]
    marks.removeFirst(last + 1)
    return position(ripe, drops)
  }

  /// Where it stands when the senders stopped in the middle of a round, or between two rounds.
  public func interrupt(drops: DropLog) -> SweepPosition {
    position(senders.map { $0.mark(now: lastSent) }, drops)
  }

  /// Where it stands between two rounds.
  public var betweenRounds: SweepPosition { SweepPosition(rounds, shares: []) }

  private func position(_ marks: [SweepMark], _ drops: DropLog) -> SweepPosition {
    var rounds = rounds
    rounds.note(marks.map(\.log), wait: settings.wait, drops: drops)
    return SweepPosition(rounds, shares: marks.map(\.share))
  }
}
