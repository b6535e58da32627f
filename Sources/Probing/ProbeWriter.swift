import Wire

/// Writes the packets of a list of probes. Immutable, so every sender may hold one.
public struct ProbeWriter: Sendable {
  /// No packet is longer than this, in bytes, Ethernet header excluded.
  public static let packetCapacity = 72

  let probes: [Probe]
  let key: SipHashKey

  /// Writes the IP packet, checksums included, of one try of one probe.
  ///
  /// - Parameters:
  ///   - probe: an index into the list of probes.
  ///   - source: an address of the vantage, of the target's family.
  ///   - packet: must hold `packetCapacity` bytes from `offset` on.
  ///   - offset: where the packet begins: 14 behind an Ethernet header.
  /// - Returns: how many bytes were written.
  public func emit(
    probe: Int, attempt: Int, source: IPAddress, into packet: inout MutableRawSpan, at offset: Int = 0
  ) -> Int {
    let target = probes[probe].target
    precondition(source.family == target.family, "source and target of different families")
    let cookie = ProbeCookie(
      key: key, source: source, probe: probes[probe], index: UInt32(truncatingIfNeeded: probe))
    let headerLength = target.family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let start = offset + headerLength
    let length: Int
    let upperLayer: IPProtocol
    switch probes[probe].kind {
    case .echo:
      upperLayer = .icmp(target.family)
      length = Self.emitEcho(cookie, attempt: attempt, from: source, to: target, into: &packet, at: start)
    case .tcpSYN(let port):
      upperLayer = .tcp
      length = Self.emitSYN(
        cookie, attempt: attempt, from: source, to: target, port: port, into: &packet, at: start)
    }
    switch target.family {
    case .ipv4:
      var header = IPv4Header(
        source: source, destination: target, upperLayer: upperLayer, payloadLength: length)
      header.identification = cookie.identification
      header.emit(into: &packet, at: offset)
    case .ipv6:
      var header = IPv6Header(
        source: source, destination: target, nextHeader: upperLayer, payloadLength: length)
      header.flowLabel = cookie.flowLabel
      header.emit(into: &packet, at: offset)
    }
    return headerLength + length
  }

  private static func emitEcho(
    _ cookie: ProbeCookie, attempt: Int, from source: IPAddress, to target: IPAddress,
    into packet: inout MutableRawSpan, at start: Int
  ) -> Int {
    let length = ICMPMessage.byteCount + 8
    packet.set(cookie.echoData(attempt: attempt), at: start + ICMPMessage.byteCount)
    let echo = ICMPMessage(
      echoRequest: target.family, identifier: cookie.identifier,
      sequence: cookie.sequence(attempt: attempt))
    echo.emit(length: length, source: source, destination: target, into: &packet, at: start)
    return length
  }

  private static func emitSYN(
    _ cookie: ProbeCookie, attempt: Int, from source: IPAddress, to target: IPAddress, port: UInt16,
    into packet: inout MutableRawSpan, at start: Int
  ) -> Int {
    let header = TCPHeader(
      sourcePort: cookie.sourcePort(attempt: attempt), destinationPort: port,
      sequence: cookie.initialSequence(attempt: attempt), flags: .syn)
    return header.emit(
      options: .commonSYN(target.family), source: source, destination: target, into: &packet, at: start)
  }
}

extension TCPOptions {
  /// What a common desktop system asks for. No timestamps: a clock that is not the kernel's would look like a host
  /// going back in time to servers that keep one clock an address (PAWS, RFC 7323 §5).
  static func commonSYN(_ family: AddressFamily) -> TCPOptions {
    TCPOptions(
      maximumSegmentSize: family == .ipv4 ? 1460 : 1440, windowScale: 8, selectiveAcknowledgment: true)
  }
}
