import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("dns.live") struct DNSLiveTests {
  @Test("TCP: a service answers when its port does; every outcome of a SYN")
  func tcp() {
    for (outcome, expected) in probeTable(answered: .open) {
      var scene = Scene.healthy()
      scene.port(443, outcome)
      #expect(scene.answer(.dnsLive) == expected, "\(outcome)")
    }
  }

  @Test("UDP: a service answers when its protocol does; every outcome of a handshake")
  func udp() {
    var table = brokenHandshakeTable
    for outcome in HandshakeOutcome.samples(of: .completed) { table[outcome] = .pass(.answered) }
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy([.dnsUDP])
      scene.handshake(.dnsUDP, outcome)
      #expect(scene.answer(.dnsLive) == expected, "\(outcome)")
    }
  }

  @Test("Only published addresses count: a declared one that no AAAA names is not its matter")
  func publishedOnly() {
    var scene = Scene.healthy()
    scene.host.addresses.append(.secondHost6)
    scene.port(443, at: .secondHost6, .nothing)
    #expect(scene.answers(.dnsLive) == ["https:443/tcp at 2001:db8:1::10": .pass(.open)])
  }

  @Test("An AAAA to an address that the scope excludes was not looked at")
  func outOfScope() {
    var scene = Scene.healthy()
    scene.lookup(.aaaa, .aaaa(.host6, .secondHost6))
    scene.port(443, at: .secondHost6, .notSent(.outOfScope))
    #expect(scene.answers(.dnsLive)["https:443/tcp at 2001:db8:1::11"] == .unknown(.outOfScope))
    #expect(scene.state == .unknown)
  }

  @Test("A UDP port of unknown protocol cannot be asked")
  func unknownProtocol() {
    #expect(Scene.healthy([.udp161]).answer(.dnsLive) == .unknown(.protocolNotMeasurable))
    // QUIC is not spoken: HTTPS over UDP is as unknown as any other datagram.
    let http3 = Service(.https, port: 443, transport: .udp)
    #expect(Scene.healthy([http3]).answer(.dnsLive) == .unknown(.protocolNotMeasurable))
  }

  @Test("What does not apply")
  func applies() {
    var scene = Scene.healthy([])
    #expect(scene.answer(.dnsLive) == .unknown(.noServiceDeclared))
    scene = .healthy()
    scene.forget { $0.subject == .port(Endpoint(.host6, 443)) }
    #expect(scene.answer(.dnsLive) == .unknown(.notMeasured))
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.dnsLive) == .na(.noAAAAPublished))
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .aaaa(.address("fd00::1")))
    #expect(scene.answer(.dnsLive) == .na(.noUsableAddress))
    scene.host.names = []
    #expect(scene.answer(.dnsLive) == .na(.noName))
  }
}
