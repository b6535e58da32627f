/// A neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4).
public struct NeighbourMessage: Sendable, Hashable {
  /// Whether it advertises; else it solicits.
  public var isAdvertisement: Bool
  /// Whose address is asked for or told.
  public var target: IPAddress
  /// The link-layer address that goes with it: of a solicitation that of the sender, of an advertisement that of the target.
  public var linkLayerAddress: MACAddress?
  /// Of an advertisement: whether the sender is a router.
  public var isRouter = false
  /// Of an advertisement: whether it was asked for.
  public var isSolicited = false
  /// Of an advertisement: whether it replaces what is known.
  public var overrides = false

  private static let headerLength = 24

  /// Reads an ICMPv6 message of type 135 or 136 from its type on.
  ///
  /// - Throws: `truncated`; `unsupported` for another message; `badLength` for an option without a length (§4.6) or one that
  ///   ends outside, and for a multicast target (§7.1).
  public init(parsing message: RawSpan) throws(PacketError) {
    guard message.byteCount >= Self.headerLength else { throw .truncated }
    let type = message.uint8(at: 0)
    guard type == 135 || type == 136, message.uint8(at: 1) == 0 else { throw .unsupported }
    isAdvertisement = type == 136
    target = message.address(.ipv6, at: 8)
    guard message.uint8(at: 8) != 0xff else { throw .badLength }
    if isAdvertisement {
      let flags = message.uint8(at: 4)
      (isRouter, isSolicited, overrides) = (flags & 0x80 != 0, flags & 0x40 != 0, flags & 0x20 != 0)
    }
    // Source (1) or target (2) link-layer address.
    let wanted: UInt8 = isAdvertisement ? 2 : 1
    var position = Self.headerLength
    while position + 2 <= message.byteCount {
      let length = 8 * Int(message.uint8(at: position + 1))
      guard length > 0, position + length <= message.byteCount else { throw .badLength }
      if message.uint8(at: position) == wanted, linkLayerAddress == nil {
        linkLayerAddress = MACAddress(
          bits: UInt64(message.uint16(at: position + 2)) << 32 | UInt64(message.uint32(at: position + 4)))
      }
      position += length
    }
    if position != message.byteCount { throw .badLength }
  }
}
