/// The fixed header of a DNS message (RFC 1035 §4.1.1, RFC 4035 §3.1.6), without the four counts.
public struct DNSHeader: Sendable, Hashable {
  /// Chosen by the querier, copied by the responder.
  public var id: UInt16
  /// QR.
  public var isResponse = false
  /// 0 for a standard query; 0–15.
  public var opcode: UInt8 = 0
  /// AA.
  public var isAuthoritative = false
  /// TC: the rest did not fit (RFC 2181 §9).
  public var isTruncated = false
  /// RD.
  public var recursionDesired = false
  /// RA.
  public var recursionAvailable = false
  /// AD.
  public var authenticData = false
  /// CD.
  public var checkingDisabled = false
  /// RCODE's lower four bits; EDNS may add upper ones.
  public var responseBits: UInt8 = 0

  /// A header of a query with this id.
  public init(id: UInt16) { self.id = id }

  /// The length of the header and the four counts, in bytes.
  public static let length = 12

  init(from reader: inout DNSReader) throws(DNSError) {
    id = try reader.short()
    let flags = try reader.short()
    isResponse = flags & 0x8000 != 0
    opcode = UInt8(flags >> 11 & 0xf)
    isAuthoritative = flags & 0x0400 != 0
    isTruncated = flags & 0x0200 != 0
    recursionDesired = flags & 0x0100 != 0
    recursionAvailable = flags & 0x0080 != 0
    authenticData = flags & 0x0020 != 0
    checkingDisabled = flags & 0x0010 != 0
    responseBits = UInt8(flags & 0xf)
  }

  func emit(into bytes: inout [UInt8]) {
    var flags = UInt16(opcode & 0xf) << 11 | UInt16(responseBits & 0xf)
    if isResponse { flags |= 0x8000 }
    if isAuthoritative { flags |= 0x0400 }
    if isTruncated { flags |= 0x0200 }
    if recursionDesired { flags |= 0x0100 }
    if recursionAvailable { flags |= 0x0080 }
    if authenticData { flags |= 0x0020 }
    if checkingDisabled { flags |= 0x0010 }
    bytes.append(short: id)
    bytes.append(short: flags)
  }
}

extension [UInt8] {
  /// Appends 16 bits in network order.
  mutating func append(short value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends 32 bits in network order.
  mutating func append(long value: UInt32) {
    append(short: UInt16(truncatingIfNeeded: value >> 16))
    append(short: UInt16(truncatingIfNeeded: value))
  }
}
