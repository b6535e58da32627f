import CLinux
import Glibc
import Testing
import Wire

@testable import PacketIO

/// Answers of a Linux 6.18 kernel, as they came out of the socket, are read as `ip route get` shows them.
@Suite struct RouteAnswerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: String
    let route: Route

    init(_ name: String, _ message: String, _ route: Route) {
      (testDescription, self.message, self.route) = (name, message, route)
    }
  }

  static let cases = [
    Case(
      "IPv4 on the link",
      """
      6800000018000000010000004856000002200000fe0000010002000008000f00fe00000008000100c612000708000400
      0300000008000700c6120001080019000000000024000c00020000000000000000000000000000000000000000000000
      0000000000000000
      """,
      Route(kind: .unicast, interface: 3, source: IPAddress("198.18.0.1"))),
    Case(
      "IPv4 behind a gateway",
      """
      7000000018000000010000004856000002200000fe0000010002000008000f00fe00000008000100c612090108000400
      0300000008000700c612000108000500c6120002080019000000000024000c0002000000000000000000000000000000
      00000000000000000000000000000000
      """,
      Route(
        kind: .unicast, interface: 3, gateway: IPAddress("198.18.0.2"), source: IPAddress("198.18.0.1"))),
    Case(
      "IPv4 behind an IPv6 gateway (RFC 8950)",
      """
      8000000018000000010000004856000002200000fe0000010002000008000f00fe00000008000100c6120e0108000400
      0300000008000700c6120001160012000a0020010db80000000000000000000000020000080019000000000024000c00
      0200000000000000000000000000000000000000000000000000000000000000
      """,
      Route(
        kind: .unicast, interface: 3, gateway: IPAddress("2001:db8::2"), source: IPAddress("198.18.0.1"))),
    Case(
      "IPv4 loopback",
      """
      6800000018000000010000004856000002200000fe0000020002008008000f00fe000000080001007f00000108000400
      01000000080007007f000001080019000000000024000c00020000000000000000000000000000000000000000000000
      0000000000000000
      """,
      Route(kind: .local, interface: 1, source: IPAddress("127.0.0.1"))),
    Case(
      "IPv4 over an interface that no route leads over",
      """
      6800000018000000010000004856000002200000000000010002000008000f000000000008000100cb00710108000400
      0300000008000700c6120001080019000000000024000c00010000000000000000000000000000000000000000000000
      0000000000000000
      """,
      Route(kind: .none, interface: 3, source: IPAddress("198.18.0.1"))),
    Case(
      "IPv6 on the link",
      """
      9c0000001800000001000000485600000a808000fe0200010000000008000f00fe0000001400010020010db800000000
      000000000000000714000200000000000000000000000000000000001400070020010db8000000000000000000000001
      0800060000010000080004000300000024000c0002000000000000000000000000000000000000000000000000000000
      000000000500140000000000
      """,
      Route(kind: .unicast, interface: 3, source: IPAddress("2001:db8::1"))),
    Case(
      "IPv6 behind a gateway",
      """
      b00000001800000001000000485600000a808000fe0300010000000008000f00fe0000001400010020010db800090000
      000000000000000114000200000000000000000000000000000000001400070020010db8000000000000000000000001
      08000600000400001400050020010db8000000000000000000000002080004000300000024000c000200000000000000
      0000000000000000000000000000000000000000000000000500140000000000
      """,
      Route(
        kind: .unicast, interface: 3, gateway: IPAddress("2001:db8::2"), source: IPAddress("2001:db8::1"))),
    Case(
      "IPv6 loopback",
      """
      9c0000001800000001000000485600000a808000ff0200020000000008000f00ff000000140001000000000000000000
      000000000000000114000200000000000000000000000000000000001400070000000000000000000000000000000001
      0800060000000000080004000100000024000c0002000000000000000000000000000000000000000000000000000000
      000000000500140000000000
      """,
      Route(kind: .local, interface: 1, source: IPAddress("::1"))),
  ]

  @Test(arguments: cases) func isRead(_ item: Case) {
    var found: [Route] = []
    let bytes = hex(item.message)
    NetlinkReader.forEachMessage(in: bytes.span.bytes) { header, payload in
      #expect(header.type == RTM_NEWROUTE)
      if let route = Route(newRoute: payload) { found.append(route) }
    }
    #expect(found == [item.route])
  }

  @Test(
    arguments: [
      (
        EINVAL,
        """
        38000000020000000100000048560000eaffffff240000001a0001000100000000000000022000000000000000100000
        08000100c6120b01
        """
      ),
      (
        EINVAL,
        """
        44000000020000000100000048560000eaffffff300000001a00010001000000000000000a8000000000000000100000
        1400010020010db8000b00000000000000000001
        """
      ),
      (
        EHOSTUNREACH,
        """
        440000000200000001000000485600008fffffff300000001a00010001000000000000000a8000000000000000100000
        1400010020010db8000c00000000000000000001
        """
      ),
      (
        ENETUNREACH,
        """
        380000000200000001000000485600009bffffff240000001a0001000100000000000000022000000000000000100000
        08000100cb007101
        """
      ),
      (
        ENETUNREACH,
        """
        440000000200000001000000485600009bffffff300000001a00010001000000000000000a8000000000000000100000
        140001003fff0000000000000000000000000001
        """
      ),
    ] as [(Int32, String)]) func refusalIsAnErrno(_ code: Int32, _ message: String)
  {
    var codes: [Int32] = []
    let bytes = hex(message)
    NetlinkReader.forEachMessage(in: bytes.span.bytes) { header, payload in
      #expect(Int32(header.type) == NLMSG_ERROR)
      codes.append(NetlinkReader.errorCode(payload))
    }
    #expect(codes == [code])
  }

  /// No kernel says so; negated it would not fit.
  @Test func lowestErrorIsNoTrap() {
    let payload: [UInt8] = withUnsafeBytes(of: Int32.min) { Array($0) }
    #expect(NetlinkReader.errorCode(payload.span.bytes) == Int32.max)
  }

  /// The errors above quote the question; this is what iproute2 asks for `ip route get 2001:db8::7 oif v0`.
  @Test func questionIsWrittenAsTheKernelReadsIt() throws {
    var writer = NetlinkWriter()
    RouteLookup.write(try #require(IPAddress("2001:db8::7")), interface: 3, sequence: 5, into: &writer)
    let expected = """
      38000000 1a00 0100 05000000 00000000 0a 80 00 00 00 00 00 00 00100000
      1400 0100 20010db8000000000000000000000007 0800 0400 03000000
      """
    #expect(writer.bytes == hex(expected))
  }

  @Test(arguments: cases) func anyCutIsHarmless(_ item: Case) {
    let bytes = hex(item.message)
    for count in 16..<bytes.count {
      // With a length that fits, so that the attributes are cut and not the message alone.
      var cut = Array(bytes[..<count])
      cut[0] = UInt8(count)
      NetlinkReader.forEachMessage(in: cut.span.bytes) { _, payload in
        _ = Route(newRoute: payload)
        _ = Neighbour(newNeighbour: payload)
        _ = NetworkInterface(newLink: payload)
        _ = RouteEntry(newRoute: payload, family: .ipv6)
      }
      cut[0] = UInt8(truncatingIfNeeded: count + 4)
      NetlinkReader.forEachMessage(in: cut.span.bytes) { _, _ in Issue.record("longer than what there is") }
    }
  }
}

/// The bytes that hexadecimal digits stand for; blanks and line breaks between them do not count.
func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap { $0.hexDigitValue.map(UInt8.init) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
