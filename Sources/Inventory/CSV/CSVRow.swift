/// One row of a file: the text of its cells, one after another in a buffer that the next row uses again.
package struct CSVRow: Sendable {
  /// A cell: where its text lies in the buffer and where it stood in the file.
  package struct Cell: Sendable {
    /// The cell's text within the buffer, quotes removed.
    var range: Range<Int>
    /// Where the cell starts in the file: its first character, or its opening quote.
    package var position: CSVPosition
    /// Whether it was enclosed in quotes.
    var isQuoted: Bool
  }

  /// The text of all cells.
  var buffer: [UInt8] = []
  /// The cells from left to right.
  package var cells: [Cell] = []
  /// Where the row starts.
  var start = CSVPosition(line: 1, column: 1)
  /// Where the row ends: where a further cell's comma would stand.
  var end = CSVPosition(line: 1, column: 1)

  /// The UTF-8 text of cell `index`.
  package func bytes(_ index: Int) -> ArraySlice<UInt8> { buffer[cells[index].range] }

  /// The text of cell `index`.
  package func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  /// Where byte `offset` of a cell's text stood in the file.
  ///
  /// Worked out from the text, only when something is wrong: within quotes a quote was written twice, and a
  /// line break started a new line.
  package func position(of offset: Int, in index: Int) -> CSVPosition {
    let cell = cells[index]
    guard offset > 0 || cell.isQuoted else { return cell.position }
    var position = cell.position
    if cell.isQuoted { position.column += 1 }
    for byte in buffer[cell.range].prefix(offset) {
      switch byte {
      case ASCII.lineFeed where cell.isQuoted:
        position.line += 1
        position.column = 1
      case ASCII.quote where cell.isQuoted: position.column += 2
      default: position.column += UTF8Text.isContinuation(byte) ? 0 : 1
      }
    }
    return position
  }

  /// Makes room for the row that starts at `position`.
  mutating func restart(at position: CSVPosition) {
    buffer.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    start = position
    end = position
  }
}
