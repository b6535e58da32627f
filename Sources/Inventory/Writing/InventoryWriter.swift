import Observations

/// Writes inventories as the files that `InventoryReader` reads.
///
/// RFC 4180 with LF, quotes only where they are needed, rows in the order of the inventory, the known columns
/// first and the unknown ones after them. The same inventory always gives the same bytes, and reading them
/// gives the same inventory.
///
/// Text is written as it is. These files are input: a cell that a spreadsheet would run as a formula must
/// come back as it was, so it is not escaped here (result files do escape it).
public enum InventoryWriter {
  /// The bytes of one file, header included, even when it has no rows.
  public static func bytes(of file: InventoryFile, in inventory: Inventory) -> [UInt8] {
    var result: [UInt8] = []
    write(file, of: inventory) { result += $0 }
    return result
  }

  /// Writes one file in pieces, so that it need not be in memory as a whole.
  ///
  /// - Parameter sink: is handed piece after piece; what it throws is passed on.
  public static func write<Failure>(
    _ file: InventoryFile, of inventory: Inventory, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var output = CSVOutput()
    let layout = ColumnLayout(file, of: inventory)
    output.row(layout.header)
    for index in 0..<layout.rowCount {
      output.row(layout.cells(of: index))
      if output.bytes.count >= 1 << 16 {
        try sink(output.bytes)
        output.bytes.removeAll(keepingCapacity: true)
      }
    }
    if !output.bytes.isEmpty { try sink(output.bytes) }
  }

  /// Writes the whole inventory as one stream, to be hashed: each file's name, a zero byte, its bytes, a zero
  /// byte. No cell can hold a zero byte, so two inventories have the same stream only if they are the same.
  ///
  /// - Parameter sink: is handed piece after piece; what it throws is passed on.
  public static func writeCanonical<Failure>(
    _ inventory: Inventory, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    for file in InventoryFile.allCases {
      try sink(Array(file.name.utf8) + [0])
      try write(file, of: inventory, to: sink)
      try sink([0])
    }
  }
}
