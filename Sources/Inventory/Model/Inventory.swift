/// What the city declares: its agencies, their systems and hosts, its prefixes, zones and waivers. Each list
/// is in ascending order of its id, whatever the order in the files.
public struct Inventory: Sendable, Hashable {
  /// The state agencies the figure is counted over.
  public var agencies: [Agency]
  /// The systems the agencies run.
  public var systems: [System]
  /// The hosts.
  public var hosts: [Host]
  /// Registered prefixes and what may be probed.
  public var prefixes: [PrefixRule]
  /// DNS zones by agency.
  public var zones: [Zone]
  /// Agreed exceptions.
  public var waivers: [Waiver]

  /// An inventory of these parts; the caller vouches for their references.
  public init(
    agencies: [Agency] = [], systems: [System] = [], hosts: [Host] = [], prefixes: [PrefixRule] = [],
    zones: [Zone] = [], waivers: [Waiver] = []
  ) {
    self.agencies = agencies
    self.systems = systems
    self.hosts = hosts
    self.prefixes = prefixes
    self.zones = zones
    self.waivers = waivers
  }
}
