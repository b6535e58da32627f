/// An IPv6 header (RFC 8200 §3), without extension headers.
public struct IPv6Header: Sendable, Hashable {
  /// Length in bytes.
  public static let byteCount = 40

  /// The sender.
  public var source: IPAddress
  /// The receiver, or the next stop named by a routing header.
  public var destination: IPAddress
  /// What follows: an extension header or the upper layer.
  public var nextHeader: IPProtocol
  /// How many more routers may pass it on.
  public var hopLimit: UInt8 = 64
  /// DSCP and ECN (RFC 2474, RFC 3168).
  public var trafficClass: UInt8 = 0
  /// 20 bits; not zero and equal for all packets of a flow (RFC 6437 §3).
  public var flowLabel: UInt32 = 0
  /// Extension headers and upper layer as the header says, in bytes: 0–65535.
  public var payloadLength: Int

  private enum Offset {
    static let versionClassFlow = 0
    static let payloadLength = 4
    static let nextHeader = 6
    static let hopLimit = 7
    static let source = 8
    static let destination = 24
  }

  /// A header for a packet that carries `payloadLength` bytes of `nextHeader`.
  public init(source: IPAddress, destination: IPAddress, nextHeader: IPProtocol, payloadLength: Int) {
    self.source = source
    self.destination = destination
    self.nextHeader = nextHeader
    self.payloadLength = payloadLength
  }

  /// Reads a header.
  ///
  /// - Throws: `truncated`, `wrongVersion`.
  public init(parsing packet: RawSpan) throws(PacketError) {
    guard packet.byteCount >= Self.byteCount else { throw .truncated }
    let first = packet.uint32(at: Offset.versionClassFlow)
    guard first >> 28 == 6 else { throw .wrongVersion }
    trafficClass = UInt8(truncatingIfNeeded: first >> 20)
    flowLabel = first & 0xf_ffff
    payloadLength = Int(packet.uint16(at: Offset.payloadLength))
    nextHeader = IPProtocol(rawValue: packet.uint8(at: Offset.nextHeader))
    hopLimit = packet.uint8(at: Offset.hopLimit)
    source = packet.address(.ipv6, at: Offset.source)
    destination = packet.address(.ipv6, at: Offset.destination)
  }

  /// Writes the 40 bytes at `start` in `packet`, which must hold them.
  public func emit(into packet: inout MutableRawSpan, at start: Int = 0) {
    packet.set(
      6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xf_ffff, at: start + Offset.versionClassFlow)
    packet.set(UInt16(truncatingIfNeeded: payloadLength), at: start + Offset.payloadLength)
    packet.set(nextHeader.rawValue, at: start + Offset.nextHeader)
    packet.set(hopLimit, at: start + Offset.hopLimit)
    packet.set(source, at: start + Offset.source)
    packet.set(destination, at: start + Offset.destination)
  }
}
