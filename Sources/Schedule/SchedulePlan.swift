import Observations

/// How often each kind of round is wanted, and when not.
public struct SchedulePlan: Sendable, Hashable {
  /// Seconds from the beginning of a round to the next of its kind; a kind that is missing has no rounds.
  public var intervals: [RoundKind: UInt64]
  /// Seconds until a change is looked at again.
  public var retest: UInt64
  /// When hosts are left alone.
  public var maintenance: [MaintenanceWindow]

  /// A plan. Intervals and `retest` are at least a second; shorter ones count as one.
  public init(
    intervals: [RoundKind: UInt64], retest: UInt64 = 120, maintenance: [MaintenanceWindow] = []
  ) {
    self.intervals = intervals.mapValues { max(1, $0) }
    self.retest = max(1, retest)
    self.maintenance = maintenance
  }
}
