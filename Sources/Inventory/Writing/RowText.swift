/// A row as text, as a register keeps it: its cells are as its file has them, and two rows are the same only if their texts are.
public struct RowText: Sendable, Hashable {
  /// The file it stands in.
  public var file: InventoryFile
  /// What tells it from the other rows of its file.
  public var key: String
  /// Rows of a file in ascending order of this are in the order that files are written in.
  public var place: String
  /// The cells of the known columns as a line of CSV.
  public var cells: String
  /// The names of the other columns as a line of CSV; empty where there are none.
  public var extraNames: String
  /// Their cells, likewise.
  public var extraCells: String

  /// A row that was kept.
  public init(
    file: InventoryFile, key: String, place: String, cells: String, extraNames: String, extraCells: String
  ) {
    (self.file, self.key, self.place) = (file, key, place)
    (self.cells, self.extraNames, self.extraCells) = (cells, extraNames, extraCells)
  }

  /// The text of a row.
  public init(_ row: InventoryRow) {
    (file, key, place) = (row.file, row.key, row.place)
    cells = CSVOutput.line(row.cells)
    extraNames = CSVOutput.line(row.extra.map(\.column))
    extraCells = CSVOutput.line(row.extra.map(\.value))
  }

  /// Its cells by the names of their columns, in the order of the file; empty ones are left out.
  public var named: [(column: String, value: String)] {
    let known = zip(file.columns.map(\.name), CSVOutput.cells(of: cells))
    let extra = zip(CSVOutput.cells(of: extraNames), CSVOutput.cells(of: extraCells))
    return (Array(known) + Array(extra)).filter { !$0.1.isEmpty }.map { (column: $0.0, value: $0.1) }
  }
}

extension InventoryRow {
  /// See `RowText.place`.
  var place: String {
    guard case .prefix(let row) = self else { return key }
    let (address, length) = (row.prefix.address, row.prefix.length)
    let digits = [address.high, address.low].map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    let width = String(length)
    return (address.family == .ipv4 ? "4" : "6") + digits.joined()
      + String(repeating: "0", count: 3 - width.count) + width
  }
}

extension CSVOutput {
  /// Cells as a line, without its end; nothing of no cell.
  static func line(_ cells: [String]) -> String {
    guard !cells.isEmpty else { return "" }
    var output = CSVOutput()
    output.row(cells)
    return String(decoding: output.bytes.dropLast(), as: UTF8.self)
  }

  /// The cells of a line that was written so.
  static func cells(of line: String) -> [String] {
    guard !line.isEmpty else { return [] }
    var reader = CSVReader(MemoryBytes(Array(line.utf8)), chunkSize: line.utf8.count)
    guard case .row? = try? reader.step() else { return [] }
    return reader.row.cells.indices.map { reader.row.text($0) }
  }
}

/// Writes files of rows that come as text, in their order.
public struct RowTextWriter {
  /// What was written and not taken away yet.
  public private(set) var bytes: [UInt8]
  private let extras: [String]

  /// Begins a file with its header.
  ///
  /// - Parameter extraNames: those of all rows, each list once, in the order in which the rows first have it.
  public init(_ file: InventoryFile, extraNames: some Sequence<String>) {
    var names: [String] = []
    for list in extraNames {
      for name in CSVOutput.cells(of: list) where !names.contains(name) { names.append(name) }
    }
    extras = names
    var output = CSVOutput()
    output.row(file.columns.map(\.name) + names)
    bytes = output.bytes
  }

  /// Adds a row.
  public mutating func add(_ row: RowText) {
    bytes += row.cells.utf8
    if !extras.isEmpty {
      let known = Dictionary(
        zip(CSVOutput.cells(of: row.extraNames), CSVOutput.cells(of: row.extraCells)),
        uniquingKeysWith: { first, _ in first })
      bytes.append(ASCII.comma)
      bytes += CSVOutput.line(extras.map { known[$0] ?? "" }).utf8
    }
    bytes.append(ASCII.lineFeed)
  }

  /// Hands over what was written so far.
  public mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
