/// A check: a small value that turns what is known of one host into findings.
struct Check: Sendable {
  let id: CheckID
  /// The level it belongs to, 1–6.
  let level: Int
  /// Whether it decides the host's state. What the rubric says; the policy has the last word.
  var isGate: Bool
  /// Whether a host is only secure when it holds. What the rubric says; the policy has the last word.
  var isExposure = false
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
    addressPrefix,
    addressIID,
    reachEcho,
    reachTCP,
    reachPMTU,
    reachPath,
    reachStability,
    reachLatency,
    dnsAAAA,
    dnsLive,
    dnsNameServers,
    dnsIPv6Only,
    dnsReverse,
    servicePorts,
    serviceHandshake,
    serviceContent,
    serviceLinks,
    serviceResources,
    serviceMail,
    operationIPv6Only,
    operationRA,
    operationTraffic,
    exposurePorts,
    exposureManagement,
    exposureTunnels,
    exposureRouter,
    exposureICMP,
  ]

  /// The check's rows for one host.
  ///
  /// Without IPv6 at the vantage whatever was seen over IPv6 says nothing about the host: what does not apply by what
  /// is declared still does not, and all else is unknown.
  func rows(for context: HostContext) -> [CheckRow] {
    judge(context)
      .map { finding in
        if !needsIPv6 || context.run.hasIPv6 || finding.verdict == .na && finding.basis.isEmpty {
          return finding
        }
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
