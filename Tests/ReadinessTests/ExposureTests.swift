import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("exposure.ports, exposure.management and exposure.tunnels") struct ExposureTests {
  @Test("A healthy host exposes nothing")
  func healthy() {
    let scene = Scene.healthy()
    #expect(scene.answer(.exposurePorts) == .pass(.nothingExposed))
    #expect(scene.answer(.exposureManagement) == .pass(.nothingExposed))
    #expect(Set(scene.answers(.exposureTunnels).values) == [.pass(.noTunnelAnswers)])
    #expect(scene.answers(.exposureTunnels).count == TunnelKind.allCases.count)
  }

  @Test("Open on IPv6: open on IPv4 too, or declared, or exposed", arguments: [8080, 22, 9000] as [UInt16])
  func ports(port: UInt16) {
    var scene = Scene.healthy()
    scene.survey(.host6, open: [port, 443])
    let subject = "[2001:db8:1::10]:\(port)"
    #expect(scene.answers(.exposurePorts) == [subject: .fail(.openOnIPv6Only)])
    let isManagement = scene.policy.thresholds.managementTCPPorts.contains(port)
    #expect(
      scene.answers(.exposureManagement)
        == (isManagement
          ? [subject: .fail(.managementReachable)] : ["2001:db8:1::10": .pass(.nothingExposed)]))
    #expect(scene.state == .operational)
    var both = scene
    both.survey(.host4, open: [port])
    #expect(both.answer(.exposurePorts) == .pass(.nothingExposed))
    #expect(both.answers(.exposureManagement) == scene.answers(.exposureManagement))
    scene.host.services.append(Service(.tcp, port: port, transport: .tcp))
    #expect(scene.answer(.exposurePorts) == .pass(.nothingExposed))
    #expect(scene.answer(.exposureManagement) == .pass(.nothingExposed))
  }

  @Test("What IPv4 says of an open port", arguments: ProbeOutcome.samples)
  func overIPv4(outcome: ProbeOutcome) {
    var scene = Scene.healthy()
    scene.survey(.host6, open: [8080])
    scene.survey(.host4, open: [], others: outcome)
    let expected: Expected? =
      switch outcome {
      case .answered: .pass(.nothingExposed)
      case .closed, .rejected, .silent, .notSent(.neighbourSilent): .fail(.openOnIPv6Only)
      case .unmeasured, .notSent: probeTable(answered: .open)[outcome]
      }
    #expect(scene.answer(.exposurePorts) == expected)
  }

  @Test("What IPv6 says of all ports", arguments: ProbeOutcome.samples)
  func overIPv6(outcome: ProbeOutcome) {
    var scene = Scene.healthy()
    scene.survey(.host6, open: [], others: outcome)
    let expected: Expected? =
      switch outcome {
      case .answered: nil
      case .closed, .rejected, .silent: .pass(.nothingExposed)
      case .notSent(.neighbourSilent): .na(.neighbourSilent)
      case .unmeasured, .notSent: probeTable(answered: .open)[outcome]
      }
    if let expected {
      #expect(scene.answer(.exposurePorts) == expected)
      #expect(scene.answer(.exposureManagement) == expected)
    } else {
      #expect(scene.answers(.exposurePorts).values.contains(.fail(.openOnIPv6Only)))
    }
  }

  @Test("Without IPv4, or with a dead one, whatever is open must be declared")
  func withoutIPv4() {
    var scene = Scene.healthy()
    scene.survey(.host6, open: [8080])
    scene.survey(.host4, open: [], others: .nothing)
    #expect(scene.answers(.exposurePorts) == ["[2001:db8:1::10]:8080": .fail(.openOnIPv6Only)])
    scene.host.addresses = [.host6]
    scene.lookup(.a, .noData)
    #expect(scene.answers(.exposurePorts) == ["[2001:db8:1::10]:8080": .fail(.openOnIPv6Only)])
    scene.lookup(.a, .timeout(tries: 3))
    #expect(scene.answers(.exposurePorts) == ["[2001:db8:1::10]:8080": .unknown(.ipv4NotKnown)])
  }

  @Test(
    "SNMP: answered is reachable, refused and silent are not, and declared is approved",
    arguments: ProbeOutcome.samples)
  func datagram(outcome: ProbeOutcome) {
    var scene = Scene.healthy()
    scene.observe(.datagram(endpoint: Endpoint(.host6, 161), outcome: outcome))
    let expected: Expected? =
      switch outcome {
      case .answered: .fail(.managementReachable)
      case .closed, .rejected, .silent: .pass(.nothingExposed)
      case .notSent(.neighbourSilent): .na(.neighbourSilent)
      case .unmeasured, .notSent: probeTable(answered: .open)[outcome]
      }
    #expect(scene.answer(.exposureManagement) == expected)
    scene.host.services.append(.udp161)
    #expect(scene.answer(.exposureManagement) == .pass(.nothingExposed))
  }

  @Test("A tunnel that answers fails, one that does not passes", arguments: ProbeOutcome.samples)
  func tunnels(outcome: ProbeOutcome) {
    for kind in TunnelKind.allCases {
      var scene = Scene.healthy()
      scene.tunnel(kind, outcome)
      let isOverIPv6 = kind == .sixInSix || kind == .fourInSix
      let subject = "\(kind.rawValue) at \(isOverIPv6 ? IPAddress.host6 : .host4)"
      let expected: Expected? =
        switch outcome {
        case .answered: .fail(.tunnelAnswers)
        case .closed, .rejected, .silent: .pass(.noTunnelAnswers)
        case .notSent(.neighbourSilent): .na(.neighbourSilent)
        case .unmeasured, .notSent: probeTable(answered: .open)[outcome]
        }
      #expect(scene.answers(.exposureTunnels)[subject] == expected, "\(kind)")
    }
  }

  @Test("What was not asked is unknown")
  func notAsked() {
    var scene = Scene.healthy()
    scene.forget { fact in
      switch fact.subject {
      case .survey, .datagram, .tunnel: true
      default: false
      }
    }
    for check in [CheckID.exposurePorts, .exposureManagement, .exposureTunnels] {
      #expect(Set(scene.answers(check).values) == [.unknown(.notMeasured)])
    }
  }

  @Test("An address nobody uses that answers as well is reported, and fails nothing")
  func aliased() {
    var scene = Scene.healthy()
    scene.observe(.alias(address: .host6, outcome: .reply))
    #expect(scene.answer(.reachEcho) == .pass(.answeredAliased))
    scene.observe(.alias(address: .host6, outcome: .nothing))
    #expect(scene.answer(.reachEcho) == .pass(.answered))
  }

  @Test("A waiver on one exposure check excuses it alone")
  func waiver() {
    var scene = Scene.healthy()
    scene.survey(.host6, open: [23])
    scene.waivers = [.until("2099-12-31", on: "portal", check: .exposureManagement)]
    #expect(scene.answer(.exposureManagement)?.verdict == .exempt)
    #expect(scene.answer(.exposurePorts) == .fail(.openOnIPv6Only))
  }
}
