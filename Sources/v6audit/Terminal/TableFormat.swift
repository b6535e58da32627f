import ArgumentParser
import Reporting

/// How a table is written to stdout.
enum TableFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv

  /// Writes a table; `nil`: for people on a terminal, else as CSV.
  static func show(_ table: CSVTable, as format: TableFormat?) {
    switch format ?? (Terminal.isInteractive ? .table : .csv) {
    case .table:
      let rows = [table.columns] + table.rows.map { $0.map(SafeText.printable) }
      for line in Columns.lines(rows, indent: 0) { Terminal.print(line) }
    case .csv: table.write { Terminal.print(bytes: $0) }
    }
  }
}
