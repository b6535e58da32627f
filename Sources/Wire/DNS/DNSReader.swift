/// Reads a DNS message from front to back. Every access is checked; a message that ends early is an error.
struct DNSReader {
  private let bytes: [UInt8]
  /// Where the next field begins.
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func byte() throws(DNSError) -> UInt8 {
    guard position < bytes.count else { throw .truncated(at: position) }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func short() throws(DNSError) -> UInt16 {
    let upper = try byte()
    return UInt16(upper) << 8 | UInt16(try byte())
  }

  mutating func long() throws(DNSError) -> UInt32 {
    let upper = try short()
    return UInt32(upper) << 16 | UInt32(try short())
  }

  mutating func take(_ count: Int) throws(DNSError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw .truncated(at: bytes.count) }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// A name, following compression pointers (RFC 1035 §4.1.4).
  ///
  /// A pointer means "a prior occurrence": each one has to lead before the place the last jump led to, which
  /// every honest message does and no loop can.
  mutating func name() throws(DNSError) -> DNSName {
    var wire: [UInt8] = []
    var cursor = position
    var lowest = position
    var resume: Int?
    while true {
      guard cursor < bytes.count else { throw .truncated(at: cursor) }
      let length = Int(bytes[cursor])
      switch length >> 6 {
      case 0b00:
        guard length < bytes.count - cursor else { throw .truncated(at: bytes.count) }
        guard wire.count + 1 + length + (length == 0 ? 0 : 1) <= DNSName.maximumLength else {
          throw .nameTooLong
        }
        wire += bytes[cursor...(cursor + length)]
        cursor += 1 + length
        if length == 0 {
          position = resume ?? cursor
          return DNSName(uncheckedWire: wire)
        }
      case 0b11:
        guard cursor + 1 < bytes.count else { throw .truncated(at: cursor + 1) }
        let target = (length & 0x3f) << 8 | Int(bytes[cursor + 1])
        guard target < lowest else { throw .badPointer(at: cursor) }
        resume = resume ?? cursor + 2
        lowest = target
        cursor = target
      default:
        throw .unknownLabelType(at: cursor)
      }
    }
  }
}
