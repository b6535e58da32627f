/// Lines of cells, padded so that columns stand under each other.
enum Columns {
  /// The rows as lines, each indented, the last column not padded.
  static func lines(_ rows: [[String]], indent: Int = 2) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.filter { $0.count > column + 1 }.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        index + 1 == row.count ? cell : cell.padded(to: widths[index])
      }
      return String(repeating: " ", count: indent) + cells.joined(separator: "  ")
    }
  }
}

extension String {
  /// The text with spaces behind it, so that it fills a column.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
