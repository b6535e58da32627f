/// What an Ethernet frame carries.
public struct EtherType: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public let rawValue: UInt16

  /// A type by its number.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// IPv4 (RFC 894).
  @inlinable public static var ipv4: Self { .init(rawValue: 0x0800) }
  /// ARP (RFC 826).
  @inlinable public static var arp: Self { .init(rawValue: 0x0806) }
  /// A customer VLAN tag (IEEE 802.1Q).
  @inlinable public static var vlan: Self { .init(rawValue: 0x8100) }
  /// A service VLAN tag (IEEE 802.1ad).
  @inlinable public static var serviceVLAN: Self { .init(rawValue: 0x88a8) }
  /// IPv6 (RFC 2464).
  @inlinable public static var ipv6: Self { .init(rawValue: 0x86dd) }

  /// The type that carries a family.
  @inlinable public static func ip(_ family: AddressFamily) -> Self { family == .ipv4 ? .ipv4 : .ipv6 }
}

/// An Ethernet II header. The loopback interface of Linux has the same, with zero addresses.
public struct EthernetHeader: Sendable, Hashable {
  /// Length in bytes without VLAN tags.
  public static let byteCount = 14

  /// To whom.
  public var destination: MACAddress
  /// From whom.
  public var source: MACAddress
  /// What the frame carries, behind any VLAN tags.
  public var type: EtherType
  /// Where the payload begins: 14, or 4 more for each VLAN tag.
  public private(set) var payloadOffset = byteCount

  private enum Offset {
    static let destination = 0
    static let source = 6
    static let type = 12
  }

  /// A header without VLAN tags.
  public init(destination: MACAddress, source: MACAddress, type: EtherType) {
    self.destination = destination
    self.source = source
    self.type = type
  }

  /// Reads the header of a frame, stepping over at most two VLAN tags (IEEE 802.1ad).
  ///
  /// - Throws: `truncated`; `unsupported` for IEEE 802.3 frames, whose type field is a length.
  public init(parsing frame: RawSpan) throws(PacketError) {
    guard frame.byteCount >= Self.byteCount else { throw .truncated }
    destination = MACAddress(bits: frame.uint64(at: Offset.destination) >> 16)
    source = MACAddress(bits: frame.uint64(at: Offset.source) >> 16)
    type = EtherType(rawValue: frame.uint16(at: Offset.type))
    for _ in 0..<2 where type == .vlan || type == .serviceVLAN {
      guard frame.byteCount >= payloadOffset + 4 else { throw .truncated }
      type = EtherType(rawValue: frame.uint16(at: payloadOffset + 2))
      payloadOffset += 4
    }
    guard type.rawValue >= 0x0600 else { throw .unsupported }
  }

  /// Writes the 14 bytes of an untagged header at `start` in `frame`, which must hold them.
  public func emit(into frame: inout MutableRawSpan, at start: Int = 0) {
    frame.set(UInt32(truncatingIfNeeded: destination.bits >> 16), at: start + Offset.destination)
    frame.set(UInt16(truncatingIfNeeded: destination.bits), at: start + Offset.destination + 4)
    frame.set(UInt32(truncatingIfNeeded: source.bits >> 16), at: start + Offset.source)
    frame.set(UInt16(truncatingIfNeeded: source.bits), at: start + Offset.source + 4)
    frame.set(type.rawValue, at: start + Offset.type)
  }
}
