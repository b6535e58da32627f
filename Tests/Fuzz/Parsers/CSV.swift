@testable import Inventory

extension FuzzParser {
  /// The same rows in whatever pieces the bytes come, and the same again when written and read.
  static let csv = FuzzParser("csv") { input throws(Violation) in
    let rows = try CSVRows(input, step: .max, chunk: 1 << 12)
    for (step, chunk) in [(1, 1 << 12), (3, 4), (.max, 5)] {
      try require(
        try CSVRows(input, step: step, chunk: chunk) == rows, "in pieces of \(step) it is read otherwise")
    }
    guard rows.faults.isEmpty, !rows.cells.contains([""]) else { return }
    var output = CSVOutput()
    for row in rows.cells { output.row(row) }
    let again = try CSVRows(output.bytes, step: .max, chunk: 1 << 12)
    // A mark at the very start is taken for the byte-order mark that it is.
    guard rows.cells.first?.first?.unicodeScalars.first != "\u{feff}" else { return }
    try require(again.cells == rows.cells && again.faults.isEmpty, "written and read again it differs")
  }
}

/// Throws unless the text is one cell of a row.
func checkCell(_ text: String) throws(Violation) {
  let rows = try CSVRows(Array("x,\(text),x\n".utf8), step: .max, chunk: 1 << 12)
  try require(rows.faults.isEmpty, "a cell that is no CSV: \(rows.faults)")
  try require(rows.cells.count == 1 && rows.cells.first?.count == 3, "a cell that is not one: \(rows.cells)")
  let first = rows.cells.first?.dropFirst().first?.unicodeScalars.first
  try require(first.map { !"=+-@".unicodeScalars.contains($0) } ?? true, "a cell that a spreadsheet runs")
}

/// All that a file says.
private struct CSVRows: Equatable {
  var cells: [[String]] = []
  var faults: [CSVFault] = []

  init(_ bytes: [UInt8], step: Int, chunk: Int) throws(Violation) {
    var reader = CSVReader(MemoryBytes(bytes, step: step), chunkSize: chunk)
    while true {
      let found: CSVReader.Step
      do {
        found = try reader.step()
      } catch {
        throw Violation("memory that cannot be read: \(error)")
      }
      switch found {
      case .row: cells.append(reader.row.cells.indices.map { reader.row.text($0) })
      case .fault(let fault):
        faults.append(fault)
        try require(fault.position.line >= 1 && fault.position.column >= 1, "a fault nowhere")
      case .end: return
      }
    }
  }
}
