/// What a DHCP message for IPv6 tells of a station (RFC 8415).
public struct DHCPv6Message: Sendable, Hashable {
  /// The most addresses that are kept.
  public static let addressLimit = 16

  /// The type: 1 solicit, 2 advertise, 3 request, 7 reply and so on (§7.3).
  public var type: UInt8
  /// Where the station's identifier stands (option 1).
  public var clientIdentifier: Range<Int>?
  /// The interface in that identifier, where it holds one (§11.2, §11.4).
  public var client: MACAddress?
  /// The addresses of all its associations (option 5).
  public var addresses: [IPAddress] = []
  /// Where the station's name stands, as labels of DNS (option 39, RFC 4704 §4.2).
  public var name: Range<Int>?
  /// Whether the server refused (a status code other than 0).
  public var isRefused = false

  /// The server's answer to which addresses a station has.
  public var isReply: Bool { type == 7 }

  /// Reads a message between a station and a server, from its type on; the payload of a datagram to port 546 or 547.
  ///
  /// - Throws: `truncated`; `unsupported` for relays' messages, whose inside is told on the way as well; `badLength` for an
  ///   option that ends outside.
  public init(parsing message: RawSpan) throws(PacketError) {
    guard message.byteCount >= 4 else { throw .truncated }
    type = message.uint8(at: 0)
    guard (1...11).contains(type) else { throw .unsupported }
    try read(message, from: 4, to: message.byteCount, depth: 0)
  }

  private mutating func read(_ message: RawSpan, from start: Int, to end: Int, depth: Int) throws(PacketError)
  {
    var position = start
    while position < end {
      guard position + 4 <= end else { throw .badLength }
      let body = position + 4
      let next = body + Int(message.uint16(at: position + 2))
      guard next <= end else { throw .badLength }
      switch message.uint16(at: position) {
      case 1 where depth == 0:
        clientIdentifier = body..<next
        client = Self.interface(message, body, next)
      case 3 where depth == 0 && next - body >= 12: try read(message, from: body + 12, to: next, depth: 1)
      case 4 where depth == 0 && next - body >= 4: try read(message, from: body + 4, to: next, depth: 1)
      case 5 where depth == 1 && next - body >= 24:
        // A valid lifetime of 0 takes the address away.
        if message.uint32(at: body + 20) > 0, addresses.count < Self.addressLimit {
          addresses.append(message.address(.ipv6, at: body))
        }
      case 13 where next - body >= 2: if message.uint16(at: body) != 0 { isRefused = true }
      case 39 where depth == 0 && next - body >= 2: name = body + 1..<next
      default: break
      }
      position = next
    }
  }

  /// The Ethernet address in an identifier of type 1 (with time) or 3.
  private static func interface(_ message: RawSpan, _ start: Int, _ end: Int) -> MACAddress? {
    guard end - start >= 4, message.uint16(at: start + 2) == 1 else { return nil }
    let place: Int
    switch message.uint16(at: start) {
    case 1: place = start + 8
    case 3: place = start + 4
    default: return nil
    }
    guard place + 6 == end else { return nil }
    return MACAddress(bits: UInt64(message.uint16(at: place)) << 32 | UInt64(message.uint32(at: place + 2)))
  }
}
