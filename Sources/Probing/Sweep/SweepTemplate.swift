import Wire

/// The packets of a sweep from one source address: what is the same in all of them is prepared once, the rest is
/// patched for each target, and the checksum continues from the sum over the part that stays.
public struct SweepTemplate: Sendable {
  /// The IP packet with nothing patched in.
  public let bytes: [UInt8]
  /// The address it comes from.
  public let source: IPAddress

  private let key: SipHashKey
  private let probe: SweepProbe
  private let payload: SweepPayload
  /// Where the upper layer begins.
  private let start: Int
  /// The sums over what stays the same: of the IPv4 header, and of the upper layer with its pseudo-header.
  private let headerSum: InternetChecksum
  private let upperSum: InternetChecksum
  /// The bytes of the upper layer that are patched, from even offsets on.
  private let head: Range<Int>
  private let tail: Range<Int>

  /// The packets of `probe` from `source`.
  public init(_ probe: SweepProbe, source: IPAddress, key: SipHashKey) {
    self.probe = probe
    self.source = source
    self.key = key
    let family = source.family
    let payload: SweepPayload = if case .udp(let port) = probe { SweepPayload(port: port) } else { .empty }
    self.payload = payload
    start = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let nowhere = IPAddress(family, leftAligned: 0)
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
    self.headerSum = headerSum
    self.upperSum = upperSum
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
      let nowhere = IPAddress(family, leftAligned: 0)
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

  /// Patches one try for one target into a copy of `bytes`.
  ///
  /// - Parameters:
  ///   - packet: holds the packet from `offset` on, for whatever target it was patched before.
  ///   - target: of the source's family.
  @inline(__always)
  public func patch(_ packet: inout MutableRawSpan, at offset: Int, target: IPAddress, attempt: Int) {
    let cookie = ProbeCookie(key: key, source: source, target: target, sweep: probe)
    let upper = offset + start
    var sum = upperSum
    if source.family == .ipv6 {
      packet.set(0x6000_0000 | cookie.flowLabel, at: offset)
      packet.set(target.high, at: offset + 24)
      packet.set(target.low, at: offset + 32)
      sum.add(target)
    } else {
      packet.set(cookie.identification, at: offset + 4)
      packet.set(target.ipv4Bits, at: offset + 16)
      var header = headerSum
      header.add(cookie.identification)
      header.add(target.ipv4Bits)
      packet.set(header.value, at: offset + IPv4Header.checksumOffset)
      if probe != .echo { sum.add(target.ipv4Bits) }
    }
    switch probe {
    case .echo:
      let echo = UInt32(cookie.identifier) << 16 | UInt32(cookie.sequence(attempt: attempt))
      packet.set(echo, at: upper + 4)
      packet.set(cookie.echoData(attempt: attempt), at: upper + 8)
      sum.add(echo)
      sum.add(cookie.echoData(attempt: attempt))
      packet.set(sum.value, at: upper + ICMPMessage.checksumOffset)
    case .tcp:
      packet.set(cookie.sourcePort(attempt: attempt), at: upper)
      packet.set(cookie.initialSequence(attempt: attempt), at: upper + 4)
      sum.add(packet.bytes.extracting(upper + head.lowerBound..<upper + head.upperBound))
      packet.set(sum.value, at: upper + TCPHeader.checksumOffset)
    case .udp:
      packet.set(cookie.sourcePort(attempt: attempt), at: upper)
      payload.patch(&packet, at: upper + UDPHeader.byteCount, cookie)
      sum.add(packet.bytes.extracting(upper + head.lowerBound..<upper + head.upperBound))
      sum.add(packet.bytes.extracting(upper + tail.lowerBound..<upper + tail.upperBound))
      // Zero would mean that there is none (RFC 768), which IPv6 does not allow (RFC 8200 §8.1).
      packet.set(sum.value == 0 ? UInt16.max : sum.value, at: upper + UDPHeader.checksumOffset)
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
