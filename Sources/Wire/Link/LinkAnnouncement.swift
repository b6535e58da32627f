/// What a switch, router or telephone announces to its neighbours: LLDP (IEEE 802.1AB) and Cisco's CDP.
public struct LinkAnnouncement: Sendable, Hashable {
  /// The most addresses that are kept.
  public static let addressLimit = 8

  /// What is announced by.
  public enum Kind: String, Sendable, Hashable {
    case lldp, cdp
  }

  /// Which of the two.
  public var kind: Kind
  /// Where the station's name stands: LLDP's system name, CDP's device id.
  public var name: Range<Int>?
  /// Where the port's id stands.
  public var port: Range<Int>?
  /// Where the description of the station's software stands.
  public var software: Range<Int>?
  /// The chassis id, where it is an Ethernet address.
  public var chassis: MACAddress?
  /// Addresses to manage it by.
  public var addresses: [IPAddress] = []
  /// Whether it says that it routes.
  public var isRouter = false

  /// LLDP's type on Ethernet.
  public static let lldpType = EtherType(rawValue: 0x88cc)

  /// Reads an LLDP data unit, from its first element on.
  ///
  /// - Throws: `badLength` for an element that ends outside; `unsupported` where the first one is no chassis id (§8.2).
  public init(parsingLLDP unit: RawSpan) throws(PacketError) {
    kind = .lldp
    var position = 0
    while position + 2 <= unit.byteCount {
      let head = Int(unit.uint16(at: position))
      let (type, body) = (head >> 9, position + 2)
      let end = body + head & 0x1ff
      guard end <= unit.byteCount else { throw .badLength }
      if position == 0, type != 1 { throw .unsupported }
      if type == 0 { return }
      readLLDP(type, unit, body, end)
      position = end
    }
    if position == 0 { throw .truncated }
  }

  private mutating func readLLDP(_ type: Int, _ unit: RawSpan, _ body: Int, _ end: Int) {
    switch (type, end - body) {
    case (1, 7) where unit.uint8(at: body) == 4:
      chassis = MACAddress(bits: UInt64(unit.uint16(at: body + 1)) << 32 | UInt64(unit.uint32(at: body + 3)))
    case (2, 2...): port = body + 1..<end
    case (5, 1...): name = body..<end
    case (6, 1...): software = body..<end
    // Capabilities that are enabled: bit 4 is routing.
    case (7, 4...): isRouter = unit.uint16(at: body + 2) & 0x10 != 0
    case (8, 2...):
      // The length counts the family: 1 is IPv4, 2 is IPv6 (IANA's address family numbers).
      let length = Int(unit.uint8(at: body))
      guard body + 1 + length <= end else { return }
      switch (unit.uint8(at: body + 1), length) {
      case (1, 5): add(unit.address(.ipv4, at: body + 2))
      case (2, 17): add(unit.address(.ipv6, at: body + 2))
      default: break
      }
    default: break
    }
  }

  /// Reads a CDP packet, from its version on: what follows the SNAP header aa:aa:03:00:00:0c:20:00.
  ///
  /// - Throws: `truncated`, `unsupported` for other versions than 1 and 2, `badLength` for an element that ends outside.
  public init(parsingCDP packet: RawSpan) throws(PacketError) {
    kind = .cdp
    guard packet.byteCount >= 4 else { throw .truncated }
    guard (1...2).contains(packet.uint8(at: 0)) else { throw .unsupported }
    var position = 4
    while position + 4 <= packet.byteCount {
      let length = Int(packet.uint16(at: position + 2))
      guard length >= 4, position + length <= packet.byteCount else { throw .badLength }
      readCDP(packet.uint16(at: position), packet, position + 4, position + length)
      position += length
    }
  }

  private mutating func readCDP(_ type: UInt16, _ packet: RawSpan, _ body: Int, _ end: Int) {
    switch (type, end - body) {
    case (1, 1...): name = body..<end
    case (2, 4...), (0x16, 4...): readCDPAddresses(packet, body, end)
    case (3, 1...): port = body..<end
    case (4, 4...): isRouter = packet.uint32(at: body) & 1 != 0
    case (5, 1...): software = body..<end
    default: break
    }
  }

  /// A count, and for each the type and length of its protocol, the protocol, its length, the address.
  private mutating func readCDPAddresses(_ packet: RawSpan, _ body: Int, _ end: Int) {
    var position = body + 4
    for _ in 0..<min(Int(packet.uint32(at: body)), 64) {
      guard position + 2 <= end else { return }
      let length = position + 2 + Int(packet.uint8(at: position + 1))
      guard length + 2 <= end else { return }
      let (start, count) = (length + 2, Int(packet.uint16(at: length)))
      guard start + count <= end else { return }
      if count == 4 { add(packet.address(.ipv4, at: start)) }
      if count == 16 { add(packet.address(.ipv6, at: start)) }
      position = start + count
    }
  }

  private mutating func add(_ address: IPAddress) {
    if addresses.count < Self.addressLimit, !addresses.contains(address) { addresses.append(address) }
  }
}
