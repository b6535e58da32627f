/// One row of one of the files that an inventory is made of.
public enum InventoryRow: Sendable, Hashable {
  case agency(Agency)
  case system(System)
  case host(Host)
  case prefix(PrefixRule)
  case zone(Zone)
  case waiver(Waiver)

  /// The file it stands in.
  public var file: InventoryFile {
    switch self {
    case .agency: .agencies
    case .system: .systems
    case .host: .hosts
    case .prefix: .prefixes
    case .zone: .zones
    case .waiver: .waivers
    }
  }

  /// What tells it from the other rows of its file: the id, prefix or zone; of a waiver subject, check and last day.
  public var key: String {
    switch self {
    case .agency(let row): row.id
    case .system(let row): row.id
    case .host(let row): row.id
    case .prefix(let row): row.prefix.description
    case .zone(let row): row.name
    case .waiver(let row): "\(row.subject) \(row.check ?? "") \(row.expires)"
    }
  }

  /// Cells of the known columns, in their order.
  var cells: [String] {
    switch self {
    case .agency(let row): row.cells
    case .system(let row): row.cells
    case .host(let row): row.cells
    case .prefix(let row): row.cells
    case .zone(let row): row.cells
    case .waiver(let row): row.cells
    }
  }

  /// Cells of the other columns.
  var extra: [ExtraCell] {
    switch self {
    case .agency(let row): row.extra
    case .system(let row): row.extra
    case .host(let row): row.extra
    case .prefix(let row): row.extra
    case .zone(let row): row.extra
    case .waiver(let row): row.extra
    }
  }
}

extension Inventory {
  /// Adds a row at the end of its list.
  mutating func append(_ row: InventoryRow) {
    switch row {
    case .agency(let row): agencies.append(row)
    case .system(let row): systems.append(row)
    case .host(let row): hosts.append(row)
    case .prefix(let row): prefixes.append(row)
    case .zone(let row): zones.append(row)
    case .waiver(let row): waivers.append(row)
    }
  }
}
