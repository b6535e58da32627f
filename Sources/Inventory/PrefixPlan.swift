import Observations
import Wire

/// What is to be seen in the IPv6 prefixes that are registered: how they lie in each other, and what has none.
public struct PrefixPlan: Sendable, Hashable {
  /// Something worth a look; none of it is an error.
  public enum Finding: Sendable, Hashable {
    /// The part of one agency lies in the prefix of another.
    case inside(Prefix, agency: String, of: Prefix, other: String)
    /// A length that is no multiple of four: no digit of an address, and no zone of ip6.arpa, ends there.
    case offNibble(Prefix, agency: String?)
    /// Longer than a /64, in which addresses cannot be made by hosts themselves (RFC 7421).
    case longerThanSubnet(Prefix, agency: String?)
    /// An agency that has hosts, and no IPv6 prefix.
    case agencyWithoutPrefix(String)
    /// A site of an agency for which no /48 or more is registered (RFC 6177: a /48 is what a site of this kind gets).
    case siteWithoutPrefix(agency: String, site: String)
    /// An IPv6 address of a host outside its agency's prefixes.
    case hostOutside(host: String, IPAddress, agency: String)
  }

  /// What was found, in the order of agencies and prefixes.
  public let findings: [Finding]

  /// Looks at an inventory. Global addresses alone count: link-local ones belong to nobody.
  public init(_ inventory: Inventory) {
    let rules = inventory.prefixes.filter { $0.rule == .allow && $0.prefix.family == .ipv6 }
    var owners = PrefixTable<String>()
    for rule in rules { if let agency = rule.agency { owners.set(agency, for: rule.prefix) } }
    var findings: [Finding] = []
    for rule in rules {
      if let agency = rule.agency {
        let around = owners.mostSpecific(holding: rule.prefix.address, shorterThan: rule.prefix.length)
        if let around, around.value != agency {
          findings.append(.inside(rule.prefix, agency: agency, of: around.prefix, other: around.value))
        }
      }
      if rule.prefix.length > 64 {
        findings.append(.longerThanSubnet(rule.prefix, agency: rule.agency))
      } else if rule.prefix.length % 4 != 0 {
        findings.append(.offNibble(rule.prefix, agency: rule.agency))
      }
    }
    findings += Self.without(inventory, rules) + Self.outside(inventory, owners)
    self.findings = findings
  }

  private struct Site: Hashable, Comparable {
    var agency: String
    var site: String
    static func < (left: Site, right: Site) -> Bool { (left.agency, left.site) < (right.agency, right.site) }
  }

  /// Agencies and sites that have hosts and nothing registered.
  private static func without(_ inventory: Inventory, _ rules: [PrefixRule]) -> [Finding] {
    let registered = Set(rules.compactMap(\.agency))
    let inUse = Set(inventory.hosts.map(\.agency))
    let agencies = inUse.subtracting(registered).sorted().map { Finding.agencyWithoutPrefix($0) }
    let served = Set(
      rules.filter { $0.prefix.length <= 48 }.compactMap { rule in
        rule.agency.map { Site(agency: $0, site: rule.site) }
      })
    let sites = Set(
      inventory.hosts.filter { !$0.site.isEmpty }.map { Site(agency: $0.agency, site: $0.site) })
    return agencies
      + sites.subtracting(served).filter { registered.contains($0.agency) }.sorted().map {
        .siteWithoutPrefix(agency: $0.agency, site: $0.site)
      }
  }

  private static func outside(_ inventory: Inventory, _ owners: PrefixTable<String>) -> [Finding] {
    let registered = Set(owners.byPrefix.values)
    var findings: [Finding] = []
    for host in inventory.hosts where registered.contains(host.agency) {
      for address in host.addresses(.ipv6) where address.scope != .linkLocal {
        // The most specific prefix that belongs to anybody decides.
        if owners.mostSpecific(holding: address)?.value != host.agency {
          findings.append(.hostOutside(host: host.id, address, agency: host.agency))
        }
      }
    }
    return findings
  }
}

extension PrefixPlan.Finding: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .inside(let prefix, let agency, let around, let other):
      "prefix \(prefix): it belongs to \(agency) and lies inside \(around) of \(other)"
    case .offNibble(let prefix, let agency):
      "prefix \(prefix)\(Self.of(agency)): its length is no multiple of 4, so that no zone of ip6.arpa ends there"
    case .longerThanSubnet(let prefix, let agency):
      "prefix \(prefix)\(Self.of(agency)): it is longer than a /64, in which no host can make itself an address"
    case .agencyWithoutPrefix(let agency): "agency \(agency): it has hosts and no IPv6 prefix"
    case .siteWithoutPrefix(let agency, let site): "site \(site) of \(agency): no /48 is registered for it"
    case .hostOutside(let host, let address, let agency):
      "host \(host): \(address) is outside the prefixes of \(agency)"
    }
  }

  private static func of(_ agency: String?) -> String { agency.map { " of \($0)" } ?? "" }
}
