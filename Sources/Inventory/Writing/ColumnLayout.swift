/// One file of an inventory as rows of cells: the known columns, then the unknown ones in the order in which
/// the rows first name them.
struct ColumnLayout {
  /// The first row.
  var header: [String] { file.columns.map(\.name) + extras }
  /// How many rows follow it.
  let rowCount: Int

  private let file: InventoryFile
  private let inventory: Inventory
  private let extras: [String]

  init(_ file: InventoryFile, of inventory: Inventory) {
    self.file = file
    self.inventory = inventory
    switch file {
    case .agencies: (rowCount, extras) = Self.shape(inventory.agencies.lazy.map(\.extra))
    case .systems: (rowCount, extras) = Self.shape(inventory.systems.lazy.map(\.extra))
    case .hosts: (rowCount, extras) = Self.shape(inventory.hosts.lazy.map(\.extra))
    case .prefixes: (rowCount, extras) = Self.shape(inventory.prefixes.lazy.map(\.extra))
    case .zones: (rowCount, extras) = Self.shape(inventory.zones.lazy.map(\.extra))
    case .waivers: (rowCount, extras) = Self.shape(inventory.waivers.lazy.map(\.extra))
    }
  }

  /// The cells of row `index`.
  func cells(of index: Int) -> [String] {
    switch file {
    case .agencies: inventory.agencies[index].cells + extraCells(inventory.agencies[index].extra)
    case .systems: inventory.systems[index].cells + extraCells(inventory.systems[index].extra)
    case .hosts: inventory.hosts[index].cells + extraCells(inventory.hosts[index].extra)
    case .prefixes: inventory.prefixes[index].cells + extraCells(inventory.prefixes[index].extra)
    case .zones: inventory.zones[index].cells + extraCells(inventory.zones[index].extra)
    case .waivers: inventory.waivers[index].cells + extraCells(inventory.waivers[index].extra)
    }
  }

  private static func shape(_ rows: some Collection<[ExtraCell]>) -> (Int, [String]) {
    var names: [String] = []
    for cells in rows {
      // Rows from one file name the same columns: a quick look spares the search.
      if cells.lazy.map(\.column).elementsEqual(names) { continue }
      for cell in cells where !names.contains(cell.column) { names.append(cell.column) }
    }
    return (rows.count, names)
  }

  private func extraCells(_ cells: [ExtraCell]) -> [String] {
    if cells.lazy.map(\.column).elementsEqual(extras) { return cells.map(\.value) }
    return extras.map { name in cells.first { $0.column == name }?.value ?? "" }
  }
}
