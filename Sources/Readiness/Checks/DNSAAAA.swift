import Observations

extension Check {
  /// `dns.aaaa`: every authoritative server returns AAAA for each declared name; under a policy whose name source is
  /// the resolver, the resolver does.
  ///
  /// All but an answer are measured failures; unknown only when no zone's data reached this vantage in the
  /// run, whatever the name, since then the fault is not this name's.
  static let dnsAAAA = Check(
    id: .dnsAAAA, level: 3, isGate: true, needsIPv6: false,
    reasons: [
      .pass: [.aaaaPresent],
      .fail: ServerReply.failures[.fail, default: []].union([.dnsInconsistent, .dnsNoServer]),
      .unknown: ServerReply.failures[.unknown, default: []].union([
        .notMeasured, .resolverSilent, .nameServersSilent,
      ]), .na: [.noName],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    if context.policy.thresholds.nameSource == .authoritative {
      return context.host.names.map { authoritative($0, context) }
    }
    return context.host.names.map { name in
      guard let observation = context.lookup(name, .aaaa), case .lookup(_, _, let outcome) = observation.fact
      else { return Finding(name, .unknown, .notMeasured) }
      let (verdict, reason, detail) = judge(outcome)
      if !context.run.resolverAnswered {
        let text = detail.isEmpty ? reason.rawValue : "\(reason.rawValue): \(detail)"
        return Finding(name, .unknown, .resolverSilent, text, basis: [observation])
      }
      return Finding(name, verdict, reason, detail, basis: [observation])
    }
  }

  private static func judge(_ outcome: LookupOutcome) -> (Verdict, Reason, String) {
    switch outcome {
    // An answer has at least one address; one without is what NODATA means (RFC 2308 §2.2).
    case .answer(let addresses, _) where addresses.isEmpty: return (.fail, .dnsNoData, "")
    case .answer(let addresses, let aliases):
      let text = addresses.map(\.description).joined(separator: " ")
      let via = aliases.isEmpty ? "" : " via " + aliases.joined(separator: " ")
      return (.pass, .aaaaPresent, text + via)
    case .noData: return (.fail, .dnsNoData, "")
    case .nxDomain: return (.fail, .dnsNXDomain, "")
    case .servFail: return (.fail, .dnsServFail, "")
    case .refused: return (.fail, .dnsRefused, "")
    case .failed(let rcode): return (.fail, .dnsError, "RCODE \(rcode)")
    case .malformed(let what): return (.fail, .dnsMalformed, what)
    case .timeout(let tries): return (.fail, .dnsTimeout, "nothing came back after \(tries) tries")
    case .unreachable(let why): return (.fail, .dnsTimeout, why)
    }
  }
}
