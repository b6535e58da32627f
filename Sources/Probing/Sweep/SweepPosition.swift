/// Where a sweep stands: enough to go on later as if it had never stopped. It is a position of a moment after which all
/// answers to what had been sent were waited for; what was sent later is sent again.
public struct SweepPosition: Sendable, Hashable {
  /// A sender's share of a round.
  public struct Share: Sendable, Hashable {
    /// Its places.
    public var places: Range<Int>
    /// The first that was not sent to.
    public var cursor: Int
    /// Places before it that wait for their prefix.
    public var waiting: [Int]

    /// A share.
    public init(places: Range<Int>, cursor: Int, waiting: [Int]) {
      self.places = places
      self.cursor = cursor
      self.waiting = waiting
    }
  }

  /// The round that was under way.
  public var round: Int
  /// What was sent of it; empty between two rounds.
  public var shares: [Share]
  /// Undisturbed tries by chunk; see `SweepRounds`.
  public var undisturbed: [UInt8]
  /// Chunks of the round under way whose answers may have been dropped.
  public var disturbed: [Int]
  /// The places that have their outcome, all answers to what was sent until then included.
  public var settled: PlaceSet
  /// The errors that may pass, of places that have no outcome yet.
  public var passing: PassingErrors

  /// A position in the rounds of a sweep, in which nothing is settled yet.
  init(_ rounds: SweepRounds, shares: [Share]) {
    round = rounds.number
    self.shares = shares
    undisturbed = rounds.undisturbed
    disturbed = rounds.disturbed.sorted()
    settled = PlaceSet(capacity: 0)
    passing = PassingErrors()
  }

  /// A position as it was kept.
  public init(
    round: Int, shares: [Share], undisturbed: [UInt8], disturbed: [Int], settled: PlaceSet,
    passing: PassingErrors
  ) {
    self.round = round
    self.shares = shares
    self.undisturbed = undisturbed
    self.disturbed = disturbed
    self.settled = settled
    self.passing = passing
  }
}
