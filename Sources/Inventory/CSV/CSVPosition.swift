/// A place in a file as an editor shows it.
struct CSVPosition: Sendable, Hashable, Comparable {
  /// The physical line, from 1; a quoted line break counts.
  var line: Int
  /// The Unicode scalar within the line, from 1; a byte-order mark does not count.
  var column: Int

  static func < (left: CSVPosition, right: CSVPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
