import Observations
import Testing
import Wire

@testable import Readiness

@Suite("dns.aaaa, asked of the authoritative servers") struct AuthoritativeAAAATests {
  /// By hand, from the rubric: what one of two servers says while the other gives AAAA.
  static let besideAnAnswer: [ServerReply: Expected] = {
    var table: [ServerReply: Expected] = [
      .answer([.host6]): .pass(.aaaaPresent),
      .answer([]): .fail(.dnsInconsistent),
      .alias("www.elsewhere.example"): .fail(.dnsEndless),
      .noData: .fail(.dnsInconsistent),
      .nxDomain: .fail(.dnsInconsistent),
      .servFail: .fail(.dnsServFail),
      .refused: .fail(.dnsRefused),
      .failed(rcode: 1): .fail(.dnsError),
      .failed(rcode: 23): .fail(.dnsError),
      .lame: .fail(.dnsLame),
      .malformed("cut"): .fail(.dnsMalformed),
      .timeout(tries: 3): .fail(.dnsTimeout),
      .unreachable("connection refused"): .fail(.dnsTimeout),
    ]
    for (reason, expected) in notAsked { table[.notAsked(reason)] = expected }
    return table
  }()

  /// A server that is out of reach for lack of its family is not counted; what was not asked else is not known.
  static let notAsked: [NotSentReason: Expected] = [
    .outOfScope: .unknown(.outOfScope), .noRoute: .pass(.aaaaPresent), .noSource: .pass(.aaaaPresent),
    .neighbourSilent: .unknown(.neighbourSilent), .gatewaySilent: .unknown(.gatewaySilent),
    .unsupportedLink: .unknown(.unsupportedLink), .sendFailed: .unknown(.sendFailed),
  ]

  private func scene(_ groups: [ServerReplies]) -> Scene {
    var scene = Scene.healthy()
    scene.observe(.authority(name: Scene.name, type: .aaaa, outcome: .asked(groups)))
    return scene
  }

  private func group(_ servers: [IPAddress], _ reply: ServerReply, zone: String = "example") -> ServerReplies
  {
    ServerReplies(zone: zone, servers: servers, reply: reply)
  }

  @Test("The worst server decides")
  func worst() {
    expectComplete(Self.besideAnAnswer)
    for (reply, expected) in Self.besideAnAnswer {
      let groups = [group([.nameServer1], .answer([.host6])), group([.nameServer2], reply)]
      #expect(scene(groups).answer(.dnsAAAA) == expected, "\(reply)")
      #expect(scene(groups.reversed()).answer(.dnsAAAA) == expected, "\(reply), in the other order")
    }
  }

  @Test("All servers alike: a denial is no inconsistency")
  func alike() {
    #expect(scene([group([.nameServer1, .nameServer2], .noData)]).answer(.dnsAAAA) == .fail(.dnsNoData))
    #expect(scene([group([.nameServer1, .nameServer2], .nxDomain)]).answer(.dnsAAAA) == .fail(.dnsNXDomain))
    #expect(
      scene([group([], .notAsked(.sendFailed))]).answer(.dnsAAAA) == .fail(.dnsNoServer),
      "no server has an address")
  }

  @Test("An alias is answered by the servers of what it leads to")
  func aliases() {
    let alias = group([.nameServer1, .nameServer2], .alias("www.cdn.example"))
    #expect(
      scene([alias, group([.control6], .answer([.host6]), zone: "cdn.example")]).answer(.dnsAAAA)
        == .pass(.aaaaPresent))
    #expect(
      scene([alias, group([.control6], .noData, zone: "cdn.example")]).answer(.dnsAAAA) == .fail(.dnsNoData))
    #expect(scene([alias]).answer(.dnsAAAA) == .fail(.dnsEndless), "it leads nowhere")
    #expect(
      scene([alias, group([], .nxDomain, zone: "cdn.example")]).answer(.dnsAAAA) == .fail(.dnsNXDomain))
  }

  @Test("A vantage without IPv6 does not count IPv6 servers as silent; with it, it does")
  func withoutIPv6() {
    var scene = scene([
      group([.host4], .answer([.host6])), group([.nameServer1, .nameServer2], .timeout(tries: 3)),
    ])
    #expect(scene.answer(.dnsAAAA) == .fail(.dnsTimeout))
    scene.control(.positive, .nothing)
    #expect(scene.answer(.dnsAAAA) == .pass(.aaaaPresent))
  }

  @Test("Silence over IPv4 is a failure once any server answered over IPv4, and unknown before")
  func withoutIPv4() {
    var scene = scene([
      group([.nameServer1], .answer([.host6])), group([.host4], .timeout(tries: 3)),
    ])
    #expect(scene.answer(.dnsAAAA) == .unknown(.nameServersSilent))
    scene.observe(
      .nameServer(zone: "other.example", server: .secondHost4, udp: .refused, tcp: .refused, serial: nil),
      host: "")
    #expect(scene.answer(.dnsAAAA) == .fail(.dnsTimeout))
  }

  @Test("Unknown only when no server of any zone answered this vantage", arguments: ServerReply.samples)
  func nobody(reply: ServerReply) {
    var scene = scene([group([.nameServer1, .nameServer2], .timeout(tries: 3))])
    scene.forget { if case .nameServer = $0 { true } else { false } }
    scene.lookup(.a, .timeout(tries: 3))
    #expect(scene.answer(.dnsAAAA) == .unknown(.nameServersSilent))
    scene.observe(
      .nameServer(zone: "other.example", server: .control6, udp: reply, tcp: .timeout(tries: 1), serial: nil),
      host: "")
    #expect(scene.answer(.dnsAAAA) == (reply.hasAnswered ? .fail(.dnsTimeout) : .unknown(.nameServersSilent)))
  }

  @Test("A zone that cannot be found fails by what was said of it")
  func noDelegation() {
    var scene = Scene.healthy()
    for (reply, reason) in [
      (ServerReply.servFail, Reason.dnsServFail), (.nxDomain, .dnsNXDomain),
      (.timeout(tries: 3), .dnsTimeout),
      (.malformed("in a circle"), .dnsMalformed),
    ] {
      scene.observe(.authority(name: Scene.name, type: .aaaa, outcome: .noDelegation(reply)))
      #expect(scene.answer(.dnsAAAA) == .fail(reason))
    }
    scene.forget { $0.subject == .authority(Scene.name, .aaaa) }
    #expect(scene.answer(.dnsAAAA) == .unknown(.notMeasured))
  }
}
