/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) message: one format, two lists of types.
public struct ICMPMessage: Sendable, Hashable {
  /// Length of the header common to echo and error messages, in bytes.
  public static let byteCount = 8
  /// Where the checksum lies, in bytes from the start of the message.
  public static let checksumOffset = 2

  /// Which list of types.
  public var family: AddressFamily
  /// The type.
  public var type: UInt8
  /// The code.
  public var code: UInt8
  /// Bytes 4–7: identifier and sequence of an echo, MTU or pointer of an error.
  public var parameter: UInt32

  private enum Offset {
    static let type = 0
    static let code = 1
    static let parameter = 4
  }

  /// What kind of message it is.
  public enum Kind: Sendable, Hashable {
    case echoRequest, echoReply
    /// An error that quotes the packet it is about.
    case error
    case other
  }

  /// An echo request.
  public init(echoRequest family: AddressFamily, identifier: UInt16, sequence: UInt16) {
    self.family = family
    type = family == .ipv4 ? 8 : 128
    code = 0
    parameter = UInt32(identifier) << 16 | UInt32(sequence)
  }

  /// A Packet Too Big (RFC 4443 §3.2), or for IPv4 a Fragmentation Needed (RFC 1191 §4).
  ///
  /// - Parameter mtu: the most bytes the next hop takes: 0–65535.
  public init(tooBig family: AddressFamily, mtu: UInt16) {
    self.family = family
    type = family == .ipv4 ? 3 : 2
    code = family == .ipv4 ? 4 : 0
    parameter = UInt32(mtu)
  }

  /// Reads the first eight bytes of a message.
  ///
  /// - Throws: `truncated`.
  public init(parsing message: RawSpan, family: AddressFamily) throws(PacketError) {
    guard message.byteCount >= Self.byteCount else { throw .truncated }
    self.family = family
    type = message.uint8(at: Offset.type)
    code = message.uint8(at: Offset.code)
    parameter = message.uint32(at: Offset.parameter)
  }

  /// What kind of message the type says it is. Redirects and source quench (RFC 6633) are no errors here:
  /// they do not say that the packet was lost.
  public var kind: Kind {
    switch (family, type) {
    case (.ipv4, 8), (.ipv6, 128): .echoRequest
    case (.ipv4, 0), (.ipv6, 129): .echoReply
    case (.ipv4, 3), (.ipv4, 11), (.ipv4, 12): .error
    // All types below 128 are errors (RFC 4443 §2.1); 0 and those not assigned are left alone.
    case (.ipv6, 1...4): .error
    default: .other
    }
  }

  /// The identifier of an echo.
  public var identifier: UInt16 { UInt16(truncatingIfNeeded: parameter >> 16) }
  /// The sequence number of an echo.
  public var sequence: UInt16 { UInt16(truncatingIfNeeded: parameter) }

  /// The next hop's MTU in a Packet Too Big (RFC 4443 §3.2) or Fragmentation Needed (RFC 1191 §4), in bytes.
  public var maximumTransmissionUnit: Int? {
    switch (family, type, code) {
    case (.ipv6, 2, _): Int(parameter)
    case (.ipv4, 3, 4): Int(parameter & 0xffff)
    default: nil
    }
  }

  /// Writes the header in front of the data that already stands behind it, with the checksum over both.
  ///
  /// - Parameters:
  ///   - length: of the whole message in bytes, 8 or more; `message` must hold it from `start` on.
  ///   - source: covered by the checksum of ICMPv6 only (RFC 4443 §2.3).
  public func emit(
    length: Int, source: IPAddress, destination: IPAddress, into message: inout MutableRawSpan,
    at start: Int = 0
  ) {
    message.set(type, at: start + Offset.type)
    message.set(code, at: start + Offset.code)
    message.set(UInt16(0), at: start + Self.checksumOffset)
    message.set(parameter, at: start + Offset.parameter)
    var checksum =
      family == .ipv4
      ? InternetChecksum()
      : InternetChecksum(source: source, destination: destination, upperLayer: .icmpv6, length: length)
    checksum.add(message.bytes.extracting(start..<start + length))
    message.set(checksum.value, at: start + Self.checksumOffset)
  }

  /// The state of the checksum of a captured message.
  public static func checksumState(of ip: IPPacket, in packet: RawSpan) -> ChecksumState {
    guard ip.family == .ipv4 else { return ip.checksumState(in: packet, fieldOffset: checksumOffset) }
    guard ip.isWhole else { return .unverifiable }
    var checksum = InternetChecksum()
    checksum.add(packet.extracting(ip.payload))
    return checksum.isIntact ? .intact : .wrong
  }
}
