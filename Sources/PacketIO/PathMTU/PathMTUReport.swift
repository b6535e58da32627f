import Observations
import Probing

/// What came of asking whether hosts heed a Packet Too Big.
public struct PathMTUReport: Sendable {
  /// By target, in the order they were given; `nil` where the run ended before there was an outcome.
  public var outcomes: [PathMTUOutcome?]
  /// What was sent and seen.
  public var counters: TransferCounters
  /// Why the run ended early, other than by cancellation; `nil` if it did not.
  public var failure: PacketIOError?
}

extension ProbeCounters {
  static func += (left: inout ProbeCounters, right: ProbeCounters) {
    left.sent += right.sent
    left.matched += right.matched
    left.repeated += right.repeated
    left.late += right.late
    left.forged += right.forged
    left.unrelated += right.unrelated
    left.malformed += right.malformed
    left.badChecksum += right.badChecksum
    left.tally += right.tally
  }
}
