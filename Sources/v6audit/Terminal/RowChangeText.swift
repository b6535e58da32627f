import Inventory
import Reporting
import Store

/// A change of a row as a line: `~ hosts web-01: addresses 2001:db8::1 → 2001:db8::2`.
struct RowChangeText {
  let text: String

  init(_ change: RowChange) {
    switch (change.before, change.after) {
    case (nil, let after?): text = "+ \(Self.name(after)): \(Self.cells(after.named))"
    case (let before?, nil): text = "- \(Self.name(before))"
    case (let before?, let after?):
      let old = Dictionary(before.named.map { ($0.column, $0.value) }) { first, _ in first }
      let new = Dictionary(after.named.map { ($0.column, $0.value) }) { first, _ in first }
      var columns = before.named.map(\.column)
      columns += after.named.map(\.column).filter { old[$0] == nil }
      let parts = columns.filter { old[$0] != new[$0] }.map { column in
        "\(column) \(Self.cell(old[column])) → \(Self.cell(new[column]))"
      }
      text = "~ \(Self.name(after)): \(parts.isEmpty ? "columns" : parts.joined(separator: "; "))"
    case (nil, nil): text = ""
    }
  }

  private static func name(_ row: RowText) -> String { "\(row.file.name.dropLast(4)) \(row.key)" }

  private static func cells(_ cells: [(column: String, value: String)]) -> String {
    // The first column is the key, as a rule.
    cells.dropFirst().map { "\($0.column) \(cell($0.value))" }.joined(separator: "; ")
  }

  private static func cell(_ value: String?) -> String {
    guard let value, !value.isEmpty else { return "(empty)" }
    return SafeText.printable(value)
  }
}
