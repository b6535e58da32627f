/// Where a sweep stands: enough to go on later as if it had never stopped.
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
  /// The places that have their outcome.
  public var settled: PlaceSet
  /// Whether all answers to what was sent had been waited for. If not, what was asked in this round and has not
  /// answered is asked once more.
  public var isClean: Bool

  /// A position in the rounds of a sweep.
  public init(_ rounds: SweepRounds, shares: [Share], settled: PlaceSet, isClean: Bool) {
    round = rounds.number
    self.shares = shares
    undisturbed = rounds.undisturbed
    disturbed = rounds.disturbed.sorted()
    self.settled = settled
    self.isClean = isClean
  }

  /// A position as it was kept.
  public init(
    round: Int, shares: [Share], undisturbed: [UInt8], disturbed: [Int], settled: PlaceSet, isClean: Bool
  ) {
    self.round = round
    self.shares = shares
    self.undisturbed = undisturbed
    self.disturbed = disturbed
    self.settled = settled
    self.isClean = isClean
  }
}
