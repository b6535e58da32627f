/// A UDP header (RFC 768).
public struct UDPHeader: Sendable, Hashable {
  /// Length in bytes.
  public static let byteCount = 8
  /// Where the checksum lies, in bytes from the start of the header.
  public static let checksumOffset = 6

  /// The sender's port; 0 when no reply is wanted.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Header and data in bytes: 8–65535.
  public var length: Int

  private enum Offset {
    static let sourcePort = 0
    static let destinationPort = 2
    static let length = 4
  }

  /// A header in front of `dataLength` bytes.
  public init(sourcePort: UInt16, destinationPort: UInt16, dataLength: Int) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    length = Self.byteCount + dataLength
  }

  /// Reads a header; the data may have been cut off by the capture.
  ///
  /// - Throws: `truncated`, `badLength`.
  public init(parsing datagram: RawSpan) throws(PacketError) {
    guard datagram.byteCount >= Self.byteCount else { throw .truncated }
    sourcePort = datagram.uint16(at: Offset.sourcePort)
    destinationPort = datagram.uint16(at: Offset.destinationPort)
    length = Int(datagram.uint16(at: Offset.length))
    guard length >= Self.byteCount else { throw .badLength }
  }

  /// Writes the header in front of the data that already stands behind it, with the checksum over both.
  ///
  /// - Parameter datagram: must hold `length` bytes from `start` on.
  public func emit(
    source: IPAddress, destination: IPAddress, into datagram: inout MutableRawSpan, at start: Int = 0
  ) {
    datagram.set(sourcePort, at: start + Offset.sourcePort)
    datagram.set(destinationPort, at: start + Offset.destinationPort)
    datagram.set(UInt16(truncatingIfNeeded: length), at: start + Offset.length)
    datagram.set(UInt16(0), at: start + Self.checksumOffset)
    var checksum = InternetChecksum(
      source: source, destination: destination, upperLayer: .udp, length: length)
    checksum.add(datagram.bytes.extracting(start..<start + length))
    // A sum of zero is sent as all ones: zero means "no checksum", which IPv6 forbids (RFC 8200 §8.1).
    datagram.set(checksum.value == 0 ? 0xffff : checksum.value, at: start + Self.checksumOffset)
  }

  /// The state of the checksum of a captured datagram; over IPv4 a field of zero means there is none.
  public static func checksumState(of ip: IPPacket, in packet: RawSpan) -> ChecksumState {
    guard ip.payload.count >= byteCount else { return .unverifiable }
    if packet.uint16(at: ip.payload.lowerBound + checksumOffset) == 0 {
      return ip.family == .ipv4 ? .unverifiable : .wrong
    }
    // Its own length says what it covers (RFC 768); a packet may hold more, as with UDP options (RFC 9868 §5).
    let length = Int(packet.uint16(at: ip.payload.lowerBound + Offset.length))
    return ip.checksumState(in: packet, fieldOffset: checksumOffset, length: length)
  }
}
