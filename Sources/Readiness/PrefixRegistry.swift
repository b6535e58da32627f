import Inventory
import Observations
import Wire

/// What `prefixes.csv` registers, and which hosts lie behind the city WAN or the Government's network.
public struct PrefixRegistry: Sendable {
  private let prefixes: [Prefix]
  private let agencies: Set<String>

  /// Reads both out of an inventory.
  ///
  /// Registered is every prefix with the rule `allow`; an `exclude` inside one only says not to probe there. A host
  /// lies behind the WAN if its agency runs a system of kind `wan` or `tslcd`, or one that depends on such a system.
  public init(_ inventory: Inventory) {
    prefixes = inventory.prefixes.filter { $0.rule == .allow }.map(\.prefix)
    let networks = Set(inventory.systems.filter { $0.kind == .wan || $0.kind == .tslcd }.map(\.id))
    agencies = Set(
      inventory.systems.filter { networks.contains($0.id) || !networks.isDisjoint(with: $0.dependsOn) }
        .map(\.agency))
  }

  /// Whether any prefix is registered at all.
  public var isEmpty: Bool { prefixes.isEmpty }

  /// Whether an address lies inside a registered prefix.
  public func holds(_ address: IPAddress) -> Bool { prefixes.contains { $0.contains(address) } }

  /// Whether a host lies behind the WAN.
  public func isBehindWAN(_ host: Host) -> Bool { agencies.contains(host.agency) }
}
