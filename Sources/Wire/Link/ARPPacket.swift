/// An ARP packet for IPv4 over Ethernet (RFC 826).
public struct ARPPacket: Sendable, Hashable {
  /// Length in bytes.
  public static let byteCount = 28

  /// Whether it answers; else it asks.
  public var isReply: Bool
  /// Who sends it.
  public var sender: MACAddress
  /// The sender's address; 0.0.0.0 in a probe (RFC 5227 §2.1.1).
  public var senderAddress: IPAddress
  /// Whom it is about.
  public var targetAddress: IPAddress

  /// A packet of these parts.
  public init(isReply: Bool, sender: MACAddress, senderAddress: IPAddress, targetAddress: IPAddress) {
    self.isReply = isReply
    self.sender = sender
    self.senderAddress = senderAddress
    self.targetAddress = targetAddress
  }

  /// Reads a packet from its hardware type on.
  ///
  /// - Throws: `truncated`; `unsupported` for other networks, protocols and operations.
  public init(parsing packet: RawSpan) throws(PacketError) {
    guard packet.byteCount >= Self.byteCount else { throw .truncated }
    // Ethernet, IPv4, and the lengths of their addresses.
    guard packet.uint16(at: 0) == 1, packet.uint16(at: 2) == EtherType.ipv4.rawValue,
      packet.uint16(at: 4) == 0x0604,
      case let operation = packet.uint16(at: 6), operation == 1 || operation == 2
    else { throw .unsupported }
    isReply = operation == 2
    sender = MACAddress(bits: packet.uint64(at: 8) >> 16)
    senderAddress = packet.address(.ipv4, at: 14)
    targetAddress = packet.address(.ipv4, at: 24)
  }

  /// Whether a station asks if somebody has the address that it is about to take (RFC 5227 §2.1.1).
  public var isProbe: Bool { !isReply && senderAddress.ipv4Bits == 0 }
}
