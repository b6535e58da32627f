/// What a DHCP message for IPv4 tells of a station (RFC 2131, RFC 2132).
public struct DHCPv4Message: Sendable, Hashable {
  /// Option 53.
  public enum Kind: UInt8, Sendable, Hashable {
    case discover = 1
    case offer, request, decline, acknowledge, refuse, release, inform
  }

  /// What it is.
  public var kind: Kind
  /// The station's interface.
  public var client: MACAddress
  /// The address that the station has already; 0.0.0.0: none.
  public var clientAddress: IPAddress
  /// The address that a server gives it; 0.0.0.0: none.
  public var yourAddress: IPAddress
  /// What the station calls itself (option 12, or the name of option 81), where it stands in the message.
  public var hostName: Range<Int>?
  /// Where the kind of the station's software stands (option 60).
  public var vendorClass: Range<Int>?
  /// The server (option 54).
  public var server: IPAddress?

  private static let (headerLength, cookie) = (240, UInt32(0x6382_5363))

  /// Reads a message from its operation on, which is the payload of a datagram to port 67 or 68.
  ///
  /// - Throws: `truncated`; `unsupported` for what is no DHCP over Ethernet; `badLength` for an option that ends outside.
  public init(parsing message: RawSpan) throws(PacketError) {
    guard message.byteCount >= Self.headerLength else { throw .truncated }
    guard message.uint8(at: 1) == 1, message.uint8(at: 2) == 6, message.uint32(at: 236) == Self.cookie else {
      throw .unsupported
    }
    client = MACAddress(bits: message.uint64(at: 28) >> 16)
    clientAddress = message.address(.ipv4, at: 12)
    yourAddress = message.address(.ipv4, at: 16)
    var found: Kind?
    var position = Self.headerLength
    options: while position < message.byteCount {
      let code = message.uint8(at: position)
      position += 1
      if code == 0 { continue }
      if code == 255 { break }
      guard position < message.byteCount else { throw .badLength }
      let start = position + 1
      let end = start + Int(message.uint8(at: position))
      guard end <= message.byteCount else { throw .badLength }
      position = end
      switch (code, end - start) {
      case (53, 1): found = Kind(rawValue: message.uint8(at: start))
      case (54, 4): server = message.address(.ipv4, at: start)
      case (12, 1...): hostName = start..<end
      case (60, 1...): vendorClass = start..<end
      // RFC 4702 §2: flags and two dead bytes before the name; in the form of DNS where the flag E is set.
      case (81, 4...) where message.uint8(at: start) & 4 == 0 && hostName == nil: hostName = start + 3..<end
      default: break
      }
    }
    guard let found else { throw .unsupported }
    kind = found
  }

  /// The address that the station has by this message, if it says so: by an acknowledgement, or as it asks for more time.
  public var leased: IPAddress? {
    switch kind {
    case .acknowledge where yourAddress.ipv4Bits != 0: yourAddress
    case .acknowledge, .request, .inform: clientAddress.ipv4Bits != 0 ? clientAddress : nil
    case .discover, .offer, .decline, .refuse, .release: nil
    }
  }
}
