/// Reads RFC 4180 CSV from a stream of bytes, one row at a time, in memory bounded by one row.
///
/// Beyond the RFC: lines end with LF or CRLF, a UTF-8 byte-order mark is dropped, empty lines are skipped. A
/// fault spoils its row only: the rest of the row is taken as well as it can be, so that the next row is
/// found again and one run reports every faulty row.
package struct CSVReader {
  /// The most text one row may have, in bytes. Past it a quote was most likely left open.
  static let longestRow = 1 << 20
  /// The most cells one row may have.
  static let mostCells = 1024

  /// What a step found.
  package enum Step {
    /// `row` is the next row.
    case row
    /// `row` is the next row as far as it can be told, and this is what is wrong with it.
    case fault(CSVFault)
    /// No more rows.
    case end
  }

  /// The row read last.
  package private(set) var row = CSVRow()

  private let source: any ByteSource
  /// What stands between two cells.
  private let separator: UInt8
  private var chunk: [UInt8]
  private var next = 0
  private var end = 0
  private var position = CSVPosition(line: 1, column: 1)
  private var fault: CSVFault?
  private var cellStart = CSVPosition(line: 1, column: 1)
  private var hasStarted = false
  private var isUTF16 = false
  /// Whether a byte above 0x7F was taken since the last cell ended.
  private var hasHighByte = false

  package init(
    _ source: any ByteSource, separator: UInt8 = UInt8(ascii: ","), chunkSize: Int = 1 << 17
  ) {
    self.source = source
    self.separator = separator
    chunk = Array(repeating: 0, count: max(4, chunkSize))
  }

  /// Reads the next row into `row`.
  package mutating func step() throws(FileFailure) -> Step {
    fault = nil
    if !hasStarted {
      hasStarted = true
      try dropByteOrderMark()
      if isUTF16 { return .fault(CSVFault(kind: .utf16, position: position)) }
    }
    guard !isUTF16 else { return .end }
    while try fill() {
      row.restart(at: position)
      if try lineBreak() { continue }
      repeat {
        cellStart = position
        if try fill(), chunk[next] == ASCII.quote {
          try quotedCell()
        } else {
          try plainCell(from: row.buffer.count, isQuoted: false)
        }
      } while try isSeparated()
      row.end = position
      _ = try lineBreak()
      return fault.map { .fault($0) } ?? .row
    }
    return .end
  }

  /// Makes sure that a byte can be read at `next`; `false` at the end of the file.
  private mutating func fill() throws(FileFailure) -> Bool {
    if next < end { return true }
    next = 0
    end = try source.read(into: &chunk, from: 0)
    return end > 0
  }

  /// Drops the mark of UTF-8 and recognises those of UTF-16, which cannot be read on.
  private mutating func dropByteOrderMark() throws(FileFailure) {
    while end < 3 {
      let count = try source.read(into: &chunk, from: end)
      if count == 0 { break }
      end += count
    }
    let start = chunk[..<min(end, 3)]
    if start.elementsEqual([0xef, 0xbb, 0xbf]) { next = 3 }
    isUTF16 = start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff])
  }

  private mutating func isSeparated() throws(FileFailure) -> Bool {
    guard try fill(), chunk[next] == separator else { return false }
    next += 1
    position.column += 1
    return true
  }

  /// Takes LF or CRLF. A carriage return alone is left for `plainCell` to complain about.
  private mutating func lineBreak() throws(FileFailure) -> Bool {
    guard try fill() else { return false }
    if chunk[next] == ASCII.lineFeed {
      next += 1
    } else if try startsCRLF() {
      next += 2
    } else {
      return false
    }
    position = CSVPosition(line: position.line + 1, column: 1)
    return true
  }

  /// Whether CR and LF come next; reads on when the chunk ends between them.
  private mutating func startsCRLF() throws(FileFailure) -> Bool {
    guard chunk[next] == ASCII.carriageReturn else { return false }
    if next + 1 == end {
      chunk[0] = ASCII.carriageReturn
      next = 0
      end = 1 + (try source.read(into: &chunk, from: 1))
    }
    return next + 1 < end && chunk[next + 1] == ASCII.lineFeed
  }

  /// Reads up to the separator, line end or end of file that ends a cell without quotes, or the rest of one
  /// whose closing quote was followed by text.
  private mutating func plainCell(from offset: Int, isQuoted: Bool) throws(FileFailure) {
    let separator = separator
    scan: while try fill() {
      takeRun { byte in
        byte >= ASCII.space && byte != separator && byte != ASCII.quote && byte != ASCII.delete
      }
      guard next < end else { continue }
      let byte = chunk[next]
      switch byte {
      case separator, ASCII.lineFeed: break scan
      case ASCII.carriageReturn:
        if try startsCRLF() { break scan }
        note(.bareCarriageReturn, at: position)
      case ASCII.quote:
        note(.quoteInsideCell, at: position)
      case ASCII.tab: break
      default: note(.control(byte), at: position)
      }
      take()
    }
    finishCell(from: offset, isQuoted: isQuoted)
  }

  /// Reads a cell in quotes (RFC 4180 §2.5–2.7).
  private mutating func quotedCell() throws(FileFailure) {
    let offset = row.buffer.count
    next += 1
    position.column += 1
    while try fill() {
      takeRun { byte in byte >= ASCII.space && byte != ASCII.quote && byte != ASCII.delete }
      guard next < end else { continue }
      let byte = chunk[next]
      if byte == ASCII.quote {
        next += 1
        position.column += 1
        guard try fill() else { return finishCell(from: offset, isQuoted: true) }
        switch chunk[next] {
        case ASCII.quote: break
        case separator, ASCII.lineFeed:
          return finishCell(from: offset, isQuoted: true)
        default:
          if try startsCRLF() { return finishCell(from: offset, isQuoted: true) }
          note(.textAfterQuote(opened: cellStart), at: position)
          return try plainCell(from: offset, isQuoted: true)
        }
      } else if ASCII.isForbiddenControl(byte) {
        note(.control(byte), at: position)
      }
      take()
      if byte == ASCII.lineFeed { position = CSVPosition(line: position.line + 1, column: 1) }
    }
    note(.quoteNeverClosed, at: cellStart)
    finishCell(from: offset, isQuoted: true)
  }

  /// Takes bytes of the chunk as long as they are plain text.
  private mutating func takeRun(while isPlain: (UInt8) -> Bool) {
    var index = next
    var continuations = 0
    var seen: UInt8 = 0
    while index < end {
      let byte = chunk[index]
      guard isPlain(byte) else { break }
      seen |= byte
      if UTF8Text.isContinuation(byte) { continuations += 1 }
      index += 1
    }
    if seen >= 0x80 { hasHighByte = true }
    append(chunk[next..<index])
    position.column += index - next - continuations
    next = index
  }

  /// Takes one byte of the chunk as text.
  private mutating func take() {
    append(chunk[next..<next + 1])
    next += 1
    position.column += 1
  }

  /// Adds to the row's text. Past the limit the text is dropped, so that memory stays bounded.
  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    if row.buffer.count + bytes.count <= Self.longestRow {
      row.buffer.append(contentsOf: bytes)
    } else {
      note(.rowTooLong, at: cellStart)
    }
  }

  private mutating func finishCell(from offset: Int, isQuoted: Bool) {
    guard row.cells.count < Self.mostCells else { return note(.tooManyCells, at: cellStart) }
    row.cells.append(CSVRow.Cell(range: offset..<row.buffer.count, position: cellStart, isQuoted: isQuoted))
    guard hasHighByte else { return }
    hasHighByte = false
    if let wrong = UTF8Text.firstFault(in: row.buffer[offset...]) {
      let kind = CSVFault.Kind.invalidUTF8(row.buffer[offset + wrong])
      note(kind, at: row.position(of: wrong, in: row.cells.count - 1))
    }
  }

  /// Gives the row `width` cells by adding empty ones or leaving them out at its end; `false` where these hold something.
  mutating func levelOut(to width: Int) -> Bool {
    guard row.cells.dropFirst(width).allSatisfy(\.range.isEmpty) else { return false }
    row.cells.removeLast(max(0, row.cells.count - width))
    let end = row.buffer.count
    while row.cells.count < width {
      row.cells.append(CSVRow.Cell(range: end..<end, position: row.end, isQuoted: false))
    }
    return true
  }

  /// Keeps the first fault of a row.
  private mutating func note(_ kind: CSVFault.Kind, at position: CSVPosition) {
    if fault == nil { fault = CSVFault(kind: kind, position: position) }
  }
}
