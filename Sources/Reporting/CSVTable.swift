import Observations

/// A table of results: written as CSV (RFC 4180) with LF line ends, every cell made safe, or handed on as rows.
package struct CSVTable {
  package let columns: [String]
  private let sections: Int
  private let section: @Sendable (Int) -> [[String]]

  /// A table of these columns, separated by commas, whose rows are made a section at a time as they are asked for, on any
  /// core: a run of many hosts has hundreds of thousands of them. Each row has as many cells as there are columns.
  package init(_ columns: String, sections: Int, section: @escaping @Sendable (Int) -> [[String]]) {
    self.columns = columns.split(separator: ",").map(String.init)
    self.sections = sections
    self.section = section
  }

  /// A small table.
  package init(_ columns: String, rows: [[String]]) {
    self.init(columns, sections: 1) { _ in rows }
  }

  /// Every row, in order.
  package var rows: some Sequence<[String]> { (0..<sections).lazy.flatMap(section) }

  /// A section is a host at most, of some kilobytes: pieces are about a megabyte.
  private static let sectionsInPiece = 256

  /// The table as CSV, header first, in pieces.
  var pieces: [[UInt8]] {
    var header: [UInt8] = []
    append(columns, to: &header)
    let starts = Array(stride(from: 0, to: sections, by: Self.sectionsInPiece))
    return [header]
      + starts.concurrentMap { start in
        var piece: [UInt8] = []
        for place in start..<min(start + Self.sectionsInPiece, sections) {
          for row in section(place) { append(row, to: &piece) }
        }
        return piece
      }
  }

  /// Hands over the table as CSV, header first, in pieces, each of which is made when the one before it was taken.
  package func write(_ body: ([UInt8]) -> Void) {
    var piece: [UInt8] = []
    append(columns, to: &piece)
    for place in 0..<sections {
      for row in section(place) { append(row, to: &piece) }
      if piece.count >= 1 << 16 {
        body(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    body(piece)
  }

  /// The same in one.
  package var bytes: [UInt8] { Array(pieces.joined()) }

  /// The same as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Each row by column, for JSON.
  var objects: [[String: String]] { rows.map { Dictionary(zip(columns, $0)) { first, _ in first } } }

  private func append(_ cells: [String], to bytes: inout [UInt8]) {
    precondition(cells.count == columns.count, "a row has as many cells as the table has columns")
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += SafeText.cell(cell).utf8
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}
