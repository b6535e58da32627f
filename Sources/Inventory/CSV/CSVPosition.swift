/// A place in a file as an editor shows it.
package struct CSVPosition: Sendable, Hashable, Comparable {
  /// The physical line, from 1; a quoted line break counts.
  package var line: Int
  /// The Unicode scalar within the line, from 1; a byte-order mark does not count.
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: CSVPosition, right: CSVPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
