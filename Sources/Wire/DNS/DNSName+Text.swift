extension DNSName {
  /// Reads the text form of RFC 1035 §5.1: labels joined by dots, `\.` for a dot inside a label, `\DDD` for
  /// any byte. A trailing dot is optional; `.` and the empty text are the root. Every name is absolute.
  public init(_ text: String) throws(DNSError) {
    var wire: [UInt8] = []
    var label: [UInt8] = []
    var rest = Array(text.utf8)[...]
    if rest.elementsEqual([UInt8(ascii: ".")]) { rest = [] }
    while let byte = rest.popFirst() {
      guard byte < 0x80 else { throw .notASCII }
      switch byte {
      case UInt8(ascii: "."):
        try Self.close(&label, into: &wire)
      case UInt8(ascii: "\\"):
        label.append(try Self.escaped(&rest))
      default:
        label.append(byte)
      }
    }
    if !label.isEmpty { try Self.close(&label, into: &wire) }
    wire.append(0)
    guard wire.count <= Self.maximumLength else { throw .nameTooLong }
    self.init(uncheckedWire: wire)
  }

  private static func close(_ label: inout [UInt8], into wire: inout [UInt8]) throws(DNSError) {
    guard !label.isEmpty else { throw .emptyLabel }
    guard label.count <= maximumLabelLength else { throw .labelTooLong }
    wire.append(UInt8(label.count))
    wire += label
    label = []
  }

  private static func escaped(_ rest: inout ArraySlice<UInt8>) throws(DNSError) -> UInt8 {
    guard let first = rest.popFirst(), first < 0x80 else { throw .badEscape }
    guard isDigit(first) else { return first }
    guard let second = rest.popFirst(), let third = rest.popFirst(), isDigit(second), isDigit(third) else {
      throw .badEscape
    }
    let value = [first, second, third].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard let byte = UInt8(exactly: value) else { throw .badEscape }
    return byte
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension DNSName: CustomStringConvertible {
  /// The text form without the trailing dot, `.` for the root. Whatever is not printable ASCII, and whatever
  /// has a meaning in master files, is escaped (RFC 1035 §5.1), so the text is safe to print.
  public var description: String {
    if isRoot { return "." }
    return labels.map { $0.map(Self.text).joined() }.joined(separator: ".")
  }

  private static func text(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "$"):
      "\\" + String(UnicodeScalar(byte))
    case 0x21...0x7e:
      String(UnicodeScalar(byte))
    default:
      "\\" + String(String(1000 + Int(byte)).dropFirst())
    }
  }
}
