import Observations

extension Check {
  /// `dns.ipv6only`: the name resolves when only IPv6 is used from the root, or the configured start, down.
  ///
  /// A name that has no AAAA, said over IPv6 with authority, has nothing to resolve to; `dns.aaaa` says that.
  static let dnsIPv6Only = Check(
    id: .dnsIPv6Only, level: 3, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.resolvesOverIPv6],
      .fail: ServerReply.failures[.fail, default: []].union([.delegationWithoutIPv6])
        .subtracting([.dnsNXDomain]),
      .unknown: ServerReply.failures[.unknown, default: []].union([.notMeasured, .rootSilent]),
      .na: [.noName, .noAAAAPublished],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    return context.host.names.map { name in
      guard let observation = context.iteration(name), case .iteration(_, let outcome) = observation.fact
      else { return Finding(name, .unknown, .notMeasured) }
      let (verdict, reason, detail) = judge(outcome)
      return Finding(name, verdict, reason, detail, basis: [observation])
    }
  }

  private static func judge(_ outcome: IterationOutcome) -> (Verdict, Reason, String) {
    switch outcome {
    case .resolved(let addresses) where addresses.isEmpty: return (.na, .noAAAAPublished, "")
    case .resolved(let addresses):
      return (.pass, .resolvesOverIPv6, addresses.map(\.description).joined(separator: " "))
    case .noData: return (.na, .noAAAAPublished, "NODATA")
    case .nxDomain: return (.na, .noAAAAPublished, "NXDOMAIN")
    case .noIPv6Server(let zone): return (.fail, .delegationWithoutIPv6, "zone \(zone)")
    case .failed(let zone, let reply):
      let (verdict, reason) = reply.failure
      return (verdict, reason == .dnsNXDomain ? .dnsNoData : reason, "zone \(zone): \(reply.text)")
    case .noRoot(let reply): return (.unknown, .rootSilent, reply.text)
    case .abandoned(let why): return (.fail, .dnsEndless, why)
    }
  }
}
