import Inventory

/// A table as a spreadsheet program saved it: finds out the encoding and what separates its cells.
struct Spreadsheet {
  /// How its text is written.
  let encoding: TextEncoding
  /// How its table is written.
  let form: TableForm
  private let path: String

  /// Looks at the file.
  ///
  /// - Parameters:
  ///   - file: what it is to hold.
  ///   - headings: columns that go by other names: the heading as it stands in the file, and the column's name.
  init(path: String, holding file: InventoryFile, headings: [String: String] = [:]) throws(FileFailure) {
    self.path = path
    encoding = try TextEncoding(of: FileBytes(path: path))
    let line = try Self.firstLine(of: Self.text(path, encoding))
    form = TableForm(separator: Self.separator(of: line), headings: headings, isLenient: true)
  }

  /// Its text in UTF-8, composed, from the first byte on.
  func source() throws(FileFailure) -> TableSource {
    TableSource(bytes: try Self.text(path, encoding), form: form)
  }

  private static func text(_ path: String, _ encoding: TextEncoding) throws(FileFailure) -> any ByteSource {
    let bytes = try FileBytes(path: path)
    return ComposedBytes(encoding == .utf8 ? bytes : try TranscodedBytes(bytes, from: encoding))
  }

  /// The first line, as far as it is needed.
  private static func firstLine(of source: any ByteSource) throws(FileFailure) -> [UInt8] {
    var line: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while line.count < 1 << 16 {
      let count = try source.read(into: &chunk, from: 0)
      if count == 0 { break }
      line += chunk[..<count]
      if let end = line.firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) { return Array(line[..<end]) }
    }
    return line
  }

  /// What is there most often outside quotes; a comma where nothing is.
  private static func separator(of line: [UInt8]) -> UInt8 {
    // The file may tell: `sep=;`
    if line.count == 5, line.starts(with: "sep=".utf8) { return line[4] }
    let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}
