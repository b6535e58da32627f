import Wire

/// Writes what differs between the packets of a `SweepTemplate`. A plain value: nothing to allocate, none to count.
public struct SweepPatch: Sendable {
  /// The address the packets come from.
  public let source: IPAddress

  let key: SipHashKey
  let probe: SweepProbe
  let payload: SweepPayload
  /// Where the upper layer begins.
  let start: Int
  /// The sums over what stays the same: of the IPv4 header, and of the upper layer with its pseudo-header.
  let headerSum: InternetChecksum
  let upperSum: InternetChecksum
  /// The bytes of the upper layer that are patched, from even offsets on.
  let head: Range<Int>
  let tail: Range<Int>

  /// Patches one try for one target into a copy of the template's bytes.
  ///
  /// - Parameters:
  ///   - packet: holds the packet from `offset` on, for whatever target it was patched before.
  ///   - target: of the source's family.
  @inline(__always)
  public func write(_ packet: inout MutableRawSpan, at offset: Int, target: IPAddress, attempt: Int) {
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
