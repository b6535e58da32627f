import Testing
import Wire

@testable import PacketIO

/// Where the IP packet begins, by what libpcap says the link is.
@Suite struct LinkLayerTests {
  static let macs = "02005e100001 02005e100002"

  @Test(
    arguments: [
      ("Ethernet, IPv4", 1, "\(macs) 0800 45", 14),
      ("Ethernet, IPv6", 1, "\(macs) 86dd 60", 14),
      ("Ethernet, one VLAN tag", 1, "\(macs) 8100 0005 86dd 60", 18),
      ("Ethernet, two VLAN tags", 1, "\(macs) 88a8 0064 8100 0005 0800 45", 22),
      ("Ethernet, ARP", 1, "\(macs) 0806 0001", nil),
      ("Ethernet, cut in the header", 1, "\(macs) 08", nil),
      ("Ethernet, cut in the tag", 1, "\(macs) 8100 00", nil),
      ("raw IP", 12, "45", 0),
      ("raw IP, empty", 12, "", nil),
      ("cooked, IPv6", 113, "0000 0001 0006 02005e1000010000 86dd 60", 16),
      ("cooked, tagged", 113, "0000 0001 0006 02005e1000010000 8100 0005 0800 45", 20),
      ("cooked, ARP", 113, "0000 0001 0006 02005e1000010000 0806 00", nil),
      ("cooked 2, IPv4", 276, "0800 0000 00000003 0001 00 06 02005e1000010000 45", 20),
      ("cooked 2, cut", 276, "0800 0000 00000003", nil),
    ] as [(String, Int32, String, Int?)]) func offset(
      _ name: String, _ type: Int32, _ frame: String, _ expected: Int?
    ) throws
  {
    let link = try #require(LinkLayer(rawValue: type))
    let bytes = hex(frame)
    let offset = link.packetOffset(in: bytes.span.bytes)
    #expect(offset == expected)
  }
}
