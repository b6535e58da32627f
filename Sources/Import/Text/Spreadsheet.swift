import Inventory

/// A table as a spreadsheet program saved it: finds out the encoding and what separates its cells.
struct Spreadsheet {
  /// How its text is written.
  let encoding: TextEncoding
  /// How its table is written.
  let form: TableForm
  /// The cells of its first line, roughly: quotes are left out.
  let header: [String]
  private let path: String

  /// Looks at the file.
  ///
  /// - Parameters:
  ///   - headings: columns that go by other names: the heading as it stands in the file, and the column's name.
  ///   - isLenient: whether it is read as what a spreadsheet wrote; `nil`: unless it has the form of our own files, in which
  ///     text is kept as it is.
  init(path: String, headings: [String: String] = [:], isLenient: Bool? = nil) throws(FileFailure) {
    self.path = path
    encoding = try TextEncoding(of: FileBytes(path: path))
    let lines = try Self.firstLines(of: Self.text(path, encoding))
    // Excel may tell what separates cells in a line before the header: `sep=;`
    let told = lines[0].count == 5 && lines[0].starts(with: "sep=".utf8) ? lines[0].last : nil
    let line = told == nil ? lines[0] : lines[1]
    let separator = told ?? Self.separator(of: line)
    let known = Set(InventoryFile.allCases.flatMap(\.columns).map(\.name))
    header = line.split(separator: separator, omittingEmptySubsequences: false).map {
      String(decoding: $0.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
    let isOurs =
      encoding == .utf8 && separator == UInt8(ascii: ",") && headings.isEmpty
      && known.isSuperset(of: header.filter { known.contains($0.lowercased()) })
    form = TableForm(separator: separator, headings: headings, isLenient: isLenient ?? !isOurs)
  }

  /// The file of an inventory that its columns are those of: one whose required columns are all there, and of these the one
  /// that knows most of them.
  var file: InventoryFile? {
    func names(_ file: InventoryFile) -> Set<String> { Set(header.map { form.column(of: $0, in: file) }) }
    let fitting = InventoryFile.allCases.filter { file in
      names(file).isSuperset(of: file.requiredColumns.map(\.name))
    }
    return fitting.max { left, right in
      names(left).intersection(left.columns.map(\.name)).count
        < names(right).intersection(right.columns.map(\.name)).count
    }
  }

  /// The columns of its file that it does not have, by their places there.
  var missing: [Int] {
    guard let file else { return [] }
    let there = Set(header.map { form.column(of: $0, in: file) })
    return file.columns.indices.filter { !there.contains(file.columns[$0].name) }
  }

  /// Its text in UTF-8, composed, from the first byte on.
  func source() throws(FileFailure) -> TableSource {
    TableSource(bytes: try Self.text(path, encoding), form: form)
  }

  private static func text(_ path: String, _ encoding: TextEncoding) throws(FileFailure) -> any ByteSource {
    let bytes = try FileBytes(path: path)
    return ComposedBytes(encoding == .utf8 ? bytes : try TranscodedBytes(bytes, from: encoding))
  }

  /// The first two lines, as far as they are needed, without a byte-order mark.
  private static func firstLines(of source: any ByteSource) throws(FileFailure) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var reader = LineReader(source)
    while lines.count < 2, try reader.step() { lines.append(Array(reader.line)) }
    while lines.count < 2 { lines.append([]) }
    if lines[0].starts(with: [0xef, 0xbb, 0xbf]) { lines[0].removeFirst(3) }
    return lines
  }

  /// What is there most often outside quotes; a comma where nothing is.
  private static func separator(of line: [UInt8]) -> UInt8 {
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
