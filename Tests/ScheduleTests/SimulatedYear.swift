import Observations
import Schedule
import SeededRandom

/// A daemon's year, from event to event: rounds that take as long as chance has it, a wall clock that jumps, a machine
/// that is switched off.
struct SimulatedYear {
  struct Round {
    var order: Schedule.Order
    var began: Moment
    var ended: Moment
    var local: LocalTime
    /// How often the daemon had been started by then.
    var life: Int
  }

  static let second: UInt64 = 1_000_000_000
  static let day: UInt64 = 86_400 * second

  var plan: SchedulePlan
  var random: SplitMix64
  /// Seconds that a round takes, at least and at most.
  var duration: (RoundKind) -> ClosedRange<UInt64> = { _ in 5...60 }
  /// The wall clock jumps once in so many rounds, by up to two days either way; 0: never.
  var jumpsOnceIn = 0
  /// The machine is off once in so many rounds, for up to ten days; 0: never.
  var isOffOnceIn = 0
  /// A round finds hosts in doubt once in so many; 0: never.
  var doubtsOnceIn = 0

  private(set) var rounds: [Round] = []
  private(set) var missed: [RoundKind: Int] = [:]

  init(_ plan: SchedulePlan, seed: UInt64) {
    self.plan = plan
    random = SplitMix64(seed: seed)
  }

  /// The wall clock of a place seven hours ahead of UTC.
  static func local(_ wall: Timestamp) -> LocalTime {
    let there = Timestamp(microseconds: wall.microseconds + 7 * 3_600_000_000)
    let minutes = there.microseconds / 60_000_000
    return LocalTime(day: there.day, minute: Int(minutes - minutes / 1440 * 1440))
  }

  mutating func run(days: UInt64 = 365) {
    var steady: UInt64 = 1 << 40
    let end = steady + days * Self.day
    var offset: Int64 = 1_700_000_000_000_000
    var life = 0
    var starts: [RoundKind: Timestamp] = [:]
    func now() -> Moment {
      Moment(wall: Timestamp(microseconds: offset + Int64(steady / 1000)), steady: steady)
    }
    var schedule = Schedule(plan, lastStarts: starts, seed: random.next(), now: now())
    while steady < end {
      switch schedule.next(now(), local: Self.local(now().wall)) {
      case .wait(let until):
        precondition(until > steady, "waiting for what is past would never end")
        steady = until
      case .run(let order):
        let began = now()
        if order.hosts == nil { starts[order.kind] = began.wall }
        let range = duration(order.kind)
        steady += (range.lowerBound + random.below(range.upperBound - range.lowerBound + 1)) * Self.second
        let doubtful: Set<String> =
          doubtsOnceIn > 0 && random.onceIn(doubtsOnceIn) ? ["host-\(random.below(10))"] : []
        schedule.finished(now(), doubtful: doubtful)
        rounds.append(
          Round(
            order: order, began: began, ended: now(), local: Self.local(began.wall), life: life))
        if jumpsOnceIn > 0, random.onceIn(jumpsOnceIn) {
          offset += Int64(random.below(4 * 86_400 as UInt64)) * 1_000_000 - 2 * 86_400_000_000
        }
        if isOffOnceIn > 0, random.onceIn(isOffOnceIn) {
          steady += random.below(10 * Self.day)
          for (kind, count) in schedule.missed { missed[kind, default: 0] += count }
          schedule = Schedule(plan, lastStarts: starts, seed: random.next(), now: now())
          life += 1
        }
      }
    }
    for (kind, count) in schedule.missed { missed[kind, default: 0] += count }
  }

  /// Beginnings of the rounds over all hosts, in one life, by kind.
  func beginnings(_ kind: RoundKind, covering: Set<RoundKind> = []) -> [[UInt64]] {
    let mine = rounds.filter {
      $0.order.hosts == nil && ($0.order.kind == kind || covering.contains($0.order.kind))
    }
    return Dictionary(grouping: mine, by: \.life).sorted { $0.key < $1.key }.map {
      $0.value.map(\.began.steady)
    }
  }
}
