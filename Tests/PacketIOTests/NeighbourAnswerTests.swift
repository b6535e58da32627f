import CLinux
import Testing
import Wire

@testable import PacketIO

/// Answers of a Linux 6.18 kernel about neighbours that `ip neigh add` made.
@Suite struct NeighbourAnswerTests {
  static let gateway = MACAddress(bits: 0x0200_5e10_0002)
  static let other = MACAddress(bits: 0x0200_5e10_0003)

  static let cases: [(address: String, message: String, state: Neighbour.State)] = [
    (
      "198.18.0.2",
      """
      4c0000001c000000010000004856000002000000030000000200000108000100c61200020a00020002005e1000020000
      0800040000000000140003001a0000001a0000001a00000002000000
      """,
      .known(gateway)
    ),
    (
      "198.18.0.3",
      """
      4c0000001c000000010000004856000002000000030000000400000108000100c61200030a00020002005e1000030000
      08000400000000001400030089170000190000001900000001000000
      """,
      .stale(other)
    ),
    (
      "2001:db8::2",
      """
      580000001c00000001000000485600000a00000003000000800000011400010020010db8000000000000000000000002
      0a00020002005e100002000008000400000000001400030019000000190000001900000001000000
      """,
      .known(gateway)
    ),
    (
      "2001:db8::3",
      """
      4c0000001c00000001000000485600000a00000003000000200000011400010020010db8000000000000000000000003
      08000400000000001400030088170000180000001800000001000000
      """,
      .failed
    ),
  ]

  @Test(arguments: cases) func isRead(_ address: String, _ message: String, _ state: Neighbour.State) throws {
    var found: [Neighbour] = []
    let bytes = hex(message)
    NetlinkReader.forEachMessage(in: bytes.span.bytes) { header, payload in
      #expect(header.type == RTM_NEWNEIGH)
      if let neighbour = Neighbour(newNeighbour: payload) { found.append(neighbour) }
    }
    try #require(found.count == 1)
    #expect(found[0].key == Neighbour.Key(interface: 3, address: try #require(IPAddress(address))))
    #expect(found[0].state == state)
  }

  /// INCOMPLETE: the kernel is asking, and has nothing yet.
  @Test func incompleteIsUnknown() {
    var bytes = hex(Self.cases[3].message)
    bytes[16 + 8] = UInt8(NUD_INCOMPLETE)
    NetlinkReader.forEachMessage(in: bytes.span.bytes) { _, payload in
      let neighbour = Neighbour(newNeighbour: payload)
      #expect(neighbour?.state == .unknown)
    }
  }
}
