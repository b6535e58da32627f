import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("vantage.ipv6") struct VantageTests {
  /// What became of the positive control, by hand: a reply of any kind shows IPv6; silence and errors are its
  /// absence; what was not sent for want of IPv6 is too; what was not sent for another reason is not known.
  static let positive: [ProbeOutcome: Expected] = {
    var table: [ProbeOutcome: Expected] = [
      .reply: .pass(.controlsAgree),
      .lateReply: .pass(.controlsAgree),
      .reset: .pass(.controlsAgree),
      .nothing: .fail(.positiveControlSilent),
      .lost: .unknown(.captureDropped),
      .notSent(.outOfScope): .unknown(.outOfScope),
      .notSent(.noRoute): .fail(.vantageNoIPv6),
      .notSent(.noSource): .fail(.vantageNoIPv6),
      .notSent(.neighbourSilent): .fail(.positiveControlSilent),
      .notSent(.gatewaySilent): .fail(.vantageNoIPv6),
      .notSent(.unsupportedLink): .unknown(.unsupportedLink),
      .notSent(.sendFailed): .unknown(.sendFailed),
    ]
    for rejection in Rejection.samples { table[.rejected(rejection)] = .fail(.positiveControlSilent) }
    return table
  }()

  /// What became of the dark control: a reply betrays somebody who answers for everybody.
  static let dark: [ProbeOutcome: Expected] = {
    var table: [ProbeOutcome: Expected] = [
      .reply: .fail(.darkControlAnswered),
      .lateReply: .fail(.darkControlAnswered),
      .reset: .fail(.darkControlAnswered),
      .nothing: .pass(.controlsAgree),
      .lost: .unknown(.captureDropped),
      .notSent(.outOfScope): .unknown(.outOfScope),
      .notSent(.noRoute): .pass(.controlsAgree),
      .notSent(.noSource): .pass(.controlsAgree),
      .notSent(.neighbourSilent): .pass(.controlsAgree),
      .notSent(.gatewaySilent): .pass(.controlsAgree),
      .notSent(.unsupportedLink): .unknown(.unsupportedLink),
      .notSent(.sendFailed): .unknown(.sendFailed),
    ]
    for rejection in Rejection.samples { table[.rejected(rejection)] = .pass(.controlsAgree) }
    return table
  }()

  @Test("Every outcome of the positive control against every outcome of the dark one")
  func truthTable() {
    expectComplete(Self.positive)
    expectComplete(Self.dark)
    for (outcome, expected) in Self.positive {
      for (darkOutcome, darkExpected) in Self.dark {
        var scene = Scene.healthy()
        scene.control(.positive, outcome)
        scene.control(.dark, darkOutcome)
        #expect(
          scene.answer(.vantageIPv6) == (expected.verdict == .pass ? darkExpected : expected),
          "positive \(outcome), dark \(darkOutcome)")
      }
    }
  }

  @Test("Without a positive control the targets stand for it: every outcome of echo and SYN")
  func targets() {
    for (echo, expectedEcho) in Self.positive {
      for (port, expectedPort) in Self.positive {
        var scene = Scene.healthy()
        scene.forget { $0.subject == .control(.positive, ControlTarget(address: .control6)) }
        scene.echo(.host6, echo)
        scene.port(443, echo == port ? echo : port)
        // By hand: any reply; else any silence; else any loss; else any lack of IPv6; else what it was.
        let order: [Expected] = [
          .pass(.controlsAgree), .fail(.positiveControlSilent), .unknown(.captureDropped),
          .fail(.vantageNoIPv6),
        ]
        let expected = order.first { $0 == expectedEcho || $0 == expectedPort } ?? expectedEcho
        #expect(scene.answer(.vantageIPv6) == expected, "echo \(echo), port \(port)")
      }
    }
  }

  @Test("A target that only neighbours could reach, or one over IPv4, shows nothing")
  func wrongTargets() {
    for text in ["fe80::1", "fd00::1", "::1", "198.18.1.10"] {
      var scene = Scene(.init(id: "portal", agency: "office", addresses: [.address(text)], services: [.ssh]))
      scene.forget { $0.subject == .control(.positive, ControlTarget(address: .control6)) }
      scene.echo(.address(text), .reply)
      scene.port(22, at: .address(text), .reply)
      #expect(scene.answer(.vantageIPv6) == .unknown(.noControl), "\(text)")
    }
  }

  @Test("A control over IPv4 is none")
  func ipv4Controls() {
    var scene = Scene.healthy()
    scene.forget { if case .control = $0 { true } else { false } }
    scene.control(.positive, .reply, at: .router4)
    scene.control(.dark, .nothing, at: .address("192.0.2.1"))
    #expect(scene.answer(.vantageIPv6) == .unknown(.notMeasured), "the target is the control; no dark one")
    scene.silence(.host6)
    #expect(scene.answer(.vantageIPv6) == .fail(.positiveControlSilent))
  }

  @Test("One of two positive controls is enough; one of two dark ones spoils it")
  func manyControls() {
    var scene = Scene.healthy()
    scene.control(.positive, .nothing, at: .address("2001:db8:53::54"))
    #expect(scene.answer(.vantageIPv6) == .pass(.controlsAgree))
    scene.control(.positive, .nothing)
    #expect(scene.answer(.vantageIPv6) == .fail(.positiveControlSilent))
    scene.control(.positive, .reply)
    scene.control(.dark, .reply, at: .address("100::2"))
    #expect(scene.answer(.vantageIPv6) == .fail(.darkControlAnswered))
    scene.control(.dark, .nothing, at: .address("100::2"))
    #expect(scene.answer(.vantageIPv6) == .pass(.controlsAgree))
  }

  @Test("A target does not stand in for a positive control that was asked")
  func controlFirst() {
    var scene = Scene.healthy()
    scene.control(.positive, .nothing)
    #expect(scene.answer(.vantageIPv6) == .fail(.positiveControlSilent))
  }

  @Test("Nothing asked at all, and no dark control asked")
  func nothingAsked() {
    var scene = Scene.healthy()
    scene.forget { $0.subject == .control(.dark, ControlTarget(address: .dark6)) }
    #expect(scene.answer(.vantageIPv6) == .unknown(.notMeasured))
    scene.forget { _ in true }
    #expect(scene.answer(.vantageIPv6) == .unknown(.noControl))
  }

  @Test(
    "Whenever it does not pass, nothing that was seen over IPv6 counts, good or bad",
    arguments: [ProbeOutcome.nothing, .lost, .notSent(.noRoute)])
  func noneJudged(control: ProbeOutcome) {
    let networkChecks: [CheckID] = [.reachEcho, .reachTCP, .dnsLive, .servicePorts, .serviceHandshake]
    for services in [[Service.https, .ssh], [.dnsUDP], [.udp161], [.https, .ntp]] {
      for isHealthy in [true, false] {
        var scene = Scene.healthy(services)
        if !isHealthy { scene.silence(.host6) }
        scene.control(.positive, control)
        for check in networkChecks {
          for (subject, answer) in scene.answers(check) where answer != .na(.noTCPService) {
            #expect(answer == .unknown(.vantageWithoutIPv6), "\(check.rawValue) \(subject)")
          }
        }
        #expect(scene.state == .unknown)
      }
    }
  }
}
