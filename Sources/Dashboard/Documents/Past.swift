import Observations
import Readiness
import Store

/// A run that has ended.
struct RunDocument: Encodable, Sendable {
  var id: String
  var round: RoundKind
  var retest: Bool
  var state: RunState
  var vantage: String
  var policy: String
  var version: String
  var startedAt: String
  var finishedAt: String
  var counters: Counters

  struct Counters: Encodable, Sendable {
    var packetsSent: UInt64
    var packetsReceived: UInt64
    var packetsIgnored: UInt64
    var captureDrops: UInt64
    var refusedByScope: UInt64
    var lookups: UInt64
    var handshakes: UInt64

    private enum CodingKeys: String, CodingKey {
      case packetsSent = "packets_sent"
      case packetsReceived = "packets_received"
      case packetsIgnored = "packets_ignored"
      case captureDrops = "capture_drops"
      case refusedByScope = "refused_by_scope"
      case lookups, handshakes
    }
  }

  init(_ run: Run) {
    (id, round, retest, state) = (run.id, run.round, run.isRetest, run.state)
    (vantage, policy, version) = (run.vantage, run.policy, run.toolVersion)
    (startedAt, finishedAt) = (run.startedAt.text, run.finishedAt.text)
    let counts = run.counters
    counters = Counters(
      packetsSent: counts.packetsSent, packetsReceived: counts.packetsReceived,
      packetsIgnored: counts.packetsIgnored, captureDrops: counts.captureDrops,
      refusedByScope: counts.refusedByScope, lookups: counts.lookups, handshakes: counts.handshakes)
  }

  private enum CodingKeys: String, CodingKey {
    case id, round, retest, state, vantage, policy, version
    case startedAt = "started_at"
    case finishedAt = "finished_at"
    case counters
  }
}

/// A change that several rounds confirmed.
struct ChangeDocument: Encodable, Sendable {
  var number: Int64
  var vantage: String
  var host: String
  var check: CheckID
  var holds: Bool
  var reason: Reason.RawValue
  var since: String
  var confirmedAt: String
  var run: String

  init(_ numbered: NumberedChange) {
    let change = numbered.change
    (number, vantage) = (numbered.number, numbered.vantage)
    (host, check, holds, reason) = (change.host, change.check, change.holds, change.reason.rawValue)
    (since, confirmedAt, run) = (change.since.text, change.confirmedAt.text, change.run)
  }

  private enum CodingKeys: String, CodingKey {
    case number, vantage, host, check, holds, reason, since
    case confirmedAt = "confirmed_at"
    case run
  }
}
