import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("reach.tcp") struct ReachTCPTests {
  @Test("Every outcome of a SYN has its verdict")
  func truthTable() {
    let table = probeTable(answered: .open)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy()
      scene.port(443, outcome)
      #expect(scene.answer(.reachTCP) == expected, "\(outcome)")
    }
  }

  @Test("A port that was not asked is unknown")
  func notAsked() {
    var scene = Scene.healthy()
    scene.forget { $0.subject == .port(Endpoint(.host6, 443)) }
    #expect(scene.answer(.reachTCP) == .unknown(.notMeasured))
  }

  @Test("Every port at every usable address has its own row, and UDP has none")
  func rows() {
    var scene = Scene.healthy([.https, .ssh, .dnsUDP])
    scene.host.addresses += [.secondHost6, .address("fe80::1")]
    scene.port(443, at: .secondHost6, .reset)
    #expect(
      scene.answers(.reachTCP) == [
        "[2001:db8:1::10]:22": .pass(.open), "[2001:db8:1::10]:443": .pass(.open),
        "[2001:db8:1::11]:22": .unknown(.notMeasured), "[2001:db8:1::11]:443": .fail(.closed),
      ])
  }

  @Test("Two services on one port are one row")
  func samePort() {
    let scene = Scene.healthy([.https, Service(.tcp, port: 443, transport: .tcp)])
    #expect(scene.answers(.reachTCP).count == 1)
  }

  @Test(
    "What does not apply, and what is not declared",
    arguments: [
      ("UDP only", [Service.dnsUDP], true, Expected.na(.noTCPService)),
      ("no service at all", [], true, .unknown(.noServiceDeclared)),
      ("no usable address", [.https], false, .na(.noUsableAddress)),
      ("neither address nor service", [], false, .na(.noUsableAddress)),
    ])
  func applies(name: String, services: [Service], hasIPv6: Bool, expected: Expected) {
    var scene = Scene.healthy(services)
    if !hasIPv6 {
      scene.host.addresses = [.host4]
      scene.lookup(.aaaa, .noData)
    }
    #expect(scene.answer(.reachTCP) == expected)
  }

  @Test("The detail tells who rejected, and on which try the answer came")
  func details() {
    var scene = Scene.healthy()
    scene.port(443, .icmp(1, 1))
    #expect(
      scene.verdict.rows.detail(.reachTCP)
        == "ICMPv6 type 1 code 1, administratively prohibited, from 2001:db8::1")
    scene.port(443, .lateReply)
    #expect(scene.verdict.rows.detail(.reachTCP) == "on try 3")
  }
}

extension [CheckRow] {
  /// The detail of the first row of a check.
  func detail(_ check: CheckID) -> String? { first { $0.check == check }?.detail }
}
