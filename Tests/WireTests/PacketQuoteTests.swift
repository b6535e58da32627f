import Testing

@testable import Wire

@Suite struct PacketQuoteTests {
  /// The ICMP message in a frame, and the family.
  private func message(_ frame: [UInt8]) throws -> (bytes: [UInt8], family: AddressFamily) {
    let packet = Array(frame.dropFirst(14))
    let ip = try IPPacket(parsing: packet.span.bytes)
    #expect(ICMPMessage.checksumState(of: ip, in: packet.span.bytes) == .intact)
    return (Array(packet[ip.payload]), ip.family)
  }

  @Test(
    "errors of real routers: type, code and what they quote",
    arguments: [
      (
        Frames.prohibited6, 1, 1, "2001:db8:dead::1",
        QuotedPacket.Identity.tcp(
          sourcePort: 38700, destinationPort: 443, sequence: 1_293_343_408)
      ),
      (Frames.prohibitedEcho6, 1, 1, "2001:db8:dead::1", .echoRequest(identifier: 0x1234, sequence: 7)),
      (Frames.portUnreachable6, 1, 4, "2001:db8:1::2", .udp(sourcePort: 34886, destinationPort: 9)),
      (
        Frames.hostUnreachable4, 3, 1, "198.51.100.1",
        .tcp(
          sourcePort: 35590, destinationPort: 443, sequence: 1_396_855_619)
      ),
      (Frames.hostUnreachableEcho4, 3, 1, "198.51.100.1", .echoRequest(identifier: 0x1234, sequence: 7)),
      (Frames.portUnreachable4, 3, 3, "192.0.2.2", .udp(sourcePort: 42225, destinationPort: 9)),
    ] as [([UInt8], UInt8, UInt8, String, QuotedPacket.Identity)])
  func realErrors(
    _ frame: [UInt8], _ type: UInt8, _ code: UInt8, _ target: String, _ identity: QuotedPacket.Identity
  ) throws {
    let (bytes, family) = try message(frame)
    let header = try ICMPMessage(parsing: bytes.span.bytes, family: family)
    #expect((header.type, header.code, header.kind) == (type, code, .error))
    let quote = try QuotedPacket(inErrorMessage: bytes.span.bytes, family: family)
    #expect(quote.destination == IPAddress(target))
    #expect(quote.source == IPAddress(family == .ipv4 ? "192.0.2.1" : "2001:db8:1::1"))
    #expect(quote.identity == identity)
  }

  @Test("the eight bytes RFC 792 promises are enough, seven are not")
  func shortestQuote() throws {
    for frame in [Frames.hostUnreachable4, Frames.hostUnreachableEcho4, Frames.prohibited6] {
      let (bytes, family) = try message(frame)
      let headerLength = family == .ipv4 ? 20 : 40
      let whole = try QuotedPacket(inErrorMessage: bytes.span.bytes, family: family)
      let shortest = Array(bytes.prefix(8 + headerLength + 8))
      #expect(try QuotedPacket(inErrorMessage: shortest.span.bytes, family: family) == whole)
      let tooShort = Array(shortest.dropLast())
      #expect(throws: PacketError.truncated) {
        try QuotedPacket(inErrorMessage: tooShort.span.bytes, family: family)
      }
    }
  }

  @Test("what routers and hosts change in a quote does not matter: time to live, checksum, total length")
  func changedQuote() throws {
    let (bytes, family) = try message(Frames.hostUnreachable4)
    let whole = try QuotedPacket(inErrorMessage: bytes.span.bytes, family: family)
    let changes: [(String, Range<Int>, [UInt8])] = [
      ("time to live without new checksum", 16..<17, [1]), ("header checksum", 18..<20, [0, 0]),
      ("total length zero", 10..<12, [0, 0]), ("total length in host order", 10..<12, [0x3c, 0]),
    ]
    for (name, range, replacement) in changes {
      var changed = bytes
      changed.replaceSubrange(range, with: replacement)
      let quote = try QuotedPacket(inErrorMessage: changed.span.bytes, family: family)
      #expect(quote == whole, "\(name)")
    }
  }

  @Test("RFC 4884 extensions behind a padded quote are not taken for the quoted packet")
  func extensions() throws {
    let (bytes, family) = try message(Frames.hostUnreachable4)
    let padded = bytes + Array(repeating: 0, count: 8 + 128 - bytes.count)
    let extended = padded + [0x20, 0, 0, 0, 0, 8, 1, 1, 0xff, 0xff, 0xff, 0xff]
    #expect(
      try QuotedPacket(inErrorMessage: extended.span.bytes, family: family)
        == QuotedPacket(inErrorMessage: bytes.span.bytes, family: family))
  }

  @Test("what no error of ours can hold is refused with a reason")
  func refused() throws {
    let (bytes, family) = try message(Frames.prohibited6)
    var ofOtherFamily = bytes
    ofOtherFamily.replaceSubrange(8..., with: try message(Frames.hostUnreachable4).bytes[8...])
    var reply = try message(Frames.prohibitedEcho6).bytes
    reply[48] = 129
    var sctp = bytes
    sctp[14] = 132
    let cases: [(String, [UInt8], PacketError)] = [
      ("an IPv4 packet in an ICMPv6 error", ofOtherFamily, .wrongVersion),
      ("an echo reply, which we do not send", reply, .unsupported),
      ("a protocol we do not send", sctp, .unsupported), ("no quote", Array(bytes.prefix(8)), .truncated),
      ("half a header", Array(bytes.prefix(6)), .truncated),
    ]
    for (name, bytes, error) in cases {
      #expect(throws: error, "\(name)") {
        try QuotedPacket(inErrorMessage: bytes.span.bytes, family: family)
      }
    }
    let echo = try message(Frames.echoReply6).bytes
    #expect(throws: PacketError.unsupported) {
      try QuotedPacket(inErrorMessage: echo.span.bytes, family: .ipv6)
    }
  }

  @Test("the MTU is read where the message has one")
  func maximumTransmissionUnit() throws {
    let tooBig: [UInt8] = [2, 0, 0, 0, 0, 0, 5, 0]
    let needed: [UInt8] = [3, 4, 0, 0, 0xde, 0xad, 5, 0xdc]
    let unreachable: [UInt8] = [3, 1, 0, 0, 0, 0, 5, 0xdc]
    #expect(try ICMPMessage(parsing: tooBig.span.bytes, family: .ipv6).maximumTransmissionUnit == 1280)
    #expect(try ICMPMessage(parsing: needed.span.bytes, family: .ipv4).maximumTransmissionUnit == 1500)
    #expect(try ICMPMessage(parsing: unreachable.span.bytes, family: .ipv4).maximumTransmissionUnit == nil)
  }
}
