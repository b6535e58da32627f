/// What a router says of a packet that the next link does not take: an ICMPv6 Packet Too Big (RFC 4443 §3.2), for
/// IPv4 a Fragmentation Needed (RFC 1191 §4).
public enum PacketTooBig {
  /// No message is longer than this, in bytes from the IP header on: the least MTU of IPv6 (RFC 4443 §3.2), for
  /// IPv4 what every host takes (RFC 1812 §4.3.2.3).
  public static func capacity(_ family: AddressFamily) -> Int { family == .ipv4 ? 576 : 1280 }

  /// How many bytes of a packet such a message quotes at most.
  public static func quoteCapacity(_ family: AddressFamily) -> Int {
    capacity(family) - headerLength(family) - ICMPMessage.byteCount
  }

  /// Writes the message about `packet`, IP header and checksums included, to the one who sent it.
  ///
  /// It quotes as much of the packet as was captured and fits, and none of what Ethernet padded it with.
  /// - Parameters:
  ///   - packet: from its IP header on; may be cut off by the capture.
  ///   - mtu: what it should have been at most, in bytes: 1280 or more for IPv6 (RFC 8201 §4 has hosts ignore less).
  ///   - source: an address of the packet's family, who says so.
  ///   - message: must hold `capacity` bytes of the family from `start` on, outside of `packet`.
  /// - Returns: the bytes written.
  /// - Throws: what is wrong with the packet, and `unsupported` for those that no error may be sent about:
  ///   ICMP errors, and packets without a single sender (RFC 4443 §2.4 (e), RFC 1122 §3.2.2).
  public static func emit(
    about packet: RawSpan, mtu: UInt16, source: IPAddress, into message: inout MutableRawSpan,
    at start: Int = 0
  ) throws(PacketError) -> Int {
    let ip = try IPPacket(parsing: packet)
    guard ip.family == source.family else { throw .wrongVersion }
    guard ip.source.isOneNode else { throw .unsupported }
    // RFC 1122 §3.2.2; IPv6 has no such rule.
    guard ip.family == .ipv6 || ip.fragmentOffset == 0 else { throw .laterFragment }
    if ip.upperLayer == .icmp(ip.family), ip.fragmentOffset == 0 {
      let inner = try ICMPMessage(parsing: packet.extracting(ip.payload), family: ip.family)
      guard inner.kind != .error else { throw .unsupported }
    }
    let body = start + headerLength(ip.family) + ICMPMessage.byteCount
    let quoted = min(packet.byteCount, ip.totalLength, quoteCapacity(ip.family))
    message.copy(packet.extracting(0..<quoted), at: body)
    let length = ICMPMessage.byteCount + quoted
    ICMPMessage(tooBig: ip.family, mtu: mtu).emit(
      length: length, source: source, destination: ip.source, into: &message,
      at: start + headerLength(ip.family))
    switch ip.family {
    case .ipv4:
      IPv4Header(source: source, destination: ip.source, upperLayer: .icmp, payloadLength: length)
        .emit(into: &message, at: start)
    case .ipv6:
      IPv6Header(source: source, destination: ip.source, nextHeader: .icmpv6, payloadLength: length)
        .emit(into: &message, at: start)
    }
    return headerLength(ip.family) + length
  }

  private static func headerLength(_ family: AddressFamily) -> Int {
    family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
  }
}

extension IPAddress {
  /// Whether it can be somebody's own: not unspecified, not multicast, not the IPv4 broadcast.
  fileprivate var isOneNode: Bool {
    switch family {
    case .ipv4: ipv4Bits != 0 && ipv4Bits >> 28 < 0xe
    case .ipv6: (high != 0 || low != 0) && high >> 56 != 0xff
    }
  }
}
