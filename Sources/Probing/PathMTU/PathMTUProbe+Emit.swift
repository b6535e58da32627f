import Wire

extension PathMTUProbe {
  /// Writes the IP packet of a step, checksums included; see `PathMTUMachine`. Returns how many bytes.
  public func emit(_ step: PathMTUPacket, into packet: inout MutableRawSpan, at offset: Int = 0) -> Int {
    switch step {
    case .tooBig: quote.emit(mtu: settings.mtu, from: source, into: &packet, at: offset)
    case .largeEcho(let attempt): emitEcho(attempt, length: messageLength, into: &packet, at: offset)
    case .smallEcho(let attempt):
      emitEcho(attempt, length: ICMPMessage.byteCount + 8, into: &packet, at: offset)
    }
  }

  /// Writes an echo request of `length` bytes, a multiple of eight, behind the IP header.
  private func emitEcho(
    _ attempt: Int, length: Int, into packet: inout MutableRawSpan, at offset: Int
  ) -> Int {
    let family = target.family
    let start = offset + family.headerLength
    for index in 0..<(length - ICMPMessage.byteCount) / 8 {
      packet.set(pattern.word(index, attempt: attempt), at: start + ICMPMessage.byteCount + 8 * index)
    }
    let echo = ICMPMessage(
      echoRequest: family, identifier: pattern.identifier, sequence: pattern.sequence(attempt))
    echo.emit(length: length, source: source, destination: target, into: &packet, at: start)
    switch family {
    case .ipv4:
      IPv4Header(source: source, destination: target, upperLayer: .icmp, payloadLength: length)
        .emit(into: &packet, at: offset)
    case .ipv6:
      var header = IPv6Header(
        source: source, destination: target, nextHeader: .icmpv6, payloadLength: length)
      header.flowLabel = pattern.flowLabel
      header.emit(into: &packet, at: offset)
    }
    return family.headerLength + length
  }
}
