/// The packet an ICMP error is about, as far as it is quoted.
///
/// RFC 792 promises only the first eight bytes behind the IP header, RFC 4443 §2.4 as much as fits into 1280
/// bytes; RFC 4884 may append extensions, which lie behind and are not read.
public struct QuotedPacket: Sendable, Hashable {
  /// The first eight bytes of the upper layer, which every protocol we send identifies itself in.
  public enum Identity: Sendable, Hashable {
    case tcp(sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32)
    case udp(sourcePort: UInt16, destinationPort: UInt16)
    case echoRequest(identifier: UInt16, sequence: UInt16)
  }

  /// Who sent the packet that caused the error.
  public let source: IPAddress
  /// To whom it was sent.
  public let destination: IPAddress
  /// What it was.
  public let identity: Identity
  /// The upper layer's checksum as it left, where the first eight bytes hold it: `nil` for TCP.
  public let checksum: UInt16?

  /// Reads the quote in an ICMP error.
  ///
  /// - Parameter message: the ICMP message, from its type on.
  /// - Throws: `unsupported` when the message is no error or quotes a protocol we do not send; any other case
  ///   when the quote is cut off too early or is no packet.
  public init(inErrorMessage message: RawSpan, family: AddressFamily) throws(PacketError) {
    let header = try ICMPMessage(parsing: message, family: family)
    guard header.kind == .error else { throw .unsupported }
    let quote = message.extracting(ICMPMessage.byteCount..<message.byteCount)
    let ip = try IPPacket(parsing: quote, quoted: true)
    guard ip.family == family else { throw .wrongVersion }
    guard ip.fragmentOffset == 0 else { throw .laterFragment }
    guard ip.payload.count >= 8 else { throw .truncated }
    source = ip.source
    destination = ip.destination
    let start = ip.payload.lowerBound
    switch ip.upperLayer {
    case .tcp:
      identity = .tcp(
        sourcePort: quote.uint16(at: start), destinationPort: quote.uint16(at: start + 2),
        sequence: quote.uint32(at: start + 4))
      checksum = nil
    case .udp:
      identity = .udp(sourcePort: quote.uint16(at: start), destinationPort: quote.uint16(at: start + 2))
      checksum = quote.uint16(at: start + UDPHeader.checksumOffset)
    case .icmp(family):
      let echo = try ICMPMessage(parsing: quote.extracting(ip.payload), family: family)
      guard echo.kind == .echoRequest else { throw .unsupported }
      identity = .echoRequest(identifier: echo.identifier, sequence: echo.sequence)
      checksum = quote.uint16(at: start + ICMPMessage.checksumOffset)
    default:
      throw .unsupported
    }
  }
}
