/// An IPv4 header (RFC 791). Options are stepped over when read and never written.
public struct IPv4Header: Sendable, Hashable {
  /// Length in bytes without options.
  public static let byteCount = 20
  /// Where the checksum lies, in bytes from the start of the header.
  public static let checksumOffset = 10

  /// The sender.
  public var source: IPAddress
  /// The receiver.
  public var destination: IPAddress
  /// What the packet carries.
  public var upperLayer: IPProtocol
  /// How many more routers may pass it on.
  public var timeToLive: UInt8 = 64
  /// DSCP and ECN (RFC 2474, RFC 3168).
  public var trafficClass: UInt8 = 0
  /// Tells the fragments of one datagram together; means nothing in an atomic datagram (RFC 6864 §4).
  public var identification: UInt16 = 0
  /// Whether routers must not fragment it.
  public var dontFragment = true
  /// Whether another fragment follows.
  public var moreFragments = false
  /// Where the fragment's data belongs in the datagram, in bytes.
  public var fragmentOffset = 0
  /// Header and options, in bytes: 20–60.
  public private(set) var headerLength = byteCount
  /// Header, options and payload as the header says, in bytes.
  public var totalLength: Int
  /// Whether a source route still names stops to make, so that the destination is not the one that the upper layer's
  /// checksum covers (RFC 791 §3.1).
  public private(set) var hasStopsLeft = false

  private enum Offset {
    static let versionAndLength = 0
    static let trafficClass = 1
    static let totalLength = 2
    static let identification = 4
    static let fragment = 6
    static let timeToLive = 8
    static let upperLayer = 9
    static let checksum = IPv4Header.checksumOffset
    static let source = 12
    static let destination = 16
  }

  /// A header for a packet that carries `payloadLength` bytes (0–65515) of `upperLayer`.
  public init(source: IPAddress, destination: IPAddress, upperLayer: IPProtocol, payloadLength: Int) {
    self.source = source
    self.destination = destination
    self.upperLayer = upperLayer
    totalLength = Self.byteCount + payloadLength
  }

  /// Reads a header.
  ///
  /// - Parameter quoted: the bytes are a quote in an ICMP error. Its header checksum is not looked at, because
  ///   routers quote packets after they changed the time to live.
  /// - Throws: `truncated`, `wrongVersion`, `badLength`, `badChecksum`.
  public init(parsing packet: RawSpan, quoted: Bool = false) throws(PacketError) {
    guard packet.byteCount >= Self.byteCount else { throw .truncated }
    let first = packet.uint8(at: Offset.versionAndLength)
    guard first >> 4 == 4 else { throw .wrongVersion }
    headerLength = Int(first & 0x0f) * 4
    totalLength = Int(packet.uint16(at: Offset.totalLength))
    guard headerLength >= Self.byteCount, quoted || totalLength >= headerLength else { throw .badLength }
    guard packet.byteCount >= headerLength else { throw .truncated }
    if !quoted {
      var checksum = InternetChecksum()
      checksum.add(packet.extracting(0..<headerLength))
      guard checksum.isIntact else { throw .badChecksum }
    }
    let fragment = packet.uint16(at: Offset.fragment)
    dontFragment = fragment & 0x4000 != 0
    moreFragments = fragment & 0x2000 != 0
    fragmentOffset = Int(fragment & 0x1fff) * 8
    trafficClass = packet.uint8(at: Offset.trafficClass)
    identification = packet.uint16(at: Offset.identification)
    timeToLive = packet.uint8(at: Offset.timeToLive)
    upperLayer = IPProtocol(rawValue: packet.uint8(at: Offset.upperLayer))
    source = packet.address(.ipv4, at: Offset.source)
    destination = packet.address(.ipv4, at: Offset.destination)
    if headerLength > Self.byteCount { hasStopsLeft = Self.hasStopsLeft(packet.extracting(0..<headerLength)) }
  }

  /// Looks for a loose or strict source route whose pointer does not lie behind it. An option of impossible length
  /// ends the list.
  private static func hasStopsLeft(_ header: RawSpan) -> Bool {
    let (end, noOperation, looseRoute, strictRoute) = (0 as UInt8, 1 as UInt8, 131 as UInt8, 137 as UInt8)
    var offset = byteCount
    while offset < header.byteCount, header.uint8(at: offset) != end {
      let type = header.uint8(at: offset)
      if type == noOperation {
        offset += 1
        continue
      }
      guard offset + 2 <= header.byteCount else { return false }
      let length = Int(header.uint8(at: offset + 1))
      guard length >= 2, offset + length <= header.byteCount else { return false }
      if type == looseRoute || type == strictRoute, length >= 3 {
        return Int(header.uint8(at: offset + 2)) <= length
      }
      offset += length
    }
    return false
  }

  /// Writes the 20 bytes with their checksum at `start` in `packet`, which must hold them.
  public func emit(into packet: inout MutableRawSpan, at start: Int = 0) {
    packet.set(UInt8(0x45), at: start + Offset.versionAndLength)
    packet.set(trafficClass, at: start + Offset.trafficClass)
    packet.set(UInt16(truncatingIfNeeded: totalLength), at: start + Offset.totalLength)
    packet.set(identification, at: start + Offset.identification)
    let flags: UInt16 = (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0)
    packet.set(flags | UInt16(truncatingIfNeeded: fragmentOffset / 8) & 0x1fff, at: start + Offset.fragment)
    packet.set(timeToLive, at: start + Offset.timeToLive)
    packet.set(upperLayer.rawValue, at: start + Offset.upperLayer)
    packet.set(UInt16(0), at: start + Offset.checksum)
    packet.set(source, at: start + Offset.source)
    packet.set(destination, at: start + Offset.destination)
    var checksum = InternetChecksum()
    checksum.add(packet.bytes.extracting(start..<start + Self.byteCount))
    packet.set(checksum.value, at: start + Offset.checksum)
  }
}
