import Testing

@testable import Wire

@Suite("Domain names")
struct DNSNameTests {
  @Test(
    "text is read and written as RFC 1035 §5.1 says",
    arguments: [
      ("portal.city.example", "portal.city.example", [6, 4, 7]),
      ("portal.city.example.", "portal.city.example", [6, 4, 7]),
      (".", ".", []),
      ("", ".", []),
      (#"a\.b.example"#, #"a\.b.example"#, [3, 7]),
      (#"a\032b.example"#, #"a\032b.example"#, [3, 7]),
      (#"\000\255.example"#, #"\000\255.example"#, [2, 7]),
      (#"a\b.example"#, "ab.example", [2, 7]),
      (#"semi;colon.example"#, #"semi\;colon.example"#, [10, 7]),
    ])
  func text(_ written: String, _ canonical: String, _ lengths: [Int]) throws {
    let name = try DNSName(written)
    #expect(name.description == canonical)
    #expect(name.labels.map(\.count) == lengths)
    #expect(try DNSName(name.description) == name)
  }

  @Test(
    "faulty text says what is wrong",
    arguments: [
      ("a..b", DNSError.emptyLabel),
      (".a", .emptyLabel),
      ("..", .emptyLabel),
      (String(repeating: "a", count: 64) + ".example", .labelTooLong),
      (Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."), .nameTooLong),
      (#"a\"#, .badEscape),
      (#"a\25"#, .badEscape),
      (#"a\256"#, .badEscape),
      (#"a\2x5"#, .badEscape),
      ("cổng.example", .notASCII),
    ])
  func faultyText(_ written: String, _ error: DNSError) {
    #expect(throws: error) { try DNSName(written) }
  }

  @Test("a label of 63 bytes and a name of 255 are the longest")
  func longest() throws {
    let label = String(repeating: "a", count: 63)
    let name = try DNSName([label, label, label, String(repeating: "a", count: 61)].joined(separator: "."))
    #expect(name.wire.count == 255)
  }

  @Test("case does not tell names apart, other bits do (RFC 4343)")
  func caseFolding() throws {
    #expect(try DNSName("Portal.CITY.example") == DNSName("pORTAL.city.EXAMPLE"))
    #expect(try DNSName("Portal.example").hashValue == DNSName("portal.example").hashValue)
    #expect(try DNSName("a[.example") != DNSName("a{.example"))
    #expect(try DNSName("ab.c.example") != DNSName("a.bc.example"))
  }

  @Test(
    "compression leads backwards or is refused",
    arguments: [
      // A pointer to itself.
      ("c000", 0, DNSError.badPointer(at: 0)),
      // Two that point at each other: the second leads forwards.
      ("c002c000", 2, .badPointer(at: 0)),
      // Forwards.
      ("c0020161 00", 0, .badPointer(at: 0)),
      // A label, then a pointer to that label.
      ("0161c000", 0, .badPointer(at: 2)),
      // A pointer cut in half.
      ("0161c0", 0, .truncated(at: 3)),
      // A label that is longer than the message.
      ("0561", 0, .truncated(at: 2)),
      // No root.
      ("0161", 0, .truncated(at: 2)),
      // The label types that RFC 6891 §5 retired.
      ("4161", 0, .unknownLabelType(at: 0)),
      ("80", 0, .unknownLabelType(at: 0)),
    ])
  func compression(_ hexadecimal: String, _ start: Int, _ error: DNSError) throws {
    var reader = DNSReader(DNSVectors.bytes(hexadecimal))
    _ = try reader.take(start)
    #expect(throws: error) { try reader.name() }
  }

  @Test("a chain of pointers is followed and reading goes on behind the first")
  func pointers() throws {
    // "example" at 0, "city" + pointer at 9, "portal" + pointer at 16, a byte behind.
    var reader = DNSReader(DNSVectors.bytes("076578616d706c6500 0463697479c000 06706f7274616cc009 ff"))
    _ = try reader.take(16)
    #expect(try reader.name() == DNSName("portal.city.example"))
    #expect(try reader.byte() == 0xff)
  }

  @Test("a name that grows beyond 255 bytes through pointers is refused")
  func longThroughPointers() throws {
    let label = [UInt8(63)] + [UInt8](repeating: 0x61, count: 63)
    // Four long labels without a root, of which the last is followed by a pointer to the first three.
    let bytes = label + label + label + [0] + label + [0xc0, 0x00]
    var reader = DNSReader(bytes)
    _ = try reader.take(193)
    #expect(throws: DNSError.nameTooLong) { try reader.name() }
  }
}
