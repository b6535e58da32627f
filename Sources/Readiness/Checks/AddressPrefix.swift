import Wire

extension Check {
  /// `address.prefix`: every usable IPv6 address lies inside a prefix that `prefixes.csv` registers to the host's
  /// agency.
  static let addressPrefix = Check(
    id: .addressPrefix, level: 1, isGate: false, needsIPv6: false,
    reasons: [
      .pass: [.inAgencyPrefix], .fail: [.outsideAgencyPrefix], .na: [.noUsableAddress, .noAgencyPrefix],
    ]
  ) { context in
    let addresses = context.usableIPv6
    if addresses.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    guard let prefixes = context.run.registered[context.host.agency], !prefixes.isEmpty else {
      return [Finding("", .na, .noAgencyPrefix, "agency \(context.host.agency)")]
    }
    return addresses.map { address in
      let basis = context.publications(of: address)
      if let prefix = prefixes.last(where: { $0.contains(address) }) {
        return Finding(address.description, .pass, .inAgencyPrefix, prefix.description, basis: basis)
      }
      let registered = prefixes.prefix(4).map(\.description).joined(separator: " ")
      return Finding(
        address.description, .fail, .outsideAgencyPrefix, "agency \(context.host.agency) has \(registered)",
        basis: basis)
    }
  }
}
