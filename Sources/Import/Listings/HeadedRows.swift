import Inventory

/// A table whose columns are found by their headings, as other programs' exports are: what this one does not know of is left
/// alone.
struct HeadedRows {
  /// The name that complaints call the file by.
  let name: String
  private let report: Report
  private var reader: CSVReader
  private var columns: [String: Int] = [:]
  private var width = 0

  /// Reads the header; `nil` when it cannot be used, after complaining.
  init?(_ source: TableSource, name: String, report: Report) throws(FileFailure) {
    (self.name, self.report) = (name, report)
    reader = CSVReader(source.bytes, separator: source.form.separator)
    guard try step() else {
      let complaint = Complaint("it is empty", "export it again")
      report.problem(
        InventoryProblem(
          file: name, line: 1, column: 1, what: "file", why: complaint.why, remedy: complaint.remedy))
      return nil
    }
    width = reader.row.cells.count
    for index in reader.row.cells.indices {
      let key = Self.key(reader.row.text(index))
      if columns[key] == nil { columns[key] = index }
    }
  }

  /// Headings are told apart by their letters and digits alone: `DNS Name` is `dns_name`.
  private static func key(_ heading: String) -> String {
    String(
      heading.lowercased().unicodeScalars.filter {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      })
  }

  /// Whether there is a column of one of these headings.
  func has(_ headings: String...) -> Bool { headings.contains { columns[Self.key($0)] != nil } }

  /// Goes on to the next row without a fault; `false` at the end.
  mutating func next() throws(FileFailure) -> Bool {
    while try step() {
      if reader.row.cells.count == width { return true }
      problem(
        reader.row.cells.first?.position ?? CSVPosition(line: 1, column: 1), "row",
        Complaint(
          "it has \(reader.row.cells.count) cells, but the header has \(width)", "export the file again"))
    }
    return false
  }

  /// The text of the first of these columns that there is and that holds something; empty where none does.
  func text(_ headings: String...) -> String {
    for heading in headings {
      guard let index = columns[Self.key(heading)] else { continue }
      let text = reader.row.text(index)
      if !text.isEmpty { return text }
    }
    return ""
  }

  /// Where a cell of this column stands.
  func position(_ heading: String) -> CSVPosition {
    columns[Self.key(heading)].map { reader.row.cells[$0].position } ?? reader.row.cells.first?.position
      ?? CSVPosition(line: 1, column: 1)
  }

  /// Complains at a place.
  func problem(_ position: CSVPosition, _ what: String, _ complaint: Complaint) {
    report.problem(
      InventoryProblem(
        file: name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: complaint.remedy))
  }

  /// Says what may be as it should be.
  func notice(_ position: CSVPosition, _ what: String, _ why: String, _ remedy: String) {
    report.notice(
      InventoryProblem(
        file: name, line: position.line, column: position.column, what: what, why: why, remedy: remedy))
  }

  /// A cell that must hold what `read` can read; `nil` with a complaint where it does not.
  func value<Value>(
    _ heading: String, _ noun: String, _ read: (ArraySlice<UInt8>) throws(Complaint) -> Value
  ) -> Value? {
    let text = text(heading)
    do throws(Complaint) {
      return try read(Array(text.utf8)[...])
    } catch {
      problem(position(heading), "\(noun) \(quoted(text))", error)
      return nil
    }
  }

  /// Goes on to the next row, faults complained about.
  private mutating func step() throws(FileFailure) -> Bool {
    while true {
      switch try reader.step() {
      case .end: return false
      case .row: return true
      case .fault(let fault): problem(fault.position, fault.what, fault.complaint)
      }
    }
  }
}
