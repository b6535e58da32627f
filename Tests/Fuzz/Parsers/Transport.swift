import Wire

extension FuzzParser {
  static let tcp = FuzzParser("tcp") { input throws(Violation) in
    let read = try readAlone(input) { segment in
      Result { () throws(PacketError) in try Segment(segment) }
    }
    guard case .success(let segment) = read else { return }
    try require((20...60).contains(segment.header.headerLength), "a header of impossible length")
    try require((segment.options.windowScale ?? 0) <= 14, "a window shifted beyond 14 (RFC 7323 §2.3)")
    for family in [AddressFamily.ipv4, .ipv6] {
      let ip = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
      let length = TCPHeader.byteCount + segment.options.byteCount
      var stated = 0
      let packet = written(ip + length) { packet in
        stated = segment.header.emit(
          options: segment.options, source: Sample.source(family), destination: Sample.destination(family),
          into: &packet, at: ip)
        Sample.emitHeader(family, .tcp, payloadLength: length, into: &packet)
      }
      try require(stated == length, "not of the length it states")
      guard let parsed = try? IPPacket(parsing: packet.span.bytes),
        let again = try? Segment(packet.span.bytes.extracting(parsed.payload))
      else { throw Violation("written it cannot be read") }
      try require(again.options == segment.options, "written and read again the options differ")
      try require(again.header.headerLength == length, "written and read again its length differs")
      try require(again.hasSameFields(as: segment), "written and read again it differs")
      let state = parsed.checksumState(in: packet.span.bytes, fieldOffset: TCPHeader.checksumOffset)
      try require(state == .intact, "a wrong checksum")
    }
  }

  static let udp = FuzzParser("udp") { input throws(Violation) in
    let read = try readAlone(input) { datagram in
      Result { () throws(PacketError) in try UDPHeader(parsing: datagram) }
    }
    guard case .success(let header) = read, header.length <= input.count else { return }
    for family in [AddressFamily.ipv4, .ipv6] where header.length <= 65_515 {
      let ip = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
      let packet = written(ip + header.length) { packet in
        for (offset, byte) in input.prefix(header.length).enumerated() { packet.set(byte, at: ip + offset) }
        header.emit(
          source: Sample.source(family), destination: Sample.destination(family), into: &packet, at: ip)
        Sample.emitHeader(family, .udp, payloadLength: header.length, into: &packet)
      }
      guard let parsed = try? IPPacket(parsing: packet.span.bytes) else {
        throw Violation("written it cannot be read")
      }
      let again = try? UDPHeader(parsing: packet.span.bytes.extracting(parsed.payload))
      try require(again == header, "written and read again it differs")
      try require(
        UDPHeader.checksumState(of: parsed, in: packet.span.bytes) == .intact, "a wrong checksum")
    }
  }
}

/// A header and its options.
private struct Segment: Equatable {
  let header: TCPHeader
  let options: TCPOptions

  init(_ segment: RawSpan) throws(PacketError) {
    header = try TCPHeader(parsing: segment)
    options = TCPOptions(parsing: segment, header: header)
  }

  /// Whether all but the length is equal: what is written has the options that are known, no others.
  func hasSameFields(as other: Segment) -> Bool {
    header.sourcePort == other.header.sourcePort && header.destinationPort == other.header.destinationPort
      && header.sequence == other.header.sequence && header.acknowledgment == other.header.acknowledgment
      && header.flags == other.header.flags && header.window == other.header.window
  }
}
