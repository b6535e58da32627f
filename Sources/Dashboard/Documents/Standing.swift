import Inventory
import Observations
import Readiness

/// A count of hosts.
struct TallyDocument: Encodable, Sendable {
  var total: Int
  var exempt: Int
  var eligible: Int
  var converted: Int
  var notConverted: Int
  var unknown: Int

  init(_ tally: Tally) {
    (total, exempt, eligible) = (tally.total, tally.exempt, tally.eligible)
    (converted, notConverted, unknown) = (tally.converted, tally.notConverted, tally.unknown)
  }

  private enum CodingKeys: String, CodingKey {
    case total, exempt, eligible, converted
    case notConverted = "not_converted"
    case unknown
  }
}

/// An agency and where it stands.
struct AgencyDocument: Encodable, Sendable {
  var id: String
  var name: String
  var kind: String?
  var parent: String?
  var outcome: Outcome
  var hosts: TallyDocument
  /// The hosts that keep it from being converted; only of a single one.
  var missing: [String]?

  init(_ verdict: AgencyVerdict, isSingle: Bool = false) {
    let agency = verdict.agency
    (id, name, parent) = (agency.id, agency.name, agency.parent)
    kind = agency.kind.isEmpty ? nil : agency.kind
    outcome = verdict.outcome
    hosts = TallyDocument(verdict.tally)
    missing = isSingle ? verdict.missing.map(\.host.id) : nil
  }
}

/// A system and where it stands.
struct SystemDocument: Encodable, Sendable {
  var id: String
  var name: String
  var agency: String
  var kind: SystemKind.RawValue
  var `class`: Int
  var dependsOn: [String]
  var outcome: Outcome
  var hosts: TallyDocument

  init(_ verdict: SystemVerdict) {
    let system = verdict.system
    (id, name, agency, kind) = (system.id, system.name, system.agency, system.kind.rawValue)
    (self.class, dependsOn) = (system.importance, system.dependsOn)
    outcome = verdict.outcome
    hosts = TallyDocument(verdict.tally)
  }

  private enum CodingKeys: String, CodingKey {
    case id, name, agency, kind, `class`
    case dependsOn = "depends_on"
    case outcome, hosts
  }
}

/// A host and where it stands.
struct HostDocument: Encodable, Sendable {
  var id: String
  var agency: String
  var system: String?
  var names: [String]
  var state: HostState
  var converted: Bool
  var secure: Bool
  var score: Int
  var failedChecks: [CheckID]
  var unknownChecks: [CheckID]
  var waivedChecks: [CheckID]
  var measuredAt: String?
  /// What each check says; only of a single one.
  var checks: [CheckDocument]?

  init(_ verdict: HostVerdict, isSingle: Bool = false) {
    let host = verdict.host
    (id, agency, system, names) = (host.id, host.agency, host.system, host.names)
    (state, converted, secure) = (verdict.state, verdict.state.isConverted, verdict.isSecure)
    score = verdict.score
    failedChecks = verdict.checks(.fail)
    unknownChecks = verdict.checks(.unknown)
    waivedChecks = verdict.checks(.exempt)
    measuredAt = verdict.measuredAt?.text
    checks = isSingle ? verdict.rows.map { CheckDocument($0) } : nil
  }

  private enum CodingKeys: String, CodingKey {
    case id, agency, system, names, state, converted, secure, score
    case failedChecks = "failed_checks"
    case unknownChecks = "unknown_checks"
    case waivedChecks = "waived_checks"
    case measuredAt = "measured_at"
    case checks
  }
}

/// What a check says of one subject.
struct CheckDocument: Encodable, Sendable {
  var host: String
  var check: CheckID
  var subject: String
  var verdict: Verdict
  var reason: Reason.RawValue
  var detail: String
  var observedAt: String?

  init(_ row: CheckRow) {
    (host, check, subject, verdict) = (row.host, row.check, row.subject, row.verdict)
    (reason, detail, observedAt) = (row.reason.rawValue, row.detail, row.observedAt?.preciseText)
  }

  private enum CodingKeys: String, CodingKey {
    case host, check, subject, verdict, reason, detail
    case observedAt = "observed_at"
  }
}

/// What Prometheus is to ask, and what it calls it.
struct TargetGroup: Encodable, Sendable {
  var targets: [String]
  var labels: [String: String]

  /// The target is the host's id, which `/probe` knows: no address becomes a label.
  init(_ host: Host) {
    targets = [host.id]
    labels = ["host": host.id, "agency": host.agency]
    labels["system"] = host.system
  }
}
