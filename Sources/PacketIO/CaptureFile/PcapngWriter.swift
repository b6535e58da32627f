import Wire

/// Writes a pcapng file (draft-ietf-opsawg-pcapng) in memory, little-endian, with times in nanoseconds.
public struct PcapngWriter: Sendable {
  /// What the packets of an interface begin with, by the numbers of the LINKTYPE registry.
  public enum Link: UInt16, Sendable {
    case ethernet = 1
    /// An IPv4 or IPv6 packet, told apart by its version.
    case raw = 101
  }

  /// Which way a packet went (bits 0 and 1 of `epb_flags`).
  public enum Direction: UInt32, Sendable {
    case unknown = 0
    case received = 1
    case sent = 2
  }

  /// No option holds more bytes.
  public static let longestOption = 65_535

  /// The file so far.
  public private(set) var bytes: [UInt8] = []
  private var interfaces: UInt32 = 0

  /// A file of one section.
  ///
  /// - Parameters:
  ///   - application: the program that writes it.
  ///   - comments: about all of it; one longer than `longestOption` bytes is cut.
  public init(application: String, comments: [String]) {
    block(BlockType.section) { bytes in
      bytes.add32(Self.byteOrderMagic)
      bytes.add16(1)
      bytes.add16(0)
      // The length of the section is not said.
      bytes.add64(.max)
      for comment in comments { bytes.addOption(OptionCode.comment, Array(comment.utf8)) }
      bytes.addOption(OptionCode.application, Array(application.utf8))
      bytes.endOptions()
    }
  }

  /// Adds an interface; returns its number.
  public mutating func addInterface(
    _ link: Link, snapLength: Int, name: String = "", description: String
  ) -> UInt32 {
    block(BlockType.interface) { bytes in
      bytes.add16(link.rawValue)
      bytes.add16(0)
      bytes.add32(UInt32(snapLength))
      if !name.isEmpty { bytes.addOption(OptionCode.interfaceName, Array(name.utf8)) }
      bytes.addOption(OptionCode.interfaceDescription, Array(description.utf8))
      bytes.addOption(OptionCode.timeResolution, [9])
      bytes.endOptions()
    }
    interfaces += 1
    return interfaces - 1
  }

  /// Adds a packet.
  ///
  /// - Parameters:
  ///   - time: nanoseconds since 1970.
  ///   - length: of the whole packet on the wire, in bytes.
  ///   - order: its place in the order of events, where times alone do not tell.
  public mutating func addPacket(
    _ packet: [UInt8], interface: UInt32, time: UInt64, length: Int, direction: Direction, order: UInt64,
    comment: String
  ) {
    block(BlockType.packet) { bytes in
      bytes.add32(interface)
      bytes.add32(UInt32(truncatingIfNeeded: time >> 32))
      bytes.add32(UInt32(truncatingIfNeeded: time))
      bytes.add32(UInt32(packet.count))
      bytes.add32(UInt32(clamping: max(length, packet.count)))
      bytes += packet
      bytes.pad()
      if !comment.isEmpty { bytes.addOption(OptionCode.comment, Array(comment.utf8)) }
      bytes.addOption(OptionCode.packetFlags, direction.rawValue.littleEndianBytes)
      bytes.addOption(OptionCode.packetID, order.littleEndianBytes)
      bytes.endOptions()
    }
  }

  static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  enum BlockType {
    static let section: UInt32 = 0x0a0d_0d0a
    static let interface: UInt32 = 1
    static let simplePacket: UInt32 = 3
    static let packet: UInt32 = 6
  }

  enum OptionCode {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
    static let application: UInt16 = 4
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let timeResolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
    static let packetFlags: UInt16 = 2
    static let packetID: UInt16 = 5
  }

  /// A block: its type, its length, its body, its length again.
  private mutating func block(_ type: UInt32, _ body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes.add32(type)
    bytes.add32(0)
    body(&bytes)
    let length = UInt32(bytes.count + 4 - start)
    bytes.replaceSubrange(start + 4..<start + 8, with: length.littleEndianBytes)
    bytes.add32(length)
  }
}

extension [UInt8] {
  fileprivate mutating func add16(_ value: UInt16) { self += value.littleEndianBytes }
  fileprivate mutating func add32(_ value: UInt32) { self += value.littleEndianBytes }
  fileprivate mutating func add64(_ value: UInt64) { self += value.littleEndianBytes }

  fileprivate mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
    let kept = value.prefix(PcapngWriter.longestOption)
    add16(code)
    add16(UInt16(kept.count))
    self += kept
    pad()
  }

  fileprivate mutating func endOptions() { add32(0) }

  /// Everything in a block is padded to 32 bits; blocks begin at such places.
  fileprivate mutating func pad() { while count % 4 != 0 { append(0) } }
}

extension FixedWidthInteger {
  fileprivate var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
