/// Rows of RFC 4180 CSV.
package struct CSVOutput {
  /// What was written so far.
  package var bytes: [UInt8] = []

  /// Nothing was written yet.
  package init() {}

  /// Adds a row.
  package mutating func row(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(ASCII.comma) }
      add(cell)
    }
    bytes.append(ASCII.lineFeed)
  }

  private mutating func add(_ cell: String) {
    guard cell.utf8.contains(where: Self.needsQuotes) else {
      bytes += cell.utf8
      return
    }
    bytes.append(ASCII.quote)
    for byte in cell.utf8 {
      if byte == ASCII.quote { bytes.append(ASCII.quote) }
      bytes.append(byte)
    }
    bytes.append(ASCII.quote)
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte == ASCII.comma || byte == ASCII.quote || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
  }
}
