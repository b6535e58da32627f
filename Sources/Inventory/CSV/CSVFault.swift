/// What makes a row unreadable as RFC 4180 CSV in UTF-8.
package struct CSVFault: Sendable, Hashable {
  /// The ways a row can be broken.
  enum Kind: Sendable, Hashable {
    /// The file starts with the byte-order mark of UTF-16.
    case utf16
    /// A byte that is no part of a well-formed UTF-8 character.
    case invalidUTF8(UInt8)
    /// A control character other than a tab or a line break.
    case control(UInt8)
    /// A carriage return outside quotes that no line feed follows.
    case bareCarriageReturn
    /// A quote inside a cell that does not start with one.
    case quoteInsideCell
    /// Text between a closing quote and the next comma; where the quotes were opened.
    case textAfterQuote(opened: CSVPosition)
    /// Quotes that the file's end leaves open.
    case quoteNeverClosed
    /// A row of more text than `CSVReader.longestRow`.
    case rowTooLong
    /// A row of more cells than `CSVReader.mostCells`.
    case tooManyCells
  }

  /// What is wrong.
  var kind: Kind
  /// The byte, quote or cell that is wrong.
  package var position: CSVPosition

  /// Whether rows that follow may have been swallowed with this one.
  var mayHideRows: Bool {
    switch kind {
    case .utf16, .bareCarriageReturn, .quoteNeverClosed, .rowTooLong, .tooManyCells: true
    case .textAfterQuote(let opened): opened.line != position.line
    case .invalidUTF8, .control, .quoteInsideCell: false
    }
  }
}
