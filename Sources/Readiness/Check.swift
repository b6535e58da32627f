/// A check: a small value that turns what is known of one host into findings.
struct Check: Sendable {
  let id: CheckID
  /// The level it belongs to, 1–6.
  let level: Int
  /// Whether it decides the host's state.
  let isGate: Bool
  /// Whether it needs packets over IPv6, so that a vantage without IPv6 leaves it unknown.
  let needsIPv6: Bool
  /// Every reason `judge` can give, by the verdict it gives it for. `docs/checks.md` lists them, and the
  /// truth tables hold the check to them.
  let reasons: [Verdict: Set<Reason>]
  /// Judges one host at a vantage that has what the check needs. Pure.
  let judge: @Sendable (HostContext) -> [Finding]
}

extension Check {
  /// Every check there is, in the order of the rubric. `vantage.ipv6` stands beside: it is judged once a run.
  static let all: [Check] = [
    addressPresent,
    addressScope,
    reachEcho,
    reachTCP,
    dnsAAAA,
    dnsLive,
    servicePorts,
    serviceHandshake,
    serviceContent,
    serviceLinks,
    serviceResources,
  ]

  /// The checks of policy `2026-0`.
  static let ofFirstPolicy: [Check] = [
    addressPresent, addressScope, reachEcho, reachTCP, dnsAAAA, dnsLive, servicePorts, serviceHandshake,
  ]

  /// The check's rows for one host.
  ///
  /// Without IPv6 at the vantage whatever was seen over IPv6 says nothing about the host: what does not apply
  /// still does not, and all else is unknown.
  func rows(for context: HostContext) -> [CheckRow] {
    judge(context)
      .map { finding in
        if !needsIPv6 || context.run.hasIPv6 || finding.verdict == .na { return finding }
        return Finding(finding.subject, .unknown, .vantageWithoutIPv6)
      }
      .map { $0.row(host: context.host.id, check: id) }.sorted { $0.subject < $1.subject }
  }
}

extension CheckID {
  /// Every reason the check can give, by the verdict it gives it for.
  var reasons: [Verdict: Set<Reason>] {
    guard let check = Check.all.first(where: { $0.id == self }) else { return vantageReasons }
    var reasons = check.reasons
    if check.needsIPv6 { reasons[.unknown, default: []].insert(.vantageWithoutIPv6) }
    reasons[.exempt] = [.waived]
    return reasons
  }
}
