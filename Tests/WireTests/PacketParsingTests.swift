import Testing

@testable import Wire

/// Expected values were read off the same frames with tshark.
@Suite struct PacketParsingTests {
  private static let peer6 = IPAddress("2001:db8:1::2")
  private static let vantage6 = IPAddress("2001:db8:1::1")
  private static let peer4 = IPAddress("192.0.2.2")
  private static let vantage4 = IPAddress("192.0.2.1")

  struct Segment {
    var name: String
    var frame: [UInt8]
    var ports: (UInt16, UInt16)
    var sequence: UInt32
    var acknowledgment: UInt32
    var flags: TCPFlags
    var options: TCPOptions
  }

  private static let segments = [
    Segment(
      name: "SYN-ACK over IPv6", frame: Frames.synACK6, ports: (8080, 51824), sequence: 220_563_953,
      acknowledgment: 1_450_309_023, flags: [.syn, .ack],
      options: TCPOptions(maximumSegmentSize: 1440, windowScale: 10, selectiveAcknowledgment: true)),
    Segment(
      name: "RST over IPv6", frame: Frames.reset6, ports: (9, 36412), sequence: 0,
      acknowledgment: 2_696_329_939, flags: [.rst, .ack], options: TCPOptions()),
    Segment(
      name: "SYN-ACK over IPv4", frame: Frames.synACK4, ports: (8081, 54788), sequence: 2_222_104,
      acknowledgment: 95_294_966, flags: [.syn, .ack],
      options: TCPOptions(maximumSegmentSize: 1460, windowScale: 10, selectiveAcknowledgment: true)),
    Segment(
      name: "RST over IPv4", frame: Frames.reset4, ports: (9, 55448), sequence: 0,
      acknowledgment: 3_749_694_233, flags: [.rst, .ack], options: TCPOptions()),
  ]

  @Test("a TCP segment is read as tshark reads it", arguments: segments.indices)
  func segment(_ index: Int) throws {
    let wanted = Self.segments[index]
    let packet = Array(wanted.frame.dropFirst(EthernetHeader.byteCount))
    let ip = try IPPacket(parsing: packet.span.bytes)
    #expect(ip.source == (ip.family == .ipv6 ? Self.peer6 : Self.peer4), "\(wanted.name)")
    #expect(ip.destination == (ip.family == .ipv6 ? Self.vantage6 : Self.vantage4))
    #expect(ip.hopLimit == 64)
    #expect(ip.upperLayer == .tcp)
    #expect(ip.isWhole)
    let bytes = Array(packet[ip.payload])
    let segment = try TCPHeader(parsing: bytes.span.bytes)
    #expect((segment.sourcePort, segment.destinationPort) == wanted.ports)
    #expect(segment.sequence == wanted.sequence)
    #expect(segment.acknowledgment == wanted.acknowledgment)
    #expect(segment.flags == wanted.flags)
    #expect(TCPOptions(parsing: bytes.span.bytes, header: segment) == wanted.options)
  }

  @Test(
    "checksums are told apart: whole, left to hardware, cut off",
    arguments: [
      ("SYN-ACK", Frames.synACK6, ChecksumState.intact), ("SYN-ACK", Frames.synACK4, .intact),
      ("RST", Frames.reset6, .intact), ("RST", Frames.reset4, .intact),
      ("veth", Frames.offloadedSYNACK6, .offloaded), ("veth", Frames.offloadedSYNACK4, .offloaded),
      ("snap length", Array(Frames.synACK6.dropLast(4)), .unverifiable),
      ("snap length", Array(Frames.synACK4.prefix(54)), .unverifiable),
    ])
  func tcpChecksum(_ name: String, _ frame: [UInt8], _ state: ChecksumState) throws {
    let packet = Array(frame.dropFirst(14))
    let ip = try IPPacket(parsing: packet.span.bytes)
    #expect(ip.checksumState(in: packet.span.bytes, fieldOffset: TCPHeader.checksumOffset) == state)
  }

  @Test("one flipped bit anywhere behind the IPv6 addresses makes the checksum wrong")
  func flippedBits() throws {
    let good = Array(Frames.synACK6.dropFirst(14))
    for bit in 8 * 8..<8 * good.count {
      var packet = good
      packet[bit / 8] ^= 1 << UInt8(bit % 8)
      let ip = try IPPacket(parsing: packet.span.bytes)
      let state = ip.checksumState(in: packet.span.bytes, fieldOffset: TCPHeader.checksumOffset)
      #expect(state == .wrong, "bit \(bit)")
    }
  }

  @Test("Ethernet padding behind a short packet is not payload")
  func padding() throws {
    let frame = Frames.reset4 + Array(repeating: 0xaa, count: 6)
    let packet = Array(frame.dropFirst(14))
    let ip = try IPPacket(parsing: packet.span.bytes)
    #expect(ip.payload == 20..<40)
    #expect(ip.isWhole)
    #expect(ip.checksumState(in: packet.span.bytes, fieldOffset: TCPHeader.checksumOffset) == .intact)
  }

  @Test("echo replies", arguments: [Frames.echoReply6, Frames.echoReply4])
  func echo(_ frame: [UInt8]) throws {
    let packet = Array(frame.dropFirst(14))
    let ip = try IPPacket(parsing: packet.span.bytes)
    let message = try ICMPMessage(parsing: packet.span.bytes.extracting(ip.payload), family: ip.family)
    #expect(message.kind == .echoReply)
    #expect(message.identifier == 0x1234)
    #expect(message.sequence == 7)
    #expect(Array(packet[ip.payload].dropFirst(8)) == Array(0..<8))
    #expect(ICMPMessage.checksumState(of: ip, in: packet.span.bytes) == .intact)
  }

  @Test("UDP datagrams", arguments: [Frames.udp6, Frames.udp4])
  func udp(_ frame: [UInt8]) throws {
    let packet = Array(frame.dropFirst(14))
    let ip = try IPPacket(parsing: packet.span.bytes)
    let datagram = try UDPHeader(parsing: packet.span.bytes.extracting(ip.payload))
    #expect(datagram.destinationPort == 9)
    #expect(datagram.length == 13)
    #expect(UDPHeader.checksumState(of: ip, in: packet.span.bytes) == .intact)
  }

  @Test("fragments: the first holds a header, a later one none, and neither a checksum to verify")
  func fragments() throws {
    for (frame, offset) in [
      (Frames.firstFragment6, 0), (Frames.laterFragment6, 1448), (Frames.firstFragment4, 0),
      (Frames.laterFragment4, 1480),
    ] {
      let packet = Array(frame.dropFirst(14))
      let ip = try IPPacket(parsing: packet.span.bytes)
      #expect(ip.isFragment)
      #expect(ip.fragmentOffset == offset)
      #expect(ip.upperLayer == .icmp(ip.family))
      #expect(ICMPMessage.checksumState(of: ip, in: packet.span.bytes) == .unverifiable)
    }
  }

  @Test("Ethernet headers with up to two VLAN tags, and IEEE 802.3 frames")
  func ethernet() throws {
    let arp = Frames.arp
    let plain = try EthernetHeader(parsing: arp.span.bytes)
    #expect(plain.type == .arp)
    #expect(plain.destination == MACAddress("ff:ff:ff:ff:ff:ff"))
    #expect(plain.payloadOffset == 14)
    let addresses = Array(Frames.synACK6.prefix(12))
    let behind = Array(Frames.synACK6.dropFirst(12))
    let tagged = addresses + [0x81, 0x00, 0x20, 0x64] + behind
    #expect(try EthernetHeader(parsing: tagged.span.bytes).type == .ipv6)
    #expect(try EthernetHeader(parsing: tagged.span.bytes).payloadOffset == 18)
    let twice = addresses + [0x88, 0xa8, 0x00, 0x05, 0x81, 0x00, 0x20, 0x64] + behind
    #expect(try EthernetHeader(parsing: twice.span.bytes).payloadOffset == 22)
    let cutTag = Array(tagged.prefix(17))
    #expect(throws: PacketError.truncated) { try EthernetHeader(parsing: cutTag.span.bytes) }
    let length = addresses + [0x00, 0x26, 0x42, 0x42, 0x03]
    #expect(throws: PacketError.unsupported) { try EthernetHeader(parsing: length.span.bytes) }
  }
}
