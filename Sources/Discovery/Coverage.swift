import Inventory
import Observations
import Wire

/// Which sites of which agencies are on the network over IPv6, with what says so. Pure.
public struct Coverage: Sendable {
  /// How far a site has come. Each step takes the ones before it.
  public enum Connection: String, Sendable, Hashable, CaseIterable {
    /// No IPv6 prefix is registered for it.
    case none
    /// A prefix is, and nobody knows a way to it.
    case registered
    /// There is a way to it: a route that is its own, and not the default.
    case routed
    /// A host of it answered over IPv6, or spoke.
    case connected
  }

  /// A way to a prefix.
  public struct Way: Sendable, Hashable {
    /// Where it leads.
    public var prefix: Prefix
    /// Who knows it: `route via fe80::1 on eth0`, `advertised by fe80::1`.
    public var text: String

    /// A way to a prefix.
    public init(_ prefix: Prefix, _ text: String) { (self.prefix, self.text) = (prefix, text) }
  }

  /// A site of an agency; the empty site is what has none.
  public struct Site: Sendable, Hashable {
    /// The agency's id.
    public var agency: String
    /// The site, as written.
    public var site: String
    /// The IPv6 prefixes that are registered for it, or for the agency without a site.
    public var prefixes: [Prefix] = []
    /// The ways to these.
    public var ways: [Way] = []
    /// How many hosts are declared there.
    public var hosts = 0
    /// Those of them that answered over IPv6, by id.
    public var up: [String] = []
    /// How many addresses of the prefixes were seen.
    public var seen = 0
    /// Systems that have a host among those that are up, by id.
    public var systems: [String] = []

    /// How far it has come.
    public var connection: Connection {
      if !up.isEmpty || seen > 0 { return .connected }
      if !ways.isEmpty { return .routed }
      return prefixes.isEmpty ? .none : .registered
    }
  }

  /// In the order of agencies and sites; each agency is there.
  public let sites: [Site]

  /// Looks at an inventory.
  ///
  /// - Parameters:
  ///   - ways: what leads to other networks; the default route says nothing of one.
  ///   - up: the ids of hosts that answered over IPv6.
  ///   - seen: addresses that spoke or answered.
  public init(_ inventory: Inventory, ways: [Way], up: Set<String>, seen: Set<IPAddress>) {
    struct Place: Hashable {
      var agency: String
      var site: String
    }
    var sites: [Place: Site] = [:]
    func change(_ agency: String, _ site: String, _ body: (inout Site) -> Void) {
      body(&sites[Place(agency: agency, site: site), default: Site(agency: agency, site: site)])
    }
    let rules = inventory.prefixes.filter { $0.rule == .allow && $0.prefix.family == .ipv6 }
    for rule in rules {
      if let agency = rule.agency { change(agency, rule.site) { $0.prefixes.append(rule.prefix) } }
    }
    for host in inventory.hosts {
      change(host.agency, host.site) { site in
        site.hosts += 1
        guard up.contains(host.id) else { return }
        site.up.append(host.id)
        if let system = host.system, !site.systems.contains(system) { site.systems.append(system) }
      }
    }
    for agency in inventory.agencies where !sites.keys.contains(where: { $0.agency == agency.id }) {
      change(agency.id, "") { _ in }
    }
    let counted = Self.count(seen, in: rules.map(\.prefix))
    self.sites = sites.values.map { site in
      var site = site
      // What is registered for the agency as a whole serves a site that has nothing of its own.
      if site.prefixes.isEmpty, let common = sites[Place(agency: site.agency, site: "")] {
        site.prefixes = common.prefixes
      }
      site.prefixes.sort()
      site.up.sort()
      site.systems.sort()
      site.ways = ways.filter { way in
        way.prefix.length > 0 && site.prefixes.contains { way.prefix.contains($0) || $0.contains(way.prefix) }
      }
      site.seen = site.prefixes.reduce(0) { $0 + (counted[$1] ?? 0) }
      return site
    }.sorted { ($0.agency, $0.site) < ($1.agency, $1.site) }
  }

  /// How many of the addresses are in each prefix.
  private static func count(_ addresses: Set<IPAddress>, in prefixes: [Prefix]) -> [Prefix: Int] {
    let known = PrefixTable(prefixes)
    var counts: [Prefix: Int] = [:]
    for address in addresses where address.family == .ipv6 {
      // The most specific one alone: what is handed on belongs to whom it was handed to.
      if let found = known.mostSpecific(holding: address) { counts[found.prefix, default: 0] += 1 }
    }
    return counts
  }
}
