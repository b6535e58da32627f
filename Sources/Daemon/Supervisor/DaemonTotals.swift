import Observations
import Reporting
import Session

/// What the daemon has counted since it was started.
struct DaemonTotals: Sendable, Hashable {
  var counters = RunCounters()
  var sent = PacketTally()
  var malformed: UInt64 = 0
  var suppressed: [NotSentReason: UInt64] = [:]
  var durations = ProbeDurations()
  var commits = Histogram()

  /// Adds what a round counted.
  mutating func add(_ round: RoundSummary) {
    counters.packetsReceived += round.counters.packetsReceived + round.counters.packetsIgnored
    counters.captureDrops += round.counters.captureDrops
    sent += round.sent
    malformed += round.malformed
    suppressed.merge(round.suppressed, uniquingKeysWith: +)
    durations += round.durations
    commits += round.commits
  }
}
