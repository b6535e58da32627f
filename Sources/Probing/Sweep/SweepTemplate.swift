import Wire

/// The packets of a sweep from one source address: what is the same in all of them is prepared once, the rest is
/// patched for each target, and the checksum continues from the sum over the part that stays.
public struct SweepTemplate: Sendable {
  /// The IP packet with nothing patched in.
  public let bytes: [UInt8]
  /// What writes the rest.
  public let patch: SweepPatch

  /// The address it comes from.
  public var source: IPAddress { patch.source }

  /// The packets of `probe` from `source`.
  public init(_ probe: SweepProbe, source: IPAddress, key: SipHashKey) {
    let family = source.family
    let payload: SweepPayload = if case .udp(let port) = probe { SweepPayload(port: port) } else { .empty }
    let start = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let nowhere = IPAddress(family, bits: 0)
    let (upperLayer, upper) = Self.upperLayer(probe, payload, family)
    var packet = Array(repeating: 0 as UInt8, count: start) + upper
    switch family {
    case .ipv4:
      let header = IPv4Header(
        source: source, destination: nowhere, upperLayer: upperLayer, payloadLength: upper.count)
      packet.edit { bytes in
        header.emit(into: &bytes)
        bytes.set(UInt16(0), at: IPv4Header.checksumOffset)
      }
    case .ipv6:
      let header = IPv6Header(
        source: source, destination: nowhere, nextHeader: upperLayer, payloadLength: upper.count)
      packet.edit { header.emit(into: &$0) }
    }
    let (head, tail): (Range<Int>, Range<Int>)
    switch probe {
    case .echo: (head, tail) = (4..<16, 16..<16)
    case .tcp: (head, tail) = (0..<8, 8..<8)
    case .udp:
      let patched = payload.patched
      let (from, to) = (UDPHeader.byteCount + patched.lowerBound, UDPHeader.byteCount + patched.upperBound)
      (head, tail) = (0..<2, patched.isEmpty ? 2..<2 : from & ~1..<min(upper.count, (to + 1) & ~1))
    }
    bytes = packet
    var headerSum = InternetChecksum()
    var upperSum = InternetChecksum()
    if probe != .echo || family == .ipv6 {
      upperSum = InternetChecksum(
        source: source, destination: nowhere, upperLayer: upperLayer, length: upper.count)
    }
    headerSum.add(packet.span.bytes.extracting(0..<start))
    for offset in stride(from: 0, to: upper.count, by: 2)
    where !head.contains(offset) && !tail.contains(offset) {
      upperSum.add(packet.span.bytes.extracting(start + offset..<start + min(upper.count, offset + 2)))
    }
    patch = SweepPatch(
      source: source, key: key, probe: probe, payload: payload, start: start, headerSum: headerSum,
      upperSum: upperSum, head: head, tail: tail)
  }

  private static func upperLayer(
    _ probe: SweepProbe, _ payload: SweepPayload, _ family: AddressFamily
  ) -> (IPProtocol, [UInt8]) {
    switch probe {
    case .echo:
      var bytes = Array(repeating: 0 as UInt8, count: ICMPMessage.byteCount + 8)
      bytes[0] = family == .ipv4 ? 8 : 128
      return (.icmp(family), bytes)
    case .tcp(let port):
      var bytes = Array(repeating: 0 as UInt8, count: ProbeWriter.packetCapacity)
      let nowhere = IPAddress(family, bits: 0)
      let header = TCPHeader(sourcePort: 0, destinationPort: port, sequence: 0, flags: .syn)
      let length = bytes.edit { bytes in
        defer { bytes.set(UInt16(0), at: TCPHeader.checksumOffset) }
        return header.emit(
          options: .commonSYN(family), source: nowhere, destination: nowhere, into: &bytes, at: 0)
      }
      return (.tcp, Array(bytes[..<length]))
    case .udp(let port):
      let length = UDPHeader.byteCount + payload.bytes.count
      let head = [0, 0, UInt8(port >> 8), UInt8(port & 255), UInt8(length >> 8), UInt8(length & 255), 0, 0]
      return (.udp, head + payload.bytes)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func edit<Result>(_ body: (inout MutableRawSpan) -> Result) -> Result {
    var elements = mutableSpan
    var bytes = elements.mutableBytes
    return body(&bytes)
  }
}
