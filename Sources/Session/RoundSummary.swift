import Audit
import Observations
import Readiness
import Reporting

/// What came of a round, for whoever ordered it: everything about it that is not in the store.
public struct RoundSummary: Sendable, Hashable, Codable {
  /// The run's id.
  public var run: String
  /// Whether everything was measured.
  public var isComplete: Bool
  /// When it began.
  public var startedAt: Timestamp
  /// When the last thing was measured.
  public var finishedAt: Timestamp
  /// How many hosts were asked.
  public var hosts: Int
  /// Hosts of which a change is not confirmed yet.
  public var doubtful: [String]
  /// How many changes it confirmed.
  public var changes: Int
  /// Whether IPv6 worked at the vantage.
  public var vantage: Verdict
  /// Why, or why not.
  public var vantageReason: Reason
  /// What was counted.
  public var counters: RunCounters
  /// Packets of the packet core, by family and protocol.
  public var sent: PacketTally
  /// Captured packets that contradict their own format.
  public var malformed: UInt64
  /// Questions that were not put, by why not.
  public var suppressed: [NotSentReason: UInt64]
  /// How long answers took.
  public var durations: ProbeDurations
  /// How long the disk took for each write.
  public var commits: Histogram
  /// What a person should know.
  public var notes: [String]
}
