import CLinux
import Wire

/// The header of a netlink message (RFC 3549 §2.2). Netlink numbers are in host order.
struct NetlinkHeader {
  static let byteCount = 16

  var length: Int
  var type: UInt16
  var flags: UInt16
  var sequence: UInt32

  private enum Offset {
    static let length = 0
    static let type = 4
    static let flags = 6
    static let sequence = 8
  }

  /// The header at `offset`; `nil` if the bytes do not hold it or the length it states.
  init?(in bytes: RawSpan, at offset: Int) {
    guard offset + Self.byteCount <= bytes.byteCount else { return nil }
    length = Int(bytes.native32(at: offset + Offset.length))
    type = bytes.native16(at: offset + Offset.type)
    flags = bytes.native16(at: offset + Offset.flags)
    sequence = bytes.native32(at: offset + Offset.sequence)
    guard length >= Self.byteCount, offset + length <= bytes.byteCount else { return nil }
  }
}

/// Reads what the kernel sent. Bytes that do not hold what they announce end the reading; nothing traps.
enum NetlinkReader {
  /// Hands over each message of a datagram: its header and what follows it.
  static func forEachMessage(in datagram: RawSpan, _ body: (NetlinkHeader, RawSpan) -> Void) {
    var offset = 0
    while let header = NetlinkHeader(in: datagram, at: offset) {
      body(header, datagram.extracting(offset + NetlinkHeader.byteCount..<offset + header.length))
      offset += aligned(header.length)
    }
  }

  /// Hands over each attribute (RFC 3549 §2.2, `struct rtattr`) behind a fixed part of `start` bytes. The flags
  /// in the two upper bits of the type are cleared.
  static func forEachAttribute(in payload: RawSpan, from start: Int, _ body: (UInt16, RawSpan) -> Void) {
    var offset = aligned(start)
    while offset + 4 <= payload.byteCount {
      let length = Int(payload.native16(at: offset))
      guard length >= 4, offset + length <= payload.byteCount else { return }
      body(payload.native16(at: offset + 2) & 0x3fff, payload.extracting(offset + 4..<offset + length))
      offset += aligned(length)
    }
  }

  /// The errno of an NLMSG_ERROR message, positive; 0 is an acknowledgement.
  static func errorCode(_ payload: RawSpan) -> Int32 {
    guard payload.byteCount >= 4 else { return 0 }
    // The lowest number has no positive counterpart.
    return Int32(clamping: -Int64(Int32(bitPattern: payload.native32(at: 0))))
  }

  static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }
}

/// Writes requests, several to a datagram, into one buffer that is used again and again.
struct NetlinkWriter {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Adds one message; `body` adds its fixed part and attributes.
  mutating func message(type: Int, flags: Int, sequence: UInt32, _ body: (inout NetlinkWriter) -> Void) {
    let start = bytes.count
    append(UInt32(0))
    append(UInt16(type))
    append(UInt16(flags))
    append(sequence)
    append(UInt32(0))
    body(&self)
    let length = UInt32(bytes.count - start)
    withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 4, with: $0) }
    pad()
  }

  /// Adds an attribute that holds an address.
  mutating func attribute(_ type: Int, _ address: IPAddress) {
    append(UInt16(4 + address.family.byteCount))
    append(UInt16(type))
    for index in 0..<address.family.byteCount { bytes.append(address.byte(at: index)) }
  }

  /// Adds an attribute that holds a 32-bit number.
  mutating func attribute(_ type: Int, _ number: UInt32) {
    append(UInt16(8))
    append(UInt16(type))
    append(number)
  }

  /// Adds a number in host order.
  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  private mutating func pad() {
    while bytes.count & 3 != 0 { bytes.append(0) }
  }
}

extension RawSpan {
  /// The 16-bit number in host order at `offset`, which must lie inside.
  func native16(at offset: Int) -> UInt16 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self) }

  /// The 32-bit number in host order at `offset`, which must lie inside.
  func native32(at offset: Int) -> UInt32 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self) }

  /// The 64-bit number in host order at `offset`, which must lie inside.
  func native64(at offset: Int) -> UInt64 { unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) }

  /// The whole span as an address; `nil` if it is neither 4 nor 16 bytes long.
  var asAddress: IPAddress? {
    switch byteCount {
    case 4: address(.ipv4, at: 0)
    case 16: address(.ipv6, at: 0)
    default: nil
    }
  }
}

extension AddressFamily {
  /// AF_INET or AF_INET6.
  var socketFamily: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }

  /// The family of an AF_ number; `nil` for others.
  init?(socketFamily: Int32) {
    switch socketFamily {
    case AF_INET: self = .ipv4
    case AF_INET6: self = .ipv6
    default: return nil
    }
  }
}
