import Observations
import Wire

extension Check {
  /// `address.present`: at least one IPv6 address is declared or published as AAAA.
  ///
  /// Where nothing is declared, only a denial for every name (NODATA, NXDOMAIN) shows that there is none: a
  /// name that could not be asked may have an AAAA record.
  static let addressPresent = Check(
    id: .addressPresent, level: 1, isGate: true, needsIPv6: false,
    reasons: [
      .pass: [.addressDeclared, .addressPublished], .fail: [.noAddress],
      .unknown: [.aaaaNotAnswered, .notMeasured],
    ]
  ) { context in
    let declared = context.host.addresses(.ipv6)
    if !declared.isEmpty {
      return [Finding("", .pass, .addressDeclared, declared.map(\.description).joined(separator: " "))]
    }
    let lookups = context.host.names.map { (name: $0, observation: context.lookup($0, .aaaa)) }
    let addresses = Set(context.host.names.flatMap { context.published($0, .ipv6) }).sorted()
    if !addresses.isEmpty {
      let publishing = context.host.names.filter { !context.published($0, .ipv6).isEmpty }
        .flatMap { [context.lookup($0, .aaaa), context.authority($0, .aaaa)].compactMap { $0 } }
      let detail = addresses.map(\.description).joined(separator: " ")
      return [Finding("", .pass, .addressPublished, detail, basis: publishing)]
    }
    let open = lookups.filter { !($0.observation?.deniesRecord(context.run.synthesis) ?? false) }
    let basis = open.compactMap(\.observation)
    if !open.isEmpty {
      let reason: Reason = basis.isEmpty ? .notMeasured : .aaaaNotAnswered
      let detail = "no answer about AAAA for " + open.map(\.name).joined(separator: " ")
      return [Finding("", .unknown, reason, detail, basis: basis)]
    }
    return [Finding("", .fail, .noAddress, "", basis: lookups.compactMap(\.observation))]
  }
}

extension Observation {
  /// Whether a name server said that there is no such record: NODATA or NXDOMAIN, nothing else. An AAAA that the
  /// resolver made up says so too, for it makes one up only where there is none (RFC 6147 §5.1.1).
  fileprivate func deniesRecord(_ synthesis: Synthesis) -> Bool {
    guard case .lookup(_, _, let outcome) = fact else { return false }
    switch outcome {
    case .noData, .nxDomain: return true
    case .answer(let addresses, _): return !addresses.isEmpty && addresses.allSatisfy(synthesis.makes)
    case .servFail, .refused, .failed, .malformed, .timeout, .unreachable: return false
    }
  }
}
