import Observations
import Testing

@testable import Readiness

@Suite("dns.aaaa, asked of the resolver") struct DNSAAAATests {
  /// By hand, from the rubric: all but an answer are measured failures.
  static let table: [LookupOutcome: Expected] = [
    .aaaa(.host6): .pass(.aaaaPresent),
    .answer(addresses: [.host6], aliases: ["cdn.example"]): .pass(.aaaaPresent),
    .aaaa(): .fail(.dnsNoData),
    .noData: .fail(.dnsNoData),
    .nxDomain: .fail(.dnsNXDomain),
    .servFail: .fail(.dnsServFail),
    .refused: .fail(.dnsRefused),
    .failed(rcode: 1): .fail(.dnsError),
    .failed(rcode: 4): .fail(.dnsError),
    .malformed("the question is another"): .fail(.dnsMalformed),
    .timeout(tries: 3): .fail(.dnsTimeout),
    .unreachable("connection refused"): .fail(.dnsTimeout),
  ]

  /// Under the policy that asks the resolver.
  static func healthy(names: [String] = [Scene.name]) -> Scene {
    var scene = Scene.healthy(names: names)
    scene.policy = .firstLab
    return scene
  }

  @Test("Every outcome of the question has its verdict, while the resolver answers others")
  func truthTable() {
    expectComplete(Self.table)
    for (outcome, expected) in Self.table {
      var scene = Self.healthy()
      scene.lookup(.aaaa, outcome)
      #expect(scene.answer(.dnsAAAA) == expected, "\(outcome)")
    }
  }

  @Test(
    "When no name of the run got a record or a denial, the resolver is at fault",
    arguments: LookupOutcome.samples)
  func silentResolver(other: LookupOutcome) {
    // By hand: only these show that a zone's data reached this vantage.
    let shows: [LookupOutcome.Kind] = [.answer, .noData, .nxDomain]
    var scene = Self.healthy()
    scene.lookup(.a, other)
    scene.lookup(.aaaa, .timeout(tries: 3))
    let expected = shows.contains(other.kind) ? Expected.fail(.dnsTimeout) : .unknown(.resolverSilent)
    #expect(scene.answer(.dnsAAAA) == expected)
  }

  @Test("The answer about another host's name shows that the resolver works")
  func otherHost() {
    var scene = Self.healthy()
    scene.lookup(.a, .timeout(tries: 3))
    scene.lookup(.aaaa, .timeout(tries: 3))
    scene.observe(.lookup(name: "other.example", type: .a, outcome: .nxDomain), host: "other")
    #expect(scene.answer(.dnsAAAA) == .fail(.dnsTimeout))
  }

  @Test("A row for each name; a name that was not asked is unknown; a host without names has nothing to ask")
  func names() {
    var scene = Self.healthy(names: ["portal.example", "www.portal.example"])
    scene.lookup(.aaaa, .nxDomain, name: "www.portal.example")
    #expect(
      scene.answers(.dnsAAAA) == [
        "portal.example": .pass(.aaaaPresent), "www.portal.example": .fail(.dnsNXDomain),
      ])
    scene.forget { $0.subject == .lookup("portal.example", .aaaa) }
    #expect(scene.answers(.dnsAAAA)["portal.example"] == .unknown(.notMeasured))
    scene.host.names = []
    #expect(scene.answer(.dnsAAAA) == .na(.noName))
  }

  @Test("It is judged at a vantage without IPv6 too")
  func withoutIPv6() {
    for (outcome, expected) in Self.table {
      var scene = Self.healthy()
      scene.lookup(.aaaa, outcome)
      scene.control(.positive, .notSent(.noRoute))
      #expect(scene.answer(.dnsAAAA) == expected, "\(outcome)")
    }
  }
}
