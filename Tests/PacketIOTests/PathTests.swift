import Observations
import Testing
import Wire

@testable import PacketIO

/// From what the kernel says of a route to how a packet leaves.
@Suite struct PathTests {
  static let ethernet = NetworkInterface(
    index: 3, name: "eth0", kind: .ethernet, mtu: 1500, mac: MACAddress(bits: 1), isUp: true,
    hasNeighbours: true)
  static let tunnel = NetworkInterface(
    index: 4, name: "tun0", kind: .other(0xfffe), mtu: 1400, mac: nil, isUp: true, hasNeighbours: false)
  static let target = IPAddress("2001:db8:9::1")!
  static let gateway = IPAddress("fe80::1")!
  static let source = IPAddress("2001:db8::1")!
  static let linkLocal = IPAddress("fe80::2")!

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let route: Route
    let expected: Result<Path, NoPath>

    init(_ name: String, _ route: Route, _ expected: Result<Path, NoPath>) {
      (testDescription, self.route, self.expected) = (name, route, expected)
    }
  }

  static func frame(to neighbour: IPAddress, isGateway: Bool, from source: IPAddress = source) -> Path {
    let key = Neighbour.Key(interface: 3, address: neighbour)
    return Path(means: .frame(neighbour: key, isGateway: isGateway), interface: 3, source: source)
  }

  static let cases = [
    Case("no route", .none, .failure(NoPath(reason: .noRoute))),
    Case(
      "behind a gateway", Route(kind: .unicast, interface: 3, gateway: gateway, source: source),
      .success(frame(to: gateway, isGateway: true))),
    Case(
      "on the link", Route(kind: .unicast, interface: 3, source: source),
      .success(frame(to: target, isGateway: false))),
    Case(
      "a default route from an advertisement without a prefix",
      Route(kind: .unicast, interface: 3, gateway: gateway, source: linkLocal),
      .failure(NoPath(reason: .noSource))),
    Case(
      "on the link, with a link-local address only",
      Route(kind: .unicast, interface: 3, source: linkLocal),
      .success(frame(to: target, isGateway: false, from: linkLocal))),
    Case(
      "an interface without an address of the family", Route(kind: .unicast, interface: 3),
      .failure(NoPath(reason: .noSource))),
    Case(
      "a source of the other family",
      Route(kind: .unicast, interface: 3, source: IPAddress("192.0.2.1")),
      .failure(NoPath(reason: .noSource))),
    Case(
      "an interface that is gone", Route(kind: .unicast, interface: 9, source: source),
      .failure(NoPath(reason: .noRoute))),
    Case(
      "a tunnel", Route(kind: .unicast, interface: 4, source: source),
      .success(Path(means: .stack(isLocal: false), interface: 4, source: source))),
    Case(
      "a route that encapsulates",
      Route(kind: .unicast, interface: 3, gateway: gateway, source: source, isEncapsulated: true),
      .success(Path(means: .stack(isLocal: false), interface: 3, source: source))),
    Case(
      "this machine's own address, on an Ethernet", Route(kind: .local, interface: 3, source: source),
      .success(Path(means: .stack(isLocal: true), interface: 1, source: source))),
  ]

  @Test(arguments: cases) func path(_ item: Case) {
    let found = Path.along(
      item.route, to: Self.target, interfaces: [3: Self.ethernet, 4: Self.tunnel], loopback: 1)
    switch (found, item.expected) {
    case (.success(let found), .success(let expected)): #expect(found == expected)
    case (.failure(let found), .failure(let expected)): #expect(found.reason == expected.reason)
    default: Issue.record("\(found), not \(item.expected)")
    }
  }

  /// A million targets behind one gateway are one path and one hop.
  @Test func targetsBehindOneGatewayShareAPath() {
    var table = PathTable(count: 1000)
    for probe in 0..<1000 where probe != 7 {
      table.set(Self.frame(to: Self.gateway, isGateway: true), of: probe)
    }
    #expect(table.paths.count == 1)
    #expect(table.pathIndex(of: 999) == 0)
    #expect(table.pathIndex(of: 7) == nil)
  }
}
