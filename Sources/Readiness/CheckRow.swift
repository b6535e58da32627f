import Observations

/// One row of `checks.csv`: what a check says of one subject on one host.
public struct CheckRow: Sendable, Hashable, Codable {
  /// The inventory id of the host; empty for `vantage.ipv6`.
  public var host: String
  /// The check.
  public var check: CheckID
  /// What exactly was judged: an address, an endpoint, a name, a service at an address.
  public var subject: String
  /// The answer.
  public var verdict: Verdict
  /// Why, as one of the documented codes.
  public var reason: Reason
  /// The facts behind the reason in words. May hold text from the network: escape it before printing.
  public var detail: String
  /// When the latest of the facts was observed; `nil` where nothing was observed.
  public var observedAt: Timestamp?
  /// Sequence numbers of the observations the answer rests on, ascending.
  public var evidence: [Int]

  /// A row of these parts.
  public init(
    host: String, check: CheckID, subject: String, verdict: Verdict, reason: Reason, detail: String = "",
    observedAt: Timestamp? = nil, evidence: [Int] = []
  ) {
    self.host = host
    self.check = check
    self.subject = subject
    self.verdict = verdict
    self.reason = reason
    self.detail = detail
    self.observedAt = observedAt
    self.evidence = evidence
  }
}

/// What a check finds for one subject, before it is known which host and check it belongs to.
struct Finding {
  var subject: String
  var verdict: Verdict
  var reason: Reason
  var detail = ""
  var basis: [Observation] = []

  init(
    _ subject: String, _ verdict: Verdict, _ reason: Reason, _ detail: String = "", basis: [Observation] = []
  ) {
    self.subject = subject
    self.verdict = verdict
    self.reason = reason
    self.detail = detail
    self.basis = basis
  }

  init(_ subject: String, _ answer: Answer) {
    self.init(subject, answer.verdict, answer.reason, answer.detail, basis: answer.basis)
  }

  func row(host: String, check: CheckID) -> CheckRow {
    CheckRow(
      host: host, check: check, subject: subject, verdict: verdict, reason: reason, detail: detail,
      observedAt: basis.map(\.at).max(), evidence: Set(basis.map(\.sequence)).sorted())
  }
}
