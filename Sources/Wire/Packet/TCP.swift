/// The control bits of a TCP segment (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Sendable, Hashable {
  /// The byte on the wire.
  public let rawValue: UInt8

  /// Flags from the byte on the wire.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No more data from the sender.
  @inlinable public static var fin: Self { .init(rawValue: 0x01) }
  /// Synchronise sequence numbers.
  @inlinable public static var syn: Self { .init(rawValue: 0x02) }
  /// Reset the connection.
  @inlinable public static var rst: Self { .init(rawValue: 0x04) }
  /// Push.
  @inlinable public static var psh: Self { .init(rawValue: 0x08) }
  /// The acknowledgment field counts.
  @inlinable public static var ack: Self { .init(rawValue: 0x10) }
  /// The urgent pointer counts.
  @inlinable public static var urg: Self { .init(rawValue: 0x20) }
  /// ECN echo (RFC 3168).
  @inlinable public static var ece: Self { .init(rawValue: 0x40) }
  /// Congestion window reduced (RFC 3168).
  @inlinable public static var cwr: Self { .init(rawValue: 0x80) }
}

/// A TCP header (RFC 9293 §3.1).
public struct TCPHeader: Sendable, Hashable {
  /// Length in bytes without options.
  public static let byteCount = 20
  /// Where the checksum lies, in bytes from the start of the header.
  public static let checksumOffset = 16

  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16
  /// Sequence number of the first data byte, or of the SYN.
  public var sequence: UInt32
  /// The next sequence number the sender expects; means nothing without `.ack`.
  public var acknowledgment: UInt32 = 0
  /// Control bits.
  public var flags: TCPFlags
  /// How many bytes the sender will take, before scaling.
  public var window: UInt16 = 65535
  /// Header and options in bytes: 20–60.
  public private(set) var headerLength: Int

  private enum Offset {
    static let sourcePort = 0
    static let destinationPort = 2
    static let sequence = 4
    static let acknowledgment = 8
    static let dataOffset = 12
    static let flags = 13
    static let window = 14
    static let urgent = 18
  }

  /// A header for a segment without data.
  public init(sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32, flags: TCPFlags) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.flags = flags
    headerLength = Self.byteCount
  }

  /// Reads the 20 fixed bytes; options may have been cut off by the capture.
  ///
  /// - Throws: `truncated`, `badLength`.
  public init(parsing segment: RawSpan) throws(PacketError) {
    guard segment.byteCount >= Self.byteCount else { throw .truncated }
    headerLength = Int(segment.uint8(at: Offset.dataOffset) >> 4) * 4
    guard headerLength >= Self.byteCount else { throw .badLength }
    sourcePort = segment.uint16(at: Offset.sourcePort)
    destinationPort = segment.uint16(at: Offset.destinationPort)
    sequence = segment.uint32(at: Offset.sequence)
    acknowledgment = segment.uint32(at: Offset.acknowledgment)
    flags = TCPFlags(rawValue: segment.uint8(at: Offset.flags))
    window = segment.uint16(at: Offset.window)
  }

  /// Writes header and options with their checksum at `start` in `segment`, which must hold
  /// them.
  ///
  /// - Returns: the bytes written: 20 and those of the options.
  public func emit(
    options: TCPOptions, source: IPAddress, destination: IPAddress, into segment: inout MutableRawSpan,
    at start: Int = 0
  ) -> Int {
    let length = Self.byteCount + options.byteCount
    segment.set(sourcePort, at: start + Offset.sourcePort)
    segment.set(destinationPort, at: start + Offset.destinationPort)
    segment.set(sequence, at: start + Offset.sequence)
    segment.set(acknowledgment, at: start + Offset.acknowledgment)
    segment.set(UInt8(truncatingIfNeeded: length / 4) << 4, at: start + Offset.dataOffset)
    segment.set(flags.rawValue, at: start + Offset.flags)
    segment.set(window, at: start + Offset.window)
    segment.set(UInt16(0), at: start + Self.checksumOffset)
    segment.set(UInt16(0), at: start + Offset.urgent)
    options.emit(into: &segment, at: start + Self.byteCount)
    var checksum = InternetChecksum(
      source: source, destination: destination, upperLayer: .tcp, length: length)
    checksum.add(segment.bytes.extracting(start..<start + length))
    segment.set(checksum.value, at: start + Self.checksumOffset)
    return length
  }
}
