/// The TCP options that matter in a handshake (RFC 9293 §3.2, RFC 7323, RFC 2018).
public struct TCPOptions: Sendable, Hashable {
  /// The largest segment the sender takes, in bytes; only in a SYN.
  public var maximumSegmentSize: UInt16?
  /// By how many bits the window is shifted, 0–14; only in a SYN.
  public var windowScale: UInt8?
  /// Whether selective acknowledgments may be sent; only in a SYN.
  public var selectiveAcknowledgment = false

  private enum Kind {
    static let end: UInt8 = 0
    static let padding: UInt8 = 1
    static let maximumSegmentSize: UInt8 = 2
    static let windowScale: UInt8 = 3
    static let selectiveAcknowledgment: UInt8 = 4
    static let timestamps: UInt8 = 8
  }

  /// Options as given; none by default.
  public init(
    maximumSegmentSize: UInt16? = nil, windowScale: UInt8? = nil, selectiveAcknowledgment: Bool = false
  ) {
    self.maximumSegmentSize = maximumSegmentSize
    self.windowScale = windowScale
    self.selectiveAcknowledgment = selectiveAcknowledgment
  }

  /// Reads the options of a segment up to the end of the list, of the header or of the capture. An option of
  /// impossible length ends the list; options of other kinds are stepped over.
  public init(parsing segment: RawSpan, header: TCPHeader) {
    Self.each(in: segment, header) { kind, length, offset in
      switch (kind, length) {
      case (Kind.maximumSegmentSize, 4): maximumSegmentSize = segment.uint16(at: offset + 2)
      case (Kind.windowScale, 3): windowScale = min(segment.uint8(at: offset + 2), 14)
      case (Kind.selectiveAcknowledgment, 2): selectiveAcknowledgment = true
      default: break
      }
    }
  }

  /// What the sender's timestamp clock stands at (RFC 7323 §3.2); `nil` where the segment does not say.
  public static func timestamp(in segment: RawSpan, header: TCPHeader) -> UInt32? {
    var value: UInt32?
    each(in: segment, header) { kind, length, offset in
      if kind == Kind.timestamps, length == 10 { value = segment.uint32(at: offset + 2) }
    }
    return value
  }

  /// Goes through the options that have a length.
  @inline(__always) private static func each(
    in segment: RawSpan, _ header: TCPHeader, _ body: (_ kind: UInt8, _ length: Int, _ offset: Int) -> Void
  ) {
    let end = min(header.headerLength, segment.byteCount)
    var offset = TCPHeader.byteCount
    while offset < end, segment.uint8(at: offset) != Kind.end {
      if segment.uint8(at: offset) == Kind.padding {
        offset += 1
        continue
      }
      guard offset + 2 <= end else { return }
      let length = Int(segment.uint8(at: offset + 1))
      guard length >= 2, offset + length <= end else { return }
      body(segment.uint8(at: offset), length, offset)
      offset += length
    }
  }

  /// Length when written, in bytes: a multiple of four.
  public var byteCount: Int {
    (maximumSegmentSize == nil ? 0 : 4) + (windowScale == nil ? 0 : 4) + (selectiveAcknowledgment ? 4 : 0)
  }

  /// Writes the options, each padded to four bytes and in the order common desktop systems use, so that no
  /// middlebox takes offence.
  func emit(into segment: inout MutableRawSpan, at start: Int) {
    var offset = start
    if let maximumSegmentSize {
      segment.set(UInt16(Kind.maximumSegmentSize) << 8 | 4, at: offset)
      segment.set(maximumSegmentSize, at: offset + 2)
      offset += 4
    }
    if let windowScale {
      segment.set(UInt16(Kind.padding) << 8 | UInt16(Kind.windowScale), at: offset)
      segment.set(UInt16(3) << 8 | UInt16(windowScale), at: offset + 2)
      offset += 4
    }
    if selectiveAcknowledgment {
      segment.set(UInt16(Kind.padding) << 8 | UInt16(Kind.padding), at: offset)
      segment.set(UInt16(Kind.selectiveAcknowledgment) << 8 | 2, at: offset + 2)
    }
  }
}
