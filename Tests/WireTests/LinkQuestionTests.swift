import Testing
import Wire

/// Questions to the stations of a link; tshark has to agree with each, see EndToEndTests.
struct LinkQuestionTests {
  private let mac = MACAddress(bits: 0x0000_5e00_5301)
  private let source: IPAddress

  init() throws { source = try #require(IPAddress("fe80::1")) }

  private func packet(_ question: LinkQuestion) throws -> IPPacket {
    let frame = question.frame(from: mac, source: source)
    let header = try EthernetHeader(parsing: frame.span.bytes)
    #expect(header.source == mac && header.type == .ipv6)
    return try IPPacket(parsing: Array(frame[14...]).span.bytes)
  }

  @Test func checksumsAreRight() throws {
    let target = try #require(IPAddress("2001:db8::1234:5678"))
    for question: LinkQuestion in [
      .allNodes(identifier: 7, sequence: 1), .unknownOption(identifier: 7, sequence: 1),
      .listeners(delay: 1000),
      .neighbour(target),
    ] {
      let frame = question.frame(from: mac, source: source)
      let bytes = Array(frame[14...])
      let ip = try packet(question)
      #expect(ICMPMessage.checksumState(of: ip, in: bytes.span.bytes) == .intact, "\(question)")
    }
  }

  @Test func groupsAreAddressedAsTheyAreHeard() throws {
    let target = try #require(IPAddress("2001:db8::1234:5678"))
    let frame = LinkQuestion.neighbour(target).frame(from: mac, source: source)
    #expect(Array(frame[..<6]) == [0x33, 0x33, 0xff, 0x34, 0x56, 0x78])
    #expect(try packet(.neighbour(target)).destination == IPAddress("ff02::1:ff34:5678"))
    #expect(try packet(.allNodes(identifier: 1, sequence: 1)).destination == IPAddress("ff02::1"))
  }

  @Test func anARPQuestionIsReadAsWhatItIs() throws {
    let (own, target) = (try #require(IPAddress("198.18.0.1")), try #require(IPAddress("198.18.0.2")))
    let frame = LinkQuestion.arp(target).frame(from: mac, source: own)
    #expect(
      try ARPPacket(parsing: Array(frame[14...]).span.bytes)
        == ARPPacket(isReply: false, sender: mac, senderAddress: own, targetAddress: target))
  }
}
