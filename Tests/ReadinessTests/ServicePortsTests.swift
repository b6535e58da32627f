import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("service.ports") struct ServicePortsTests {
  /// What an outcome shows of the port.
  enum Sight { case open, shut, unseen }

  static func sight(_ outcome: ProbeOutcome) -> Sight {
    switch outcome {
    case .answered: .open
    case .closed, .rejected, .silent, .notSent(.neighbourSilent): .shut
    case .notSent, .unmeasured: .unseen
    }
  }

  @Test("Every outcome over IPv6 against every outcome over IPv4, where the host answers echo over IPv4")
  func truthTable() {
    let over6 = probeTable(answered: .openOnIPv6)
    let over4 = probeTable(answered: .open)
    for (outcome6, expected6) in over6 {
      for (outcome4, expected4) in over4 {
        var scene = Scene.healthy()
        scene.port(443, at: .host6, outcome6)
        scene.port(443, at: .host4, outcome4)
        // By hand: open over IPv6 passes; open over IPv4 alone is IPv6's fault; if IPv4 is not known, nothing
        // is; if it is shut there too, there is nothing to match.
        let expected: Expected =
          switch (Self.sight(outcome6), Self.sight(outcome4)) {
          case (.open, _): .pass(.openOnIPv6)
          case (.shut, .open), (.unseen, .open): expected6
          case (.shut, .unseen), (.unseen, .unseen): .unknown(expected4.reason)
          case (.shut, .shut), (.unseen, .shut): .na(.closedOnIPv4)
          }
        #expect(scene.answer(.servicePorts) == expected, "IPv6 \(outcome6), IPv4 \(outcome4)")
      }
    }
  }

  @Test("IPv4 is dead when echo and ports all show nobody; a RST or an error of its own shows somebody")
  func ipv4Dead() {
    for echo in ProbeOutcome.samples {
      for port in ProbeOutcome.samples {
        var scene = Scene.healthy()
        scene.echo(.host4, echo)
        scene.port(443, at: .host4, port)
        scene.port(443, at: .host6, .reset)
        let isDead = Self.showsNobody(echo) && Self.showsNobody(port)
        #expect(
          (scene.answer(.servicePorts) == .na(.ipv4Dead)) == isDead, "echo \(echo), port \(port)")
      }
    }
  }

  static func showsNobody(_ outcome: ProbeOutcome) -> Bool {
    switch outcome {
    case .silent, .notSent(.neighbourSilent): true
    case .rejected(let rejection): rejection.source != .host4
    case .answered, .closed, .notSent, .unmeasured: false
    }
  }

  @Test("A service over UDP that falls silent over IPv4 with everything else is dead too")
  func ipv4DeadOverUDP() {
    for outcome in HandshakeOutcome.samples {
      var scene = Scene.healthy([.ntp])
      scene.echo(.host4, .nothing)
      scene.handshake(.ntp, at: .host4, outcome)
      let isDead =
        switch outcome {
        case .timeout, .unreachable, .notSent(.neighbourSilent): true
        case .completed, .refused, .closedEarly, .protocolError, .notSent: false
        }
      #expect((scene.answer(.servicePorts) == .na(.ipv4Dead)) == isDead, "\(outcome)")
    }
  }

  @Test("IPv4 that was not asked is not dead")
  func notAsked() {
    var scene = Scene.healthy()
    scene.silence(.host4)
    #expect(scene.answer(.servicePorts) == .na(.ipv4Dead))
    scene.forget { $0.subject == .echo(.host4) }
    #expect(scene.answer(.servicePorts) == .pass(.openOnIPv6))
    scene.forget { $0.subject == .port(Endpoint(.host4, 443)) }
    scene.port(443, at: .host6, .nothing)
    #expect(scene.answer(.servicePorts) == .unknown(.notMeasured))
  }

  @Test("Open at one IPv4 address is open; it has to be open at every IPv6 address")
  func manyAddresses() {
    var scene = Scene.healthy()
    scene.host.addresses += [.secondHost4, .secondHost6]
    scene.echo(.secondHost4, .nothing)
    scene.port(443, at: .secondHost4, .nothing)
    scene.port(443, at: .secondHost6, .reply)
    #expect(scene.answer(.servicePorts) == .pass(.openOnIPv6))
    scene.port(443, at: .secondHost6, .icmp(1, 1))
    #expect(scene.answer(.servicePorts) == .fail(.rejected))
    // The worst of the addresses speaks: a failure before what could not be measured.
    scene.port(443, at: .host6, .lost)
    #expect(scene.answer(.servicePorts) == .fail(.rejected))
    scene.port(443, at: .secondHost6, .reply)
    #expect(scene.answer(.servicePorts) == .unknown(.captureDropped))
  }

  @Test("What does not apply")
  func applies() {
    var scene = Scene.healthy([])
    #expect(scene.answer(.servicePorts) == .na(.noServiceDeclared))
    scene = .healthy()
    scene.host.addresses = [.host6]
    scene.lookup(.a, .noData)
    #expect(scene.answer(.servicePorts) == .na(.ipv4NotDeclared))
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.servicePorts) == .na(.noUsableAddress))
  }

  @Test(
    "Where DNS does not say whether there is IPv4, only an open port passes", arguments: LookupOutcome.samples
  )
  func ipv4NotKnown(outcome: LookupOutcome) {
    // By hand: a record or a denial says it, nothing else does.
    let isKnown = [.answer, .noData, .nxDomain].contains(outcome.kind)
    var scene = Scene.healthy([.ntp])
    scene.host.addresses = [.host6]
    scene.lookup(.a, outcome)
    scene.forget { $0.subject == .echo(.host4) || $0.isHandshake(with: Endpoint(.host4, 123)) }
    if case .answer = outcome {
      scene.lookup(.a, .answer(addresses: [.host4], aliases: []))
      scene.silence(.host4)
    }
    scene.handshake(.ntp, .timeout(.exchange))
    let absent: Expected = outcome.kind == .answer ? .na(.ipv4Dead) : .na(.ipv4NotDeclared)
    #expect(scene.answer(.servicePorts) == (isKnown ? absent : .unknown(.ipv4NotKnown)))
    scene.handshake(.ntp, .plain("ready"))
    #expect(scene.answer(.servicePorts) == (isKnown ? absent : .pass(.openOnIPv6)))
  }

  @Test("A UDP port of unknown protocol is unknown in both families")
  func unknownProtocol() {
    #expect(Scene.healthy([.udp161]).answer(.servicePorts) == .unknown(.protocolNotMeasurable))
  }
}
