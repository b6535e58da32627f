/// One file while it is read: what its header says, its current row, and where complaints go.
///
/// A class, because the functions that read cells, complain and go on to the next row share it.
final class Table {
  let file: InventoryFile
  let report: Report
  let form: TableForm
  /// The current row.
  var row: CSVRow { reader.row }
  /// Whether the current row has the cells it must have; if not, a complaint about it was made.
  private(set) var isWhole = false
  /// Whether rows may be missing from what was read.
  private(set) var hidesRows = false

  private var reader: CSVReader
  /// The index of each known column's cell, by `Column.rawValue`; -1 where the file does not have it.
  private var indices = Array(repeating: -1, count: Column.allCases.count)
  private var extras: [(index: Int, name: String)] = []
  private var width = 0

  /// Reads the header; `nil` when it cannot be used, after complaining.
  init?(_ file: InventoryFile, from source: any ByteSource, form: TableForm, report: Report) {
    self.file = file
    self.report = report
    self.form = form
    reader = CSVReader(source, separator: form.separator)
    guard readHeader() else { return nil }
  }

  /// Goes on to the next row; `false` at the end.
  func next() -> Bool {
    switch step() {
    case .end: return false
    case .fault(let fault):
      complain(about: fault)
      isWhole = false
    case .row:
      // Rows that a spreadsheet once held something in come out as separators alone.
      if form.isLenient, row.buffer.isEmpty { return next() }
      isWhole = hasRightWidth() && hasRequiredCells()
    }
    return true
  }

  /// The index of a column's cell; `nil` where the file does not have the column or the row not the cell.
  func index(of column: Column) -> Int? {
    let index = indices[column.rawValue]
    return index >= 0 && index < row.cells.count ? index : nil
  }

  /// The cells of unknown columns.
  var extraCells: [ExtraCell] {
    extras.map { ExtraCell(column: $0.name, value: row.text($0.index)) }
  }

  /// A file that cannot be read on ends here, with a complaint.
  private func step() -> CSVReader.Step {
    do {
      return try reader.step()
    } catch {
      report.problem(file: file.name, what: "file", error.complaint)
      hidesRows = true
      return .end
    }
  }

  private func complain(about fault: CSVFault) {
    report.problem(file, at: fault.position, what: fault.what, fault.complaint)
    if fault.mayHideRows { hidesRows = true }
  }

  private func hasRightWidth() -> Bool {
    let count = row.cells.count
    if count == width { return true }
    if form.isLenient, reader.levelOut(to: width) { return true }
    let remedy =
      "give every row \(width) cell\(width == 1 ? "" : "s"), and put quotes around a cell that holds a comma"
    let why = "it has \(count) cell\(count == 1 ? "" : "s"), but the header has \(width)"
    report.problem(
      file, at: count > width ? row.cells[width].position : row.end, what: "row", Complaint(why, remedy))
    return false
  }

  private func hasRequiredCells() -> Bool {
    var isComplete = true
    for column in file.requiredColumns {
      guard let index = index(of: column) else { continue }
      if isBlank(row.bytes(index)) {
        report.problem(
          file, at: row.cells[index].position, what: column.name,
          Complaint("it is empty", "fill it in, or delete the row"))
        isComplete = false
      }
    }
    return isComplete
  }

  private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    if first > ASCII.space && first < 0x80 { return false }
    return String(decoding: bytes, as: UTF8.self).trimmed.isEmpty
  }
}

// MARK: - The header

extension Table {
  private func readHeader() -> Bool {
    let start = CSVPosition(line: 1, column: 1)
    switch step() {
    case .end:
      guard !hidesRows else { return false }
      let names = file.requiredColumns.map(\.name).joined(separator: ",")
      report.problem(
        file, at: start, what: "file",
        Complaint("it is empty", "let the first line name the columns, at least \(names)"))
      return false
    case .fault(let fault):
      complain(about: fault)
      return false
    case .row:
      // Where a spreadsheet tells the other what separates its cells, the header comes second.
      if form.isLenient, row.cells.count <= 2, row.text(0).hasPrefix("sep=") { return readHeader() }
    }
    width = row.cells.count
    var names: [String: CSVPosition] = [:]
    var isUsable = true
    for index in row.cells.indices where !takeColumn(index, names: &names) { isUsable = false }
    guard isUsable else { return false }
    let missing = file.requiredColumns.filter { indices[$0.rawValue] < 0 }
    for column in missing {
      report.problem(
        file, at: row.start, what: "column \(quoted(column.name))",
        Complaint("it is missing from the header", missingColumnRemedy(column)))
    }
    return missing.isEmpty
  }

  private func takeColumn(_ index: Int, names: inout [String: CSVPosition]) -> Bool {
    let written = row.text(index)
    let name = form.column(of: written, in: file)
    let position = row.cells[index].position
    let what = "column \(quoted(name))"
    func refuse(_ why: String, _ remedy: String) -> Bool {
      report.problem(file, at: position, what: what, Complaint(why, remedy))
      return false
    }
    let trimmed = name.trimmed
    guard !trimmed.isEmpty else {
      // To the right of a table spreadsheets add columns without anything.
      if form.isLenient { return true }
      return refuse("it has no name", "name it, or delete the comma and this cell of every row")
    }
    if let first = names[name] {
      return refuse(
        "it is there twice, first at \(first.line):\(first.column)", "rename or delete one of them")
    }
    names[name] = position
    if let column = file.columns.first(where: { $0.name == name }) {
      indices[column.rawValue] = index
      return true
    }
    // A known column under a name that differs in case or by a space would be taken for an unknown one, and
    // everything in it be left out without a word.
    if let column = file.columns.first(where: { $0.name == trimmed.lowercased() }) {
      return refuse("column names are written exactly", "write \(column.name)")
    }
    extras.append((index, name))
    if let likely = closest(to: trimmed, among: file.columns.map(\.name)) {
      report.notice(
        file, at: position, what: what,
        Complaint("it is not known and means nothing here", "if \(likely) is meant, write that"))
    }
    return true
  }

  private func missingColumnRemedy(_ column: Column) -> String {
    if row.cells.count == 1 {
      for (separator, name) in [(";", "semicolons"), ("\t", "tabs")] where row.text(0).contains(separator) {
        return "separate the cells by commas, not by \(name)"
      }
    }
    return "add it, or name the column that holds it so"
  }
}
