import Observations

/// When each round begins: a state machine that is told the time and what came of rounds, and tells what to do next.
/// It reads no clock and rolls no dice but those of its seed.
///
/// * One round at a time, since all share one rate. Of several that are due the one goes first that has been due for
///   longest, so that none starves, however long the others take.
/// * Intervals are counted from beginning to beginning on the steady clock, each up to a tenth longer or shorter by
///   chance: rounds settle on no minute of the hour, and a wall clock that jumps moves none.
/// * A round that takes longer than its interval is followed by a pause of a tenth of it, and the beats that it
///   missed are counted and not made up for.
/// * What is overdue when the daemon starts, or when maintenance ends, is run once, after a pause of its own; the very
///   first round of all begins at once.
/// * A round of which nothing came is tried again after a quarter of its interval, ten minutes at most.
/// * A change is looked at again soon: a round of the same kind over the hosts in doubt. Between two of these a round
///   that is due comes first.
public struct Schedule: Sendable {
  /// A round to be run now.
  public struct Order: Sendable, Hashable {
    /// What it asks.
    public var kind: RoundKind
    /// The hosts in doubt; `nil`: all.
    public var hosts: Set<String>?
    /// Agencies whose hosts are left alone now.
    public var resting: Set<String>

    /// An order.
    public init(kind: RoundKind, hosts: Set<String>? = nil, resting: Set<String> = []) {
      self.kind = kind
      self.hosts = hosts
      self.resting = resting
    }
  }

  /// What to do next.
  public enum Step: Sendable, Hashable {
    /// Run this round, and call `finished` when it has ended, in whatever way.
    case run(Order)
    /// Ask again at this time of the steady clock, or earlier if anything happens.
    case wait(until: UInt64)
  }

  /// By kind: beats that were missed because rounds took too long.
  public private(set) var missed: [RoundKind: Int] = [:]
  /// The round under way.
  public private(set) var running: Order?

  private var plan: SchedulePlan
  private var due: [RoundKind: UInt64] = [:]
  private var retests: [RoundKind: (hosts: Set<String>, due: UInt64)] = [:]
  private var lastWasRetest = false
  private var wasResting = false
  private var random: Chance

  /// The wall clock may jump, and windows are of the wall clock: it is looked at as often as this.
  private static let longestWait: UInt64 = 60 * second
  private static let second: UInt64 = 1_000_000_000
  private static let longestSpread: UInt64 = 600 * second

  /// A schedule.
  ///
  /// - Parameters:
  ///   - lastStarts: when the last round of each kind began, as far as it is known. A moment in the future is not.
  ///   - seed: what chance begins with; another one on each machine.
  public init(_ plan: SchedulePlan, lastStarts: [RoundKind: Timestamp], seed: UInt64, now: Moment) {
    self.plan = plan
    random = Chance(seed: seed)
    for kind in plan.kinds { due[kind] = first(kind, after: lastStarts[kind], now: now) }
  }

  /// Takes another plan. Rounds whose interval is the same keep their beat; a shorter interval does not have to wait
  /// for the end of a long one.
  public mutating func replace(_ plan: SchedulePlan, now: Moment) {
    let old = self.plan
    self.plan = plan
    for kind in RoundKind.allCases where plan.intervals[kind] != old.intervals[kind] {
      guard plan.intervals[kind] != nil else {
        due[kind] = nil
        retests[kind] = nil
        continue
      }
      let fresh = now.steady &+ spread(kind)
      due[kind] = due[kind].map { min($0, now.steady &+ interval(kind)) } ?? fresh
    }
  }

  /// What to do now. A round that is ordered counts as begun.
  public mutating func next(_ now: Moment, local: LocalTime) -> Step {
    let later = Step.wait(until: now.steady &+ Self.longestWait)
    if running != nil { return later }
    guard !plan.maintenance.isEmpty else { return next(now, resting: []) ?? .wait(until: soonest) }
    let windows = plan.maintenance.filter { $0.contains(local) }
    if windows.contains(where: \.agencies.isEmpty) {
      wasResting = true
      return later
    }
    if wasResting {
      wasResting = false
      for kind in plan.kinds where due[kind] ?? .max <= now.steady {
        due[kind] = now.steady &+ spread(kind)
      }
    }
    let resting = windows.reduce(into: Set<String>()) { $0.formUnion($1.agencies) }
    return next(now, resting: resting) ?? .wait(until: min(soonest, now.steady &+ Self.longestWait))
  }

  /// When the next round is due; far away without any.
  private var soonest: UInt64 { min(due.values.min() ?? .max, retests.values.map(\.due).min() ?? .max) }

  private mutating func next(_ now: Moment, resting: Set<String>) -> Step? {
    let regular = longestDue(now)
    if let kind = retest(now), !(lastWasRetest && regular != nil) {
      let hosts = retests.removeValue(forKey: kind)?.hosts ?? []
      return begin(Order(kind: kind, hosts: hosts, resting: resting), now)
    }
    return regular.map { begin(Order(kind: $0, resting: resting), now) }
  }

  /// The round under way has ended.
  ///
  /// - Parameters:
  ///   - doubtful: hosts that looked otherwise than before, to be looked at again soon.
  ///   - failed: whether nothing came of it: it is tried again sooner than the next one is due.
  public mutating func finished(_ now: Moment, doubtful: Set<String> = [], failed: Bool = false) {
    guard let order = running else { return }
    running = nil
    if failed, order.hosts == nil, let next = due[order.kind] {
      let soon = now.steady &+ min(interval(order.kind) / 4, Self.longestSpread)
      due[order.kind] = min(next, random.around(soon - now.steady) &+ now.steady)
    }
    if !doubtful.isEmpty, plan.intervals[order.kind] != nil {
      let soon = now.steady &+ random.around(plan.retest &* Self.second)
      let before = retests[order.kind]
      retests[order.kind] = (doubtful.union(before?.hosts ?? []), min(soon, before?.due ?? .max))
    }
    guard order.hosts == nil, let next = due[order.kind], next <= now.steady else { return }
    let interval = interval(order.kind)
    missed[order.kind, default: 0] += Int((now.steady - next) / interval) + 1
    due[order.kind] = now.steady &+ interval / 10
  }

  private mutating func begin(_ order: Order, _ now: Moment) -> Step {
    running = order
    lastWasRetest = order.hosts != nil
    if order.hosts == nil {
      // The whole rubric has asked what every other kind asks.
      for kind in order.kind == .full ? plan.kinds : [order.kind] where due[kind] != nil {
        due[kind] = now.steady &+ random.around(interval(kind))
        retests[kind] = nil
      }
    }
    return .run(order)
  }

  /// The kind that has been due for longest.
  private func longestDue(_ now: Moment) -> RoundKind? {
    due.filter { $0.value <= now.steady }.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  private func retest(_ now: Moment) -> RoundKind? {
    retests.filter { $0.value.due <= now.steady }.min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }?.key
  }

  /// When the first round of a kind begins.
  private mutating func first(_ kind: RoundKind, after last: Timestamp?, now: Moment) -> UInt64 {
    let pause = spread(kind)
    // Whoever has just installed it waits for its first round.
    if last == nil, kind == .full { return now.steady }
    guard let last, last <= now.wall else { return now.steady &+ pause }
    let age = UInt64(now.wall.microseconds - last.microseconds) &* 1000
    let interval = interval(kind)
    return now.steady &+ (age < interval ? max(pause, interval - age) : pause)
  }

  private func interval(_ kind: RoundKind) -> UInt64 { (plan.intervals[kind] ?? 1) &* Self.second }

  private mutating func spread(_ kind: RoundKind) -> UInt64 {
    random.below(min(interval(kind) / 4, Self.longestSpread) + 1)
  }
}

extension SchedulePlan {
  fileprivate var kinds: [RoundKind] { intervals.keys.sorted() }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed.
private struct Chance: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`.
  mutating func below(_ bound: UInt64) -> UInt64 { bound.multipliedFullWidth(by: next()).high }

  /// A number up to a tenth above or below.
  mutating func around(_ value: UInt64) -> UInt64 { value - value / 10 &+ below(value / 5 + 1) }
}
