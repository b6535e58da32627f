/// A table of results: written as CSV (RFC 4180) with LF line ends, every cell made safe, or handed on as rows.
struct CSVTable {
  let columns: [String]
  private(set) var rows: [[String]] = []

  init(_ columns: String) { self.columns = columns.split(separator: ",").map(String.init) }

  mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has as many cells as the table has columns")
    rows.append(cells)
  }

  /// The table as CSV, header first.
  var text: String {
    ([columns] + rows).map { $0.map(SafeText.cell).joined(separator: ",") + "\n" }.joined()
  }

  /// Each row by column, for JSON.
  var objects: [[String: String]] {
    rows.map { Dictionary(zip(columns, $0)) { first, _ in first } }
  }
}
