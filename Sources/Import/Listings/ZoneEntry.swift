import Inventory

/// One entry of a master file: its words, with parentheses and comments gone (RFC 1035 §5.1).
struct ZoneEntry: Sendable {
  /// A word, as it stands in the file, or what was between quotes.
  struct Word: Sendable {
    var bytes: [UInt8]
    var position: CSVPosition
    var isQuoted = false

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// For keywords, which have no case.
    var upper: String { text.uppercased() }
  }

  var words: [Word] = []
  /// Whether it begins with a blank, so that its owner is that of the entry before.
  var inheritsOwner = false
}

/// Reads a master file entry by entry.
struct ZoneEntryReader {
  /// The most words an entry may have: an endless one must not fill the memory.
  static let mostWords = 4096

  private var lines: LineReader
  private let problem: (CSVPosition, String, Complaint) -> Void

  init(_ source: any ByteSource, problem: @escaping (CSVPosition, String, Complaint) -> Void) {
    lines = LineReader(source)
    self.problem = problem
  }

  /// The next entry that has a word; `nil` at the end.
  mutating func next() throws(FileFailure) -> ZoneEntry? {
    var entry = ZoneEntry()
    var opened: CSVPosition?
    while try lines.step() {
      if lines.isCut {
        problem(
          CSVPosition(line: lines.number, column: 1), "line",
          Complaint("it has more than \(LineReader.longest) bytes", "split it with parentheses"))
        continue
      }
      if opened == nil, entry.words.isEmpty {
        entry.inheritsOwner = lines.line.first.map(Self.isBlank) ?? false
      }
      scan(&entry, &opened)
      if opened == nil, !entry.words.isEmpty { return entry }
    }
    if let opened {
      problem(opened, "parenthesis", Complaint("it is never closed", "close it where the entry ends"))
    }
    return entry.words.isEmpty ? nil : entry
  }

  /// Takes the words of one line.
  private func scan(_ entry: inout ZoneEntry, _ opened: inout CSVPosition?) {
    let line = lines.line
    var index = line.startIndex
    var column = 1
    func here() -> CSVPosition { CSVPosition(line: lines.number, column: column) }
    func step() {
      index += 1
      if index < line.endIndex, line[index] & 0xc0 == 0x80 { return }
      column += 1
    }
    while index < line.endIndex {
      let byte = line[index]
      switch byte {
      case UInt8(ascii: ";"): return
      case UInt8(ascii: "("):
        if opened != nil {
          problem(here(), "parenthesis", Complaint("another one is open", "delete one of them"))
        }
        opened = opened ?? here()
        step()
      case UInt8(ascii: ")"):
        if opened == nil { problem(here(), "parenthesis", Complaint("none is open", "delete it")) }
        opened = nil
        step()
      case _ where Self.isBlank(byte): step()
      default:
        var word = ZoneEntry.Word(bytes: [], position: here(), isQuoted: byte == UInt8(ascii: "\""))
        if word.isQuoted { step() }
        var isClosed = !word.isQuoted
        while index < line.endIndex {
          let byte = line[index]
          if byte == UInt8(ascii: "\\"), index + 1 < line.endIndex {
            word.bytes.append(byte)
            step()
          } else if word.isQuoted, byte == UInt8(ascii: "\"") {
            step()
            isClosed = true
            break
          } else if !word.isQuoted, Self.isBlank(byte) || ";()\"".utf8.contains(byte) {
            break
          }
          word.bytes.append(line[index])
          step()
        }
        if !isClosed {
          problem(word.position, "quote", Complaint("it is not closed in its line", "close it"))
        }
        if entry.words.count < Self.mostWords { entry.words.append(word) }
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
