import Wire

/// What a Packet Too Big will quote: the first bytes of a captured packet, in memory that is taken once.
struct TooBigQuote: Sendable {
  private var bytes: [UInt8]
  private var count = 0
  /// Where the TCP header begins, if the packet is a segment.
  private var segment: Int?

  init(_ family: AddressFamily) {
    bytes = Array(repeating: 0, count: PacketTooBig.quoteCapacity(family))
  }

  /// Takes as much of a packet as a message can quote.
  mutating func keep(_ packet: RawSpan, _ ip: IPPacket) {
    count = min(packet.byteCount, ip.totalLength, bytes.count)
    let kept = count
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    raw.copy(packet.extracting(0..<kept), at: 0)
    let start = ip.payload.lowerBound
    segment = ip.upperLayer == .tcp && ip.fragmentOffset == 0 && start + 8 <= kept ? start : nil
  }

  /// Makes a quoted segment the one that begins at `sequence`.
  mutating func renumber(_ sequence: UInt32) {
    guard let segment else { return }
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    raw.set(sequence, at: segment + 4)
  }

  /// Writes the message; 0 bytes if nothing was kept that one may be sent about.
  func emit(mtu: UInt16, from source: IPAddress, into packet: inout MutableRawSpan, at offset: Int) -> Int {
    let quoted = bytes.span.bytes.extracting(0..<count)
    return (try? PacketTooBig.emit(about: quoted, mtu: mtu, source: source, into: &packet, at: offset)) ?? 0
  }
}
