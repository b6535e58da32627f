import Foundation

/// A CSV file as RFC 4180 has it, read strictly and by no code of the program's own.
struct Table {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  let columns: [String]
  /// Each row by column.
  let rows: [[String: String]]

  /// Reads a file.
  init(_ path: String) throws {
    try self.init(text: try String(contentsOfFile: path, encoding: .utf8), named: path)
  }

  /// Reads text; a quote in a bare cell, a row of another length and a missing line end are faults.
  init(text: String, named name: String) throws {
    var records: [[String]] = []
    var record: [String] = []
    var cell = ""
    var isQuoted = false
    var wasQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\"" where isQuoted && next == "\"":
        cell.unicodeScalars.append(scalar)
        next = scalars.next()
      case "\"" where isQuoted: isQuoted = false
      case _ where isQuoted: cell.unicodeScalars.append(scalar)
      case "\"" where cell.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
      case ",", "\n":
        record.append(cell)
        (cell, wasQuoted) = ("", false)
        if scalar == "\n" {
          records.append(record)
          record = []
        }
      default:
        if wasQuoted || scalar == "\"" || scalar == "\r" {
          throw Fault(description: "\(name): a stray \(scalar.debugDescription) in row \(records.count + 1)")
        }
        cell.unicodeScalars.append(scalar)
      }
    }
    guard cell.isEmpty, record.isEmpty, !isQuoted, let header = records.first else {
      throw Fault(description: "\(name): it does not end with a whole row")
    }
    columns = header
    rows = try records.dropFirst().map { cells in
      guard cells.count == header.count else {
        throw Fault(
          description: "\(name): \(cells.count) cells where the header has \(header.count): \(cells)")
      }
      return Dictionary(zip(header, cells)) { first, _ in first }
    }
  }

  /// The rows in which each of these columns has this value.
  func rows(where wanted: [String: String]) -> [[String: String]] {
    rows.filter { row in wanted.allSatisfy { row[$0.key] == $0.value } }
  }
}

extension [String: String] {
  /// The cell of a column; empty if there is no such column.
  func cell(_ column: String) -> String { self[column] ?? "" }

  /// The words of a cell.
  func list(_ column: String) -> [String] { cell(column).split(separator: " ").map(String.init) }
}
