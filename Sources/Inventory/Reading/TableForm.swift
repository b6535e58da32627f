/// Where a table's bytes come from, and how they are to be read.
package struct TableSource {
  package var bytes: any ByteSource
  package var form: TableForm

  package init(bytes: any ByteSource, form: TableForm = TableForm()) {
    self.bytes = bytes
    self.form = form
  }
}

/// How a table is written. The files of an inventory have the plain form; spreadsheets have their own.
package struct TableForm: Sendable, Hashable {
  /// What stands between two cells.
  package var separator: UInt8
  /// Columns under other headings: the heading as it stands in the file, and the column's name.
  package var headings: [String: String]
  /// Whether what can mean one thing only is taken for that, with a notice: ids in capitals, dates as spreadsheets write
  /// them, white space around a cell, other separators in a list.
  package var isLenient: Bool

  package init(
    separator: UInt8 = UInt8(ascii: ","), headings: [String: String] = [:], isLenient: Bool = false
  ) {
    self.separator = separator
    self.headings = headings
    self.isLenient = isLenient
  }

  /// The name of the column that has this heading.
  package func column(of heading: String, in file: InventoryFile) -> String {
    if let name = headings[heading] ?? headings[heading.trimmed] { return name }
    guard isLenient else { return heading }
    let plain = heading.trimmed.lowercased().split { $0 == " " || $0 == "-" || $0 == "_" }.joined(
      separator: "_")
    return file.columns.contains { $0.name == plain } ? plain : heading
  }

  /// Whether a byte separates two items of a list.
  func separatesItems(_ byte: UInt8) -> Bool {
    switch byte {
    case ASCII.space: true
    case ASCII.comma, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn, UInt8(ascii: ";"), UInt8(ascii: "|"):
      isLenient
    default: false
    }
  }
}
