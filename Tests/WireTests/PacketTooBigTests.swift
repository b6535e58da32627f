import Testing

@testable import Wire

@Suite struct PacketTooBigTests {
  /// What Linux 6 routers with a link of 1280 bytes said of echo replies of 1400, captured with tshark. The data of
  /// the replies counts up from zero, so only what stands before it is written down.
  static let replies: [(head: String, dataCount: Int, router: String)] = [
    (
      """
      6008641b05503a40 20010db8000100000000000000000001 20010db8000200000000000000000002
      8100596e12340007
      """, 1352, "2001:db8:1::2"
    ),
    ("45000578000040004001494ec0000201c6336402 00000e3a12340007", 1372, "192.0.2.2"),
  ]
  /// The routers' messages up to the quote: the IP header, then ICMP.
  static let messages = [
    "6000f38604d83a40 20010db8000100000000000000000002 20010db8000100000000000000000001 0200828800000500",
    "45c00240a81f000040014bdac0000202c0000201 03044af700000500",
  ]

  static func reply(_ index: Int) -> [UInt8] {
    Frames.bytes(replies[index].head) + (0..<replies[index].dataCount).map { UInt8($0 & 255) }
  }

  private func emit(about packet: [UInt8], from source: String, mtu: UInt16 = 1280) throws -> [UInt8] {
    var buffer = Array(repeating: 0xa5 as UInt8, count: 1300)
    var span = buffer.mutableSpan
    var raw = span.mutableBytes
    let source = try #require(IPAddress(source))
    let count = try PacketTooBig.emit(
      about: packet.span.bytes, mtu: mtu, source: source, into: &raw, at: 14)
    #expect(buffer.prefix(14).allSatisfy { $0 == 0xa5 })
    #expect(buffer.dropFirst(14 + count).allSatisfy { $0 == 0xa5 })
    return Array(buffer[14..<14 + count])
  }

  @Test("the ICMP message is a real router's, byte for byte, and fills what is allowed", arguments: 0...1)
  func likeARouter(_ index: Int) throws {
    let packet = Self.reply(index)
    #expect(packet.count == 1400)
    let message = try emit(about: packet, from: Self.replies[index].router)
    let start = index == 0 ? 40 : 20
    #expect(message.count == (index == 0 ? 1280 : 576))
    let wanted = Frames.bytes(Self.messages[index])
    #expect(Array(message[start..<start + 8]) == Array(wanted[start...]))
    #expect(Array(message[(start + 8)...]) == Array(packet.prefix(message.count - start - 8)))
    // Addresses and length of the IP header too; what a router may choose is left out.
    let addresses = start - (index == 0 ? 32 : 8)..<start
    #expect(message[addresses] == wanted[addresses])
    let ip = try IPPacket(parsing: message.span.bytes)
    #expect(ICMPMessage.checksumState(of: ip, in: message.span.bytes) == .intact)
    let header = try ICMPMessage(parsing: message.span.bytes.extracting(ip.payload), family: ip.family)
    #expect(header.maximumTransmissionUnit == 1280)
    #expect(header.kind == .error)
  }

  @Test(
    "what was cut off by the capture or padded by Ethernet changes only the quote's length", arguments: 0...1)
  func lengths(_ index: Int) throws {
    let start = index == 0 ? 48 : 28
    let cut = try emit(about: Array(Self.reply(index).prefix(100)), from: Self.replies[index].router)
    #expect(cut.count == start + 100)
    #expect(Array(cut[start...]) == Array(Self.reply(index).prefix(100)))
    let short = Frames.bytes(
      "6000000000003b40 20010db8000100000000000000000001 20010db8000200000000000000000002")
    let padded = try emit(about: short + Array(repeating: 0xee, count: 6), from: "2001:db8:1::2")
    #expect(Array(padded[48...]) == short)
  }

  @Test("no message about an error, from nobody or to many; IPv4 not about a later fragment")
  func refused() throws {
    let error = try emit(about: Self.reply(0), from: "2001:db8:1::2")
    #expect(throws: PacketError.unsupported) { try emit(about: error, from: "2001:db8:1::2") }
    for address in ["::", "ff02::1", "ff0e::101"] {
      var packet = Self.reply(0)
      packet.replaceSubrange(8..<24, with: try #require(IPAddress(address)).bytes)
      #expect(throws: PacketError.unsupported, "\(address)") { try emit(about: packet, from: "2001:db8::1") }
    }
    let later = Array(Frames.laterFragment4.dropFirst(14))
    #expect(throws: PacketError.laterFragment) { try emit(about: later, from: "192.0.2.1") }
    #expect(throws: PacketError.wrongVersion) { try emit(about: Self.reply(0), from: "192.0.2.1") }
    #expect(throws: PacketError.truncated) {
      try emit(about: Array(Self.reply(0).prefix(39)), from: "2001:db8::1")
    }
  }

  @Test("about an IPv6 fragment, first or later: it is as long as it says itself")
  func fragments() throws {
    for (frame, more) in [(Frames.firstFragment6, true), (Frames.laterFragment6, false)] {
      let packet = Array(frame.dropFirst(14))
      let ip = try IPPacket(parsing: packet.span.bytes)
      #expect(ip.totalLength == 1496)
      #expect(ip.isFragment)
      #expect(ip.moreFragments == (more || packet[43] & 1 == 1))
      let message = try emit(about: packet, from: "2001:db8::1")
      #expect(message.count == 48 + packet.count)
    }
  }

  @Test("lengths on the wire of whole packets and IPv4 fragments")
  func totalLengths() throws {
    let cases: [([UInt8], Int, Bool)] = [
      (Frames.firstFragment4, 1500, true), (Frames.laterFragment4, 1500, true),
      (Frames.echoReply6, 56, false), (Frames.reset4, 40, false), (Frames.synACK6, 80, false),
    ]
    for (frame, length, more) in cases {
      let packet = Array(frame.dropFirst(14))
      let ip = try IPPacket(parsing: packet.span.bytes)
      #expect(ip.totalLength == length)
      #expect(ip.moreFragments == more)
    }
  }

  @Test("the quoted checksum is read where eight bytes hold it")
  func quotedChecksum() throws {
    for (frame, checksum) in [
      (Frames.prohibitedEcho6, 0x2747), (Frames.hostUnreachableEcho4, 0xd9b4),
      (Frames.portUnreachable6, 0xd83b), (Frames.prohibited6, nil),
    ] as [([UInt8], UInt16?)] {
      let packet = Array(frame.dropFirst(14))
      let ip = try IPPacket(parsing: packet.span.bytes)
      let quote = try QuotedPacket(
        inErrorMessage: packet.span.bytes.extracting(ip.payload), family: ip.family)
      #expect(quote.checksum == checksum)
    }
  }
}
