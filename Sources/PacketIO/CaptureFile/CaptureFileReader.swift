import Wire

/// Why a file is not a capture, or where it stops being one.
public struct CaptureFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where, in bytes from the start of the file.
  public var offset: Int
  /// What is wrong there.
  public var why: String

  /// Something wrong at a place, in bytes from the start of the file.
  public init(offset: Int, why: String) {
    self.offset = offset
    self.why = why
  }

  /// `at byte 24: a block of 3 bytes`.
  public var description: String { "at byte \(offset): \(why)" }
}

/// A packet from a capture file.
public struct CapturedPacket: Sendable, Hashable {
  /// Nanoseconds since 1970.
  public var time: UInt64
  /// The number of the LINKTYPE registry that says what `bytes` begin with.
  public var link: UInt16
  /// The captured bytes, from the link layer's header on.
  public var bytes: [UInt8]
  /// Which way it went, where the file says so.
  public var direction = PcapngWriter.Direction.unknown
  /// Its place in the order of events, where the file says so (`epb_packetid`).
  public var order: UInt64?
  /// The interface's name or description, where the file says it.
  public var interface = ""
}

/// Reads pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng) files of either byte order from front to
/// back, in bounded memory whatever they hold.
///
/// Blocks and options that are not known are stepped over, as both drafts ask.
public struct CaptureFileReader: ~Copyable {
  /// What stands in a file.
  public enum Event: Sendable {
    /// A section begins (pcapng); its comments in order.
    case section(comments: [String])
    case packet(CapturedPacket)
  }

  /// The longest block or packet that is read, in bytes: libpcap's greatest snap length and room for options.
  public static let longestBlock = 1 << 20
  /// The most interfaces of a section.
  public static let mostInterfaces = 1024
  /// The most comments of a section, and their bytes together.
  static let mostComments = 256

  struct Interface {
    var link: UInt16
    var name = ""
    /// Ticks of a second, as a power of ten or of two.
    var ticks = Ticks.decimal(6)
    /// Seconds to add.
    var offset: Int64 = 0
  }

  enum Ticks {
    case decimal(Int)
    case binary(Int)
  }

  private enum Format {
    case pcap(Interface)
    case pcapng
  }

  var source: CaptureFileSource
  private var format: Format?
  private var isLittleEndian = true
  var interfaces: [Interface] = []

  /// A reader of a file.
  public init(path: String) throws(CaptureFileError) { source = try CaptureFileSource(path: path) }

  /// A reader of bytes in memory.
  public init(bytes: [UInt8]) { source = CaptureFileSource(bytes: bytes) }

  /// Where the next block or packet begins, in bytes.
  public var offset: Int { source.offset }

  /// The next thing in the file; `nil` at its end.
  public mutating func next() throws(CaptureFileError) -> Event? {
    guard let format else { return try start() }
    switch format {
    case .pcap(let interface): return try nextPcap(interface).map { .packet($0) }
    case .pcapng:
      while let block = try nextBlock() {
        if let event = try event(of: block) { return event }
      }
      return nil
    }
  }

  private mutating func start() throws(CaptureFileError) -> Event? {
    let magic = Array(try source.peek(4))
    guard magic.count == 4 else { throw failure(0, magic.isEmpty ? "the file is empty" : "no capture file") }
    let little = magic.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    for (value, isLittle) in [(little, true), (little.byteSwapped, false)] {
      if value == PcapngWriter.BlockType.section {
        // The same in either order; the byte-order magic inside says which.
        format = .pcapng
        return try next()
      }
      // Microseconds and nanoseconds (§4).
      guard value == 0xa1b2_c3d4 || value == 0xa1b2_3c4d else { continue }
      isLittleEndian = isLittle
      let header = try source.take(24)
      guard header.count == 24 else { throw failure(0, "the file header is cut off") }
      let link = UInt16(truncatingIfNeeded: word(header, 20) & 0xffff)
      format = .pcap(Interface(link: link, ticks: .decimal(value == 0xa1b2_c3d4 ? 6 : 9)))
      return try next()
    }
    throw failure(0, "neither pcap nor pcapng")
  }

  private mutating func nextPcap(_ interface: Interface) throws(CaptureFileError) -> CapturedPacket? {
    let start = offset
    let header = try source.take(16)
    if header.isEmpty { return nil }
    guard header.count == 16 else { throw failure(start, "a packet header is cut off") }
    let length = Int(word(header, 8))
    guard length <= Self.longestBlock else { throw failure(start, "a packet of \(length) bytes") }
    let bytes = try source.take(length)
    guard bytes.count == length else { throw failure(start, "a packet of \(length) bytes is cut off") }
    let fraction = UInt64(word(header, 4))
    let unit: UInt64 = if case .decimal(9) = interface.ticks { 1 } else { 1000 }
    return CapturedPacket(
      time: UInt64(word(header, 0)) * 1_000_000_000 + fraction * unit, link: interface.link, bytes: bytes)
  }

  func failure(_ offset: Int, _ why: String) -> CaptureFileError {
    CaptureFileError(offset: offset, why: why)
  }

  /// A number of 32 bits in the byte order of the file; the caller has looked at the length.
  func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
    let value = bytes.span.bytes.uint32(at: at)
    return isLittleEndian ? value.byteSwapped : value
  }

  func half(_ bytes: [UInt8], _ at: Int) -> UInt16 {
    let value = bytes.span.bytes.uint16(at: at)
    return isLittleEndian ? value.byteSwapped : value
  }

  func double(_ bytes: [UInt8], _ at: Int) -> UInt64 {
    let value = bytes.span.bytes.uint64(at: at)
    return isLittleEndian ? value.byteSwapped : value
  }

  mutating func setByteOrder(isLittleEndian: Bool) { self.isLittleEndian = isLittleEndian }
}
