/// A table of results: written as CSV (RFC 4180) with LF line ends, every cell made safe, or handed on as rows.
package struct CSVTable {
  package let columns: [String]
  /// Every row, in order, each with as many cells as there are columns. A run of many hosts has hundreds of
  /// thousands, so they are made one at a time as they are asked for.
  package let rows: AnySequence<[String]>

  /// A table of these columns, separated by commas.
  package init(_ columns: String, rows: some Sequence<[String]>) {
    self.columns = columns.split(separator: ",").map(String.init)
    self.rows = AnySequence(rows)
  }

  private static let pieceSize = 1 << 20

  /// The table as CSV, header first, in pieces of about a megabyte.
  var pieces: [[UInt8]] {
    var pieces: [[UInt8]] = []
    var piece: [UInt8] = []
    Self.append(columns, to: &piece)
    for row in rows {
      precondition(row.count == columns.count, "a row has as many cells as the table has columns")
      if piece.count >= Self.pieceSize {
        pieces.append(piece)
        piece = []
      }
      if piece.isEmpty { piece.reserveCapacity(Self.pieceSize + 1024) }
      Self.append(row, to: &piece)
    }
    return pieces + [piece]
  }

  /// The same in one.
  package var bytes: [UInt8] { Array(pieces.joined()) }

  /// The same as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Each row by column, for JSON.
  var objects: [[String: String]] { rows.map { Dictionary(zip(columns, $0)) { first, _ in first } } }

  private static func append(_ cells: [String], to bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += SafeText.cell(cell).utf8
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}
