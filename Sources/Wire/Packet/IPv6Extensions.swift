/// What the chain of IPv6 extension headers in front of an upper layer says (RFC 8200 §4).
public struct IPv6Extensions: Sendable, Hashable {
  /// More than any honest packet has: RFC 8200 §4.1 names six, and each may in practice repeat once.
  public static let limit = 12

  /// What follows the last header that can be read.
  public private(set) var upperLayer: IPProtocol
  /// Where it begins, in bytes from the start of the chain.
  public private(set) var byteCount = 0
  /// Where the fragment's data belongs in the packet, in bytes; zero without a Fragment header.
  public private(set) var fragmentOffset = 0
  /// Whether another fragment follows.
  public private(set) var moreFragments = false
  /// Whether a routing header still names stops to make, so that the destination in the IPv6 header is not the
  /// one the upper layer's checksum covers (RFC 8200 §8.1).
  public private(set) var hasSegmentsLeft = false

  /// Follows the chain that begins with a header of type `first` at the start of `bytes`.
  ///
  /// It ends at the first type that is no extension header, at ESP, or behind the Fragment header of a later
  /// fragment, whose data begins in the middle of the packet.
  /// - Throws: `truncated`, `tooManyExtensionHeaders`.
  public init(parsing bytes: RawSpan, first: IPProtocol) throws(PacketError) {
    upperLayer = first
    for _ in 0..<Self.limit {
      switch upperLayer {
      case .hopByHop, .destinationOptions:
        try step(in: bytes, unit: 8, extra: 1)
      case .routing:
        guard byteCount + 8 <= bytes.byteCount else { throw .truncated }
        if bytes.uint8(at: byteCount + 3) > 0 { hasSegmentsLeft = true }
        try step(in: bytes, unit: 8, extra: 1)
      case .authentication:
        // The one header that counts in units of four bytes, less two (RFC 4302 §2.2).
        try step(in: bytes, unit: 4, extra: 2)
      case .fragment:
        guard byteCount + 8 <= bytes.byteCount else { throw .truncated }
        let field = bytes.uint16(at: byteCount + 2)
        fragmentOffset = Int(field & 0xfff8)
        // A second header of the kind does not make whole what the first says is a part.
        moreFragments = moreFragments || field & 1 != 0
        upperLayer = IPProtocol(rawValue: bytes.uint8(at: byteCount))
        byteCount += 8
        if fragmentOffset > 0 { return }
      default:
        return
      }
    }
    throw .tooManyExtensionHeaders
  }

  private mutating func step(in bytes: RawSpan, unit: Int, extra: Int) throws(PacketError) {
    guard byteCount + 2 <= bytes.byteCount else { throw .truncated }
    let length = (Int(bytes.uint8(at: byteCount + 1)) + extra) * unit
    guard byteCount + length <= bytes.byteCount else { throw .truncated }
    upperLayer = IPProtocol(rawValue: bytes.uint8(at: byteCount))
    byteCount += length
  }
}
