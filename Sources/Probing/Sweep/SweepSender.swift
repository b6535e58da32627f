import Wire

/// The sending half of a sweep over a range of places: hands out one target after the other, at the pace asked for.
/// Each sending thread has one of its own.
public struct SweepSender: Sendable {
  /// What the driver has to do next.
  public enum Step: Sendable, Hashable {
    /// Send the packet of this round to this target now. It counts as sent.
    case send(place: Int, target: IPAddress)
    /// Nothing may be sent before this time.
    case wait(until: UInt64)
    /// All places of the round were sent to.
    case finished
  }

  /// The places of this sender.
  public let places: Range<Int>
  /// The round that is under way: the try each packet carries, from 0.
  public private(set) var round = 0
  /// Packets handed out in all rounds.
  public private(set) var sent: UInt64 = 0
  /// The next place that was not handed out.
  public private(set) var cursor: Int
  /// When what was sent in this round.
  public private(set) var log: SendLog

  private let plan: SweepPlan
  private var skipped: PlaceSet
  private var limit: RateLimit
  private var arrival: UInt64 = 0
  private var prefixes: PrefixQueue?

  /// A sender for `places` of a plan, which has nothing to do before `begin`.
  public init(_ plan: SweepPlan, places: Range<Int>, pace: SweepPace) {
    self.plan = plan
    self.places = places
    cursor = places.upperBound
    log = SendLog(places)
    skipped = PlaceSet(capacity: 0)
    limit = RateLimit(rate: pace.rate, slack: SweepPace.slack)
    prefixes = pace.prefixRate < 1e9 ? PrefixQueue(rate: pace.prefixRate, slack: SweepPace.slack) : nil
  }

  /// Begins a round. What was sent in the one before still counts for the pace.
  ///
  /// - Parameters:
  ///   - round: the try its packets carry.
  ///   - skipped: the places that need none.
  ///   - from: the first place; the ones before it have had theirs, save those in `waiting`.
  ///   - waiting: places before `from` that are still to be sent to, of a round that was interrupted.
  public mutating func begin(
    round: Int, skipping skipped: PlaceSet, from: Int? = nil, waiting: [Int] = [], now: UInt64
  ) {
    self.round = round
    self.skipped = skipped
    log.clear()
    prefixes?.removeAll()
    backlog = waiting.filter { !skipped.contains($0) }
    moveCursor(to: from ?? places.lowerBound)
  }

  /// Places of an interrupted round that come first.
  private var backlog: [Int] = []

  /// Changes the rate, in packets/s.
  public mutating func slow(to rate: Double) { limit = RateLimit(rate: rate, slack: SweepPace.slack) }

  /// Notes that the packet handed out last left only now, because its way had to be found first: the pace counts from
  /// there.
  public mutating func noteLate(_ target: IPAddress, now: UInt64) {
    arrival = max(arrival, now + limit.interval)
    prefixes?.noteLate(target, now: now)
  }

  /// How far the round has come at `now`, when everything that was handed out has left.
  public func mark(now: UInt64) -> SweepMark {
    let waiting = backlog + (prefixes?.places ?? [])
    return SweepMark(
      share: SweepPosition.Share(places: places, cursor: cursor, waiting: waiting.sorted()), log: log,
      time: now)
  }

  /// What to do at `now`, which is never less than at any call before.
  @inline(__always)
  public mutating func next(now: UInt64) -> Step {
    let ready = limit.ready(arrival)
    if ready > now { return .wait(until: ready) }
    if prefixes == nil && backlog.isEmpty {
      guard cursor < places.upperBound else { return .finished }
      let place = cursor
      moveCursor(to: place + 1)
      return hand(place, plan.target(at: place), now: now)
    }
    return nextOfMany(now: now)
  }

  private mutating func nextOfMany(now: UInt64) -> Step {
    if let place = prefixes?.popDue(now: now, target: { plan.target(at: $0) }) {
      return hand(place, plan.target(at: place), now: now)
    }
    while prefixes?.isFull != true {
      let place: Int
      if let last = backlog.popLast() {
        place = last
      } else if cursor < places.upperBound {
        place = cursor
        moveCursor(to: place + 1)
      } else {
        break
      }
      let target = plan.target(at: place)
      if prefixes?.admit(place, target, now: now) ?? true { return hand(place, target, now: now) }
    }
    guard let time = prefixes?.nextTime else { return .finished }
    return .wait(until: time)
  }

  @inline(__always)
  private mutating func hand(_ place: Int, _ target: IPAddress, now: UInt64) -> Step {
    arrival = limit.after(arrival, now: now)
    log.note(place, now: now)
    sent += 1
    return .send(place: place, target: target)
  }

  /// Moves the cursor to a place, or to the first behind it that is not skipped.
  @inline(__always)
  private mutating func moveCursor(to place: Int) {
    cursor = min(places.upperBound, skipped.firstAbsent(from: place))
  }
}
