import Testing

@testable import Inventory

@Suite("RFC 4180 rows")
struct CSVReaderTests {
  /// Reads all rows; a fault is shown as its place and kind.
  private func rows(_ bytes: [UInt8], step: Int = .max, chunk: Int = 1 << 17) throws -> [[String]] {
    var reader = CSVReader(MemoryBytes(bytes, step: step), chunkSize: chunk)
    var rows: [[String]] = []
    while true {
      switch try reader.step() {
      case .row: rows.append(reader.row.cells.indices.map { reader.row.text($0) })
      case .fault(let fault): rows.append(["!\(fault.position.line):\(fault.position.column) \(fault.kind)"])
      case .end: return rows
      }
    }
  }

  @Test(
    "are split as the RFC says",
    arguments: [
      ("", []), ("\n", []), ("\r\n\r\n", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a\r\n", [["a"]]),
      ("a,b\nc,d", [["a", "b"], ["c", "d"]]), (",", [["", ""]]), (",\n,", [["", ""], ["", ""]]),
      ("\"\"", [[""]]), ("\"\",\"\"\n", [["", ""]]), ("\"a\",b", [["a", "b"]]),
      ("\"a,b\",c", [["a,b", "c"]]),
      ("\"a\"\"b\"", [["a\"b"]]), ("\"\"\"\"", [["\""]]), ("\"\"\"a\"\"\"", [["\"a\""]]),
      ("\"a\nb\",c\nd", [["a\nb", "c"], ["d"]]), ("\"a\r\nb\"\r\nc", [["a\r\nb"], ["c"]]),
      ("\"a\rb\"\n", [["a\rb"]]), (" a , b ", [[" a ", " b "]]), ("a\tb,c", [["a\tb", "c"]]),
      ("a\n\nb\n\n", [["a"], ["b"]]), ("\u{feff}a,b", [["a", "b"]]), ("a,\u{feff}b", [["a", "\u{feff}b"]]),
      ("Giảng Võ,😀\n", [["Giảng Võ", "😀"]]),
    ] as [(String, [[String]])])
  func split(text: String, expected: [[String]]) throws {
    let bytes = Array(text.utf8)
    #expect(try rows(bytes) == expected)
    for step in 1...3 { #expect(try rows(bytes, step: step) == expected) }
    for chunk in 4...6 { #expect(try rows(bytes, chunk: chunk) == expected) }
  }

  @Test("go on after a fault as soon as they can")
  func recovery() throws {
    let text = "a\"b,c\nok\n\"x\"y,\"z\"\nok\n\u{7}\nok\n\"open"
    #expect(
      try rows(Array(text.utf8)) == [
        ["!1:2 quoteInsideCell"], ["ok"],
        ["!3:4 textAfterQuote(opened: Inventory.CSVPosition(line: 3, column: 1))"], ["ok"],
        ["!5:1 control(7)"], ["ok"], ["!7:1 quoteNeverClosed"],
      ])
  }

  @Test("longer than a mebibyte are refused and not kept")
  func longRow() throws {
    var reader = CSVReader(
      MemoryBytes(Array("a,\"".utf8) + Array(repeating: 0x78, count: 5 << 20) + Array("\"\nb".utf8)))
    guard case .fault(let fault) = try reader.step() else {
      Issue.record("a long row must be a fault")
      return
    }
    #expect(fault == CSVFault(kind: .rowTooLong, position: CSVPosition(line: 1, column: 3)))
    #expect(reader.row.buffer.count <= CSVReader.longestRow)
    guard case .row = try reader.step() else {
      Issue.record("the next row must be found")
      return
    }
    #expect(reader.row.text(0) == "b")
  }

  @Test("of more than 1024 cells are refused and not kept")
  func wideRow() throws {
    let bytes = Array(repeating: ASCII.comma, count: 100_000)
    #expect(try rows(bytes) == [["!1:1025 tooManyCells"]])
  }

  @Test(
    "have places by line and character, inside quotes too",
    arguments: [
      ("ab,cd", 1, 0, 1, 4), ("ab,cd", 1, 1, 1, 5), ("ầạ,cd", 1, 0, 1, 4), ("\"a\"\"b\",cd", 1, 0, 1, 8),
      ("\"a\"\"bc\"", 0, 0, 1, 2), ("\"a\"\"bc\"", 0, 2, 1, 5), ("\"a\nbc\"", 0, 3, 2, 2),
      ("\"a\r\nbc\"", 0, 3, 2, 1),
      ("\"ầ x\"", 0, 4, 1, 4), ("\"ầ\n\nx\",yz", 1, 0, 3, 4), ("😀,b", 1, 0, 1, 3),
    ])
  func places(text: String, cell: Int, offset: Int, line: Int, column: Int) throws {
    var reader = CSVReader(MemoryBytes(Array(text.utf8)))
    _ = try reader.step()
    #expect(reader.row.position(of: offset, in: cell) == CSVPosition(line: line, column: column))
  }

  /// RFC 3629 §4 and the sequences Markus Kuhn's stress test is about.
  @Test(
    "hold well-formed UTF-8 only",
    arguments: [
      ([0x61, 0xc3, 0xa9], nil), ([0xef, 0xbf, 0xbd], nil), ([0xf4, 0x8f, 0xbf, 0xbf], nil),
      ([0xed, 0x9f, 0xbf], nil), ([0xee, 0x80, 0x80], nil), ([0x80], 0), ([0x61, 0xbf], 1),
      ([0xc0, 0x80], 0),
      ([0xc1, 0xbf], 0), ([0xe0, 0x9f, 0xbf], 0), ([0xf0, 0x8f, 0xbf, 0xbf], 0), ([0xed, 0xa0, 0x80], 0),
      ([0xed, 0xbf, 0xbf], 0), ([0xf4, 0x90, 0x80, 0x80], 0), ([0xf5, 0x80, 0x80, 0x80], 0), ([0xfe], 0),
      ([0xff], 0), ([0xc3], 0), ([0xe1, 0xba], 0), ([0xf0, 0x9f, 0x98], 0), ([0xc3, 0x28], 0),
      ([0xe1, 0xba, 0x28], 0), ([0xf0, 0x9f, 0x98, 0x28], 0), ([0x61, 0xe1, 0xba, 0xa3, 0xa3], 4),
    ] as [([UInt8], Int?)])
  func utf8(bytes: [UInt8], fault: Int?) {
    #expect(UTF8Text.firstFault(in: bytes[...]) == fault)
    #expect((String(validating: bytes, as: UTF8.self) == nil) == (fault != nil))
  }
}
