import Wire

extension FuzzParser {
  /// The first byte chooses the family.
  static let icmp = FuzzParser("icmp") { input throws(Violation) in
    guard let (family, bytes) = splitFamily(input) else { return }
    let read = try readAlone(bytes) { message in
      Result { () throws(PacketError) in try ICMPMessage(parsing: message, family: family) }
    }
    guard case .success(let message) = read else { return }
    let mtu = message.maximumTransmissionUnit
    try require(mtu.map { $0 >= 0 && $0 <= Int(UInt32.max) } ?? true, "an MTU of \(mtu ?? 0)")
    guard bytes.count <= 1280 else { return }
    let header = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let packet = written(header + bytes.count) { packet in
      for (offset, byte) in bytes.enumerated() { packet.set(byte, at: header + offset) }
      message.emit(
        length: bytes.count, source: Sample.source(family), destination: Sample.destination(family),
        into: &packet, at: header)
      Sample.emitHeader(family, .icmp(family), payloadLength: bytes.count, into: &packet)
    }
    let same = zip(packet[header...], bytes).enumerated().allSatisfy { offset, pair in
      (2...3).contains(offset) || pair.0 == pair.1
    }
    try require(same, "written it differs in more than its checksum")
    guard let ip = try? IPPacket(parsing: packet.span.bytes) else {
      throw Violation("written it cannot be read")
    }
    try require(ICMPMessage.checksumState(of: ip, in: packet.span.bytes) == .intact, "a wrong checksum")
  }

  /// The first byte chooses the family.
  static let quotedPacket = FuzzParser("quoted-packet") { input throws(Violation) in
    guard let (family, bytes) = splitFamily(input) else { return }
    let read = try readAlone(bytes) { message in
      Result { () throws(PacketError) in try QuotedPacket(inErrorMessage: message, family: family) }
    }
    guard case .success(let quote) = read else { return }
    try require(quote.source.family == family && quote.destination.family == family, "of another family")
    let message = try? ICMPMessage(parsing: bytes.span.bytes, family: family)
    try require(message?.kind == .error, "the quote of no error")
    // Anything behind what was quoted changes nothing: extensions lie there (RFC 4884 §4).
    let longer = bytes + [0x20, 0, 0, 0, 0, 8, 1, 1]
    if bytes.count > 256 {
      let again = try? QuotedPacket(inErrorMessage: longer.span.bytes, family: family)
      try require(again == quote, "read otherwise with something behind it")
    }
  }

  private static func splitFamily(_ input: [UInt8]) -> (AddressFamily, [UInt8])? {
    input.first.map { ($0 & 1 == 0 ? .ipv4 : .ipv6, Array(input.dropFirst())) }
  }
}
