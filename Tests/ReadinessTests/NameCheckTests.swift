import Observations
import Testing
import Wire

@testable import Readiness

@Suite("dns.nameservers") struct NameServerTests {
  private func scene(_ udp: ServerReply, _ tcp: ServerReply) -> Scene {
    var scene = Scene.healthy()
    scene.observe(.nameServer(zone: "example", server: .nameServer2, udp: udp, tcp: tcp, serial: 1), host: "")
    return scene
  }

  @Test("Two servers must answer with authority over both transports", arguments: ServerReply.samples)
  func transports(reply: ServerReply) {
    let expected: Expected =
      switch reply {
      case .answer: .pass(.nameServersOverIPv6)
      case .notAsked(let reason): Expected(.unknown, reason.reason)
      default: .fail(.tooFewNameServers)
      }
    #expect(scene(reply, .answer([])).answer(.dnsNameServers) == expected)
    #expect(scene(.answer([]), reply).answer(.dnsNameServers) == expected)
  }

  @Test("Servers with one address between them are one, and IPv4 does not count")
  func distinct() {
    var scene = Scene.healthy()
    let servers = ["ns1", "ns2"].map { NameServer(name: "\($0).example", addresses: [.nameServer1]) }
    scene.observe(.delegation(zone: "example", servers: servers, source: .root), host: "")
    #expect(scene.answer(.dnsNameServers) == .fail(.tooFewNameServers))
    let dual = [
      NameServer(name: "ns1.example", addresses: [.nameServer1]),
      NameServer(name: "ns2.example", addresses: [.host4]),
    ]
    scene.observe(.delegation(zone: "example", servers: dual, source: .root), host: "")
    #expect(scene.answer(.dnsNameServers) == .fail(.tooFewNameServers))
    scene.control(.positive, .nothing)
    #expect(scene.answer(.dnsNameServers) == .unknown(.vantageWithoutIPv6))
  }

  @Test("Nothing seen of a server is not a failure")
  func notSeen() {
    var scene = Scene.healthy()
    scene.forget { $0.subject == .nameServer("example", .nameServer2) }
    #expect(scene.answer(.dnsNameServers) == .unknown(.notMeasured))
    scene.forget { $0.subject == .delegation("example") }
    #expect(scene.answer(.dnsNameServers) == .unknown(.notMeasured))
    scene.host.names = []
    #expect(scene.answer(.dnsNameServers) == .na(.noName))
  }
}

@Suite("dns.ipv6only") struct IPv6OnlyTests {
  @Test("Every outcome has its verdict", arguments: IterationOutcome.samples)
  func table(outcome: IterationOutcome) {
    var scene = Scene.healthy()
    scene.observe(.iteration(name: Scene.name, outcome: outcome))
    let expected: Expected
    switch outcome {
    case .resolved(let addresses):
      expected = addresses.isEmpty ? .na(.noAAAAPublished) : .pass(.resolvesOverIPv6)
    case .noData, .nxDomain: expected = .na(.noAAAAPublished)
    case .noIPv6Server: expected = .fail(.delegationWithoutIPv6)
    case .noRoot: expected = .unknown(.rootSilent)
    case .abandoned: expected = .fail(.dnsEndless)
    case .failed(_, let reply):
      switch reply {
      case .answer, .noData, .nxDomain: expected = .fail(.dnsNoData)
      case .alias: expected = .fail(.dnsEndless)
      case .servFail: expected = .fail(.dnsServFail)
      case .refused: expected = .fail(.dnsRefused)
      case .failed: expected = .fail(.dnsError)
      case .lame: expected = .fail(.dnsLame)
      case .malformed: expected = .fail(.dnsMalformed)
      case .timeout, .unreachable: expected = .fail(.dnsTimeout)
      case .notAsked(let reason): expected = .unknown(reason.reason)
      }
    }
    #expect(scene.answer(.dnsIPv6Only) == expected)
  }
}

@Suite("dns.reverse") struct ReverseTests {
  @Test("Every outcome has its verdict", arguments: ReverseOutcome.samples)
  func table(outcome: ReverseOutcome) {
    var scene = Scene.healthy()
    scene.observe(.reverse(address: .host6, outcome: outcome))
    let expected: Expected
    switch outcome {
    case .none: expected = .fail(.noPTR)
    case .failed: expected = .unknown(.ptrNotAnswered)
    case .pointers(let pointers):
      switch pointers[0].forward {
      case .answer(let addresses, _):
        expected = addresses.contains(.host6) ? .pass(.ptrMapsBack) : .fail(.ptrWithoutAddress)
      case .noData, .nxDomain: expected = .fail(.ptrWithoutAddress)
      case .servFail, .refused, .failed, .malformed, .timeout, .unreachable:
        expected = .unknown(.ptrNotAnswered)
      }
    }
    #expect(scene.answer(.dnsReverse) == expected)
  }

  @Test("Another address is told apart from none; one of several names is enough")
  func several() {
    var scene = Scene.healthy()
    let other = Pointer(name: "old.example", forward: .aaaa(.secondHost6))
    scene.observe(.reverse(address: .host6, outcome: .pointers([other])))
    #expect(scene.answer(.dnsReverse) == .fail(.ptrElsewhere))
    scene.observe(.synthesis(prefixes: [Prefix(.secondHost6, length: 128)]), host: "")
    #expect(scene.answer(.dnsReverse) == .fail(.ptrWithoutAddress), "what was made up is no address")
    let own = Pointer(name: Scene.name, forward: .aaaa(.host6))
    scene.observe(.reverse(address: .host6, outcome: .pointers([other, own])))
    #expect(scene.answer(.dnsReverse) == .pass(.ptrMapsBack))
    scene.forget { $0.subject == .reverse(.host6) }
    #expect(scene.answer(.dnsReverse) == .unknown(.notMeasured))
    scene.host.names = []
    #expect(scene.answer(.dnsReverse) == .na(.noName))
  }
}

@Suite("service.mail") struct MailTests {
  private func scene(_ forward: LookupOutcome) -> Scene {
    var scene = Scene.healthy()
    let exchanger = MailExchanger(preference: 10, name: "mx.example", forward: forward)
    scene.observe(.exchangers(name: Scene.name, outcome: .exchangers([exchanger])))
    return scene
  }

  @Test("Every outcome of the question has its verdict")
  func questions() {
    for outcome in ExchangersOutcome.samples {
      var scene = Scene.healthy()
      scene.observe(.exchangers(name: Scene.name, outcome: outcome))
      let expected: Expected
      switch outcome {
      case .none: expected = .na(.noMX)
      case .null: expected = .na(.nullMX)
      case .failed: expected = .unknown(.mxNotAnswered)
      case .exchangers(let exchangers):
        switch exchangers[0].forward {
        case .answer(let addresses, _):
          expected = addresses.isEmpty ? .fail(.mxWithoutAAAA) : .unknown(.notMeasured)
        case .noData, .nxDomain: expected = .fail(.mxWithoutAAAA)
        case .servFail, .refused, .failed, .malformed, .timeout, .unreachable:
          expected = .unknown(.mxNotAnswered)
        }
      }
      #expect(scene.answer(.serviceMail) == expected, "\(outcome)")
    }
  }

  @Test("Every outcome of port 25 has its verdict")
  func ports() {
    let table = probeTable(answered: .open)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = scene(.aaaa(.secondHost6))
      scene.port(25, at: .secondHost6, outcome)
      #expect(scene.answer(.serviceMail) == expected, "\(outcome)")
    }
  }

  @Test("Every address must answer, and an exchanger with only made-up addresses has none")
  func addresses() {
    var scene = scene(.aaaa(.secondHost6, .control6))
    scene.port(25, at: .secondHost6, .reply)
    scene.port(25, at: .control6, .nothing)
    #expect(scene.answer(.serviceMail) == .fail(.silent))
    scene.observe(.synthesis(prefixes: [Prefix(.control6, length: 96)]), host: "")
    #expect(scene.answer(.serviceMail) == .pass(.open))
    scene.observe(
      .synthesis(prefixes: [Prefix(.control6, length: 96), Prefix(.secondHost6, length: 96)]), host: "")
    #expect(scene.answer(.serviceMail) == .fail(.mxWithoutAAAA))
  }
}
