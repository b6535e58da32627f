/// A captured or quoted IP packet of either family, down to where its upper layer begins.
///
/// Positions are offsets into the span it was read from: `packet.extracting(ip.payload)` is the upper layer.
public struct IPPacket: Sendable, Hashable {
  /// The sender.
  public let source: IPAddress
  /// The receiver.
  public let destination: IPAddress
  /// What the packet carries behind all extension headers that could be followed.
  public let upperLayer: IPProtocol
  /// Hop limit or time to live on arrival.
  public let hopLimit: UInt8
  /// Where the upper layer's captured bytes lie. Padding behind the packet, as Ethernet adds to short frames, is
  /// outside; bytes that the capture cut off are missing.
  public let payload: Range<Int>
  /// How long the upper layer was on the wire, in bytes; more than `payload.count` if the capture cut it off.
  public let payloadLength: Int
  /// Where the payload belongs in the whole datagram, in bytes: zero unless this is a later fragment.
  public let fragmentOffset: Int
  /// Whether it is one of several fragments. An atomic fragment (RFC 6946) is not.
  public let isFragment: Bool
  /// Whether another fragment of the same packet follows.
  public let moreFragments: Bool
  /// Whether the receiver in the header is the one the upper layer's checksum covers.
  private let destinationIsFinal: Bool

  /// Reads a packet of either family, told apart by the version field.
  ///
  /// - Parameter quoted: the bytes are a quote in an ICMP error, cut off anywhere and changed by routers: lengths
  ///   are taken as a hint and the IPv4 header checksum is not looked at.
  /// - Throws: any case but `laterFragment` and `unsupported`.
  public init(parsing packet: RawSpan, quoted: Bool = false) throws(PacketError) {
    guard packet.byteCount > 0 else { throw .truncated }
    if packet.uint8(at: 0) >> 4 == 4 {
      let header = try IPv4Header(parsing: packet, quoted: quoted)
      source = header.source
      destination = header.destination
      upperLayer = header.upperLayer
      hopLimit = header.timeToLive
      let start = header.headerLength
      // Some stacks have rewritten the total length of what they quote; a length that cannot be is ignored.
      let end = header.totalLength < start ? packet.byteCount : header.totalLength
      payload = start..<min(end, packet.byteCount)
      payloadLength = end - start
      fragmentOffset = header.fragmentOffset
      isFragment = header.moreFragments || header.fragmentOffset > 0
      moreFragments = header.moreFragments
      destinationIsFinal = !header.hasStopsLeft
    } else {
      let header = try IPv6Header(parsing: packet)
      source = header.source
      destination = header.destination
      hopLimit = header.hopLimit
      let end = IPv6Header.byteCount + header.payloadLength
      let captured = IPv6Header.byteCount..<min(end, packet.byteCount)
      let chain = try IPv6Extensions(parsing: packet.extracting(captured), first: header.nextHeader)
      upperLayer = chain.upperLayer
      payload = (captured.lowerBound + chain.byteCount)..<captured.upperBound
      payloadLength = header.payloadLength - chain.byteCount
      fragmentOffset = chain.fragmentOffset
      isFragment = chain.moreFragments || chain.fragmentOffset > 0
      moreFragments = chain.moreFragments
      destinationIsFinal = !chain.hasSegmentsLeft
    }
  }

  /// The family of both addresses.
  public var family: AddressFamily { source.family }

  /// How long the packet was on the wire from the IP header on, in bytes, as it says itself: of a fragment its own
  /// length, not that of the packet it is a piece of. More than was captured if the capture cut it off.
  public var totalLength: Int { payload.lowerBound + payloadLength }

  /// Whether the capture holds the whole upper layer.
  public var isWhole: Bool { payload.count == payloadLength && !isFragment }

  /// The state of a checksum that covers the pseudo-header and the whole upper layer: TCP, UDP and ICMPv6.
  ///
  /// - Parameter packet: the span this packet was read from.
  public func checksumState(in packet: RawSpan, fieldOffset: Int) -> ChecksumState {
    checksumState(in: packet, fieldOffset: fieldOffset, length: payloadLength)
  }

  /// The same of a checksum that covers the first `length` bytes of the upper layer.
  func checksumState(in packet: RawSpan, fieldOffset: Int, length: Int) -> ChecksumState {
    guard isWhole, destinationIsFinal, fieldOffset + 2 <= length, length <= payload.count else {
      return .unverifiable
    }
    let pseudoHeader = InternetChecksum(
      source: source, destination: destination, upperLayer: upperLayer, length: length)
    var checksum = pseudoHeader
    checksum.add(packet.extracting(payload.lowerBound..<payload.lowerBound + length))
    if checksum.isIntact { return .intact }
    let field = packet.uint16(at: payload.lowerBound + fieldOffset)
    return field == pseudoHeader.folded ? .offloaded : .wrong
  }
}
