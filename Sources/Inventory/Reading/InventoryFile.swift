/// The files an inventory is made of, in the order they are read and their problems are listed.
public enum InventoryFile: Int, Sendable, Hashable, CaseIterable {
  case agencies
  case systems
  case hosts
  case prefixes
  case zones
  case waivers

  /// The name within the inventory's directory: `hosts.csv`.
  public var name: String {
    switch self {
    case .agencies: "agencies.csv"
    case .systems: "systems.csv"
    case .hosts: "hosts.csv"
    case .prefixes: "prefixes.csv"
    case .zones: "zones.csv"
    case .waivers: "waivers.csv"
    }
  }

  /// Whether there is no inventory without it.
  public var isRequired: Bool { self == .hosts }

  /// The columns this program knows, in the order it writes them.
  package var columns: [Column] {
    switch self {
    case .agencies: [.agency, .name, .kind, .parent, .contact, .declaredPercent]
    case .systems: [.system, .name, .agency, .kind, .importance, .dependsOn]
    case .hosts:
      [
        .host, .agency, .system, .component, .site, .names, .addresses, .services, .mac, .criticality,
        .contact, .tags, .externalID,
      ]
    case .prefixes: [.prefix, .agency, .site, .rule, .description]
    case .zones: [.zone, .agency]
    case .waivers: [.subject, .check, .owner, .reason, .expires]
    }
  }

  /// The columns that must be there and be filled in on every row.
  package var requiredColumns: [Column] {
    switch self {
    case .agencies: [.agency, .name]
    case .systems: [.system, .name, .agency]
    case .hosts: [.host, .agency]
    case .prefixes: [.prefix]
    case .zones: [.zone, .agency]
    case .waivers: [.subject, .owner, .reason, .expires]
    }
  }

  /// The column with the id of what a row declares.
  var idColumn: Column { columns[0] }
}

/// The columns this program knows, over all files.
package enum Column: Int, Sendable, CaseIterable {
  case addresses, agency, check, component, contact, criticality, declaredPercent, dependsOn, description
  case expires, externalID, host, importance, kind, mac, name, names, owner, parent, prefix, reason, rule
  case services, site, subject, system, tags, zone

  /// The name in the file's header.
  package var name: String {
    switch self {
    case .addresses: "addresses"
    case .agency: "agency"
    case .check: "check"
    case .component: "component"
    case .contact: "contact"
    case .criticality: "criticality"
    case .declaredPercent: "declared_percent"
    case .dependsOn: "depends_on"
    case .description: "description"
    case .expires: "expires"
    case .externalID: "external_id"
    case .host: "host"
    case .importance: "class"
    case .kind: "kind"
    case .mac: "mac"
    case .name: "name"
    case .names: "names"
    case .owner: "owner"
    case .parent: "parent"
    case .prefix: "prefix"
    case .reason: "reason"
    case .rule: "rule"
    case .services: "services"
    case .site: "site"
    case .subject: "subject"
    case .system: "system"
    case .tags: "tags"
    case .zone: "zone"
    }
  }
}
