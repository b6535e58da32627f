import Inventory
import Observations
import Wire

/// A host as it was observed: addresses that are one host's, and what else is known of it.
public struct ObservedHost: Sendable, Hashable {
  /// Its addresses, in ascending order; never empty.
  public var addresses: [IPAddress]
  /// Names that lead to them, as DNS and the host itself say.
  public var names: [String] = []
  /// Its interfaces, as heard on their links.
  public var interfaces: [MACAddress] = []
  /// TCP and UDP ports that answered.
  public var services: [Service] = []
  /// Ports of bridges that its interfaces are at, as these say.
  public var attachments: [String] = []
  /// When it was last seen.
  public var lastSeen: Timestamp

  /// A host with these addresses.
  public init(addresses: [IPAddress], lastSeen: Timestamp) {
    self.addresses = addresses.sorted()
    self.lastSeen = lastSeen
  }
}

/// What is declared beside what was observed. Nothing here changes what is declared: a person accepts what is right.
public struct Reconciliation: Sendable {
  /// A difference.
  public enum Difference: Sendable, Hashable {
    /// Observed and not declared, with the row that would declare it.
    case undeclared(ObservedHost, proposed: Host)
    /// Declared, and none of its addresses was ever seen.
    case neverSeen(host: String)
    /// Addresses that a declared host was seen to have besides, and those of its declared ones that were not seen, although
    /// others were.
    case addresses(host: String, more: [IPAddress], missing: [IPAddress])
    /// Another interface than declared.
    case interface(host: String, declared: MACAddress, observed: [MACAddress])
    /// Names that lead to it and are not declared.
    case names(host: String, more: [String])
    /// One observed host has addresses of several declared ones.
    case shared(ObservedHost, hosts: [String])
    /// An address in no prefix that is registered to the host's agency.
    case outside(host: String, IPAddress)
    /// A prefix in which addresses were seen and that nobody registered: the /64 of IPv6, the /24 of IPv4.
    case unregistered(Prefix, addresses: Int)
  }

  /// All differences: hosts in the order of their ids, then what is not declared in the order of addresses, then prefixes.
  public let differences: [Difference]

  /// Compares.
  ///
  /// - Parameter isNoise: addresses that come and go, such as temporary ones: they are never proposed.
  public init(
    _ inventory: Inventory, observed: [ObservedHost], isNoise: (IPAddress) -> Bool = { _ in false }
  ) {
    let observed = observed.sorted { $0.addresses[0] < $1.addresses[0] }
    var declared: [IPAddress: [String]] = [:]
    for host in inventory.hosts {
      for address in host.addresses { declared[address, default: []].append(host.id) }
    }
    var interfaces: [MACAddress: [String]] = [:]
    for host in inventory.hosts { if let mac = host.mac { interfaces[mac, default: []].append(host.id) } }

    // By an address, and only where none leads to anybody by an interface.
    var seen: [String: [Int]] = [:]
    var shared: [Difference] = []
    var undeclared: [Difference] = []
    var owned = PrefixTable<String>()
    for rule in inventory.prefixes { if let agency = rule.agency { owned.set(agency, for: rule.prefix) } }
    var ids = FreeIDs(taken: Set(inventory.hosts.map(\.id)))
    for (place, host) in observed.enumerated() {
      var owners = Set(host.addresses.flatMap { declared[$0] ?? [] })
      if owners.isEmpty { owners = Set(host.interfaces.flatMap { interfaces[$0] ?? [] }) }
      for owner in owners { seen[owner, default: []].append(place) }
      if owners.count > 1 { shared.append(.shared(host, hosts: owners.sorted())) }
      if owners.isEmpty {
        let addresses = host.addresses.filter { !isNoise($0) && $0.scope != .linkLocal }
        guard !addresses.isEmpty else { continue }
        let proposed = Self.proposed(host, addresses, owned, &ids)
        undeclared.append(.undeclared(host, proposed: proposed))
      }
    }
    var isShared: Set<String> = []
    for case .shared(_, let hosts) in shared { isShared.formUnion(hosts) }
    var differences: [Difference] = []
    for host in inventory.hosts.sorted(by: { $0.id < $1.id }) where !host.addresses.isEmpty || host.mac != nil
    {
      guard let places = seen[host.id] else {
        differences.append(.neverSeen(host: host.id))
        continue
      }
      let all = places.map { observed[$0] }
      differences += Self.compare(host, all, isAlone: !isShared.contains(host.id), isNoise: isNoise)
    }
    let plan = PrefixPlan(inventory).findings.compactMap { finding -> Difference? in
      if case .hostOutside(let host, let address, _) = finding { .outside(host: host, address) } else { nil }
    }
    self.differences =
      differences + shared + undeclared + plan + Self.unregistered(inventory, observed, isNoise: isNoise)
  }

  private static func compare(
    _ host: Host, _ observed: [ObservedHost], isAlone: Bool, isNoise: (IPAddress) -> Bool
  ) -> [Difference] {
    var differences: [Difference] = []
    let addresses = Set(observed.flatMap(\.addresses))
    // Behind one front end what is seen is everybody's: only what is missing says something of one.
    let more =
      isAlone
      ? addresses.subtracting(host.addresses).filter { !isNoise($0) && $0.scope != .linkLocal }.sorted() : []
    let missing = host.addresses.filter { !addresses.contains($0) }
    if !more.isEmpty || !missing.isEmpty {
      differences.append(.addresses(host: host.id, more: more, missing: missing))
    }
    let interfaces = Set(observed.flatMap(\.interfaces)).sorted { $0.bits < $1.bits }
    if let declared = host.mac, !interfaces.isEmpty, !interfaces.contains(declared) {
      differences.append(.interface(host: host.id, declared: declared, observed: interfaces))
    }
    let names = Set(observed.flatMap(\.names)).subtracting(host.names).sorted()
    if isAlone, !names.isEmpty { differences.append(.names(host: host.id, more: names)) }
    return differences
  }

  /// The row that would declare a host: of the agency whose prefix holds most of its addresses.
  private static func proposed(
    _ host: ObservedHost, _ addresses: [IPAddress], _ owned: PrefixTable<String>, _ ids: inout FreeIDs
  ) -> Host {
    var votes: [String: Int] = [:]
    for address in addresses {
      if let owner = owned.mostSpecific(holding: address) { votes[owner.value, default: 0] += 1 }
    }
    let agency = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    let plain = host.names.first ?? addresses[0].description
    let wanted = plain.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "-")
    return Host(
      id: ids.take(wanted), agency: agency, names: host.names, addresses: addresses,
      services: host.services.sorted(),
      mac: host.interfaces.count == 1 ? host.interfaces[0] : nil)
  }

  /// Names of hosts that nobody has yet.
  private struct FreeIDs {
    private var taken: Set<String>
    /// By what was wanted: the number to go on with.
    private var next: [String: Int] = [:]

    init(taken: Set<String>) { self.taken = taken }

    /// The wanted one, or the first that is free with a number behind it.
    mutating func take(_ wanted: String) -> String {
      var id = wanted
      while !taken.insert(id).inserted {
        let number = next[wanted] ?? 2
        next[wanted] = number + 1
        id = "\(wanted)-\(number)"
      }
      return id
    }
  }

  /// Prefixes that are used and nobody's.
  private static func unregistered(
    _ inventory: Inventory, _ observed: [ObservedHost], isNoise: (IPAddress) -> Bool
  ) -> [Difference] {
    // Without any rule nobody has said what belongs to whom.
    guard !inventory.prefixes.isEmpty else { return [] }
    let registered = PrefixTable(inventory.prefixes.lazy.map(\.prefix))
    var counts: [Prefix: Int] = [:]
    for address in Set(observed.flatMap(\.addresses)) where address.scope != .linkLocal && !isNoise(address) {
      if registered.holds(address) { continue }
      counts[Prefix(address, length: address.family == .ipv6 ? 64 : 24), default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { .unregistered($0.key, addresses: $0.value) }
  }
}
