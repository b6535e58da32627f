import Wire

extension Check {
  /// `address.scope`: every IPv6 address, declared or published, is global unicast.
  static let addressScope = Check(
    id: .addressScope, level: 1, isGate: true, needsIPv6: false,
    reasons: [
      .pass: [.scopeGlobal, .scopeDocumentation],
      .fail: Set(AddressScope.allCases.map { Reason($0) }).subtracting([.scopeGlobal]),
      .na: [.noAddress],
    ]
  ) { context in
    let addresses = context.addresses(.ipv6)
    if addresses.isEmpty { return [Finding("", .na, .noAddress)] }
    return addresses.map { address in
      let publishers = context.host.names.filter { context.published($0, .ipv6).contains(address) }
      let origin = publishers.isEmpty ? "declared" : "AAAA of " + publishers.joined(separator: " ")
      let verdict: Verdict = context.policy.accepts(address.scope) ? .pass : .fail
      let basis = publishers.compactMap { context.lookup($0, .aaaa) }
      return Finding(address.description, verdict, Reason(address.scope), origin, basis: basis)
    }
  }
}

extension Reason {
  /// The code of the scope of an IPv6 address.
  fileprivate init(_ scope: AddressScope) {
    self =
      switch scope {
      case .global: .scopeGlobal
      case .unspecified: .scopeUnspecified
      case .loopback: .scopeLoopback
      case .linkLocal: .scopeLinkLocal
      // Private use is an IPv4 word; what it means is called unique local in IPv6.
      case .uniqueLocal, .privateUse: .scopeUniqueLocal
      case .ipv4Mapped: .scopeIPv4Mapped
      case .sixToFour: .scope6to4
      case .teredo: .scopeTeredo
      case .nat64: .scopeNAT64
      case .documentation: .scopeDocumentation
      case .multicast: .scopeMulticast
      case .discard: .scopeDiscard
      case .reserved: .scopeReserved
      }
  }
}
