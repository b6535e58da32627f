import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("reach.path") struct ReachPathTests {
  private static let wan = System(id: "wan", name: "WAN", agency: "office", kind: .wan)

  private static func router(_ text: String) -> HopPath.Hop {
    HopPath.Hop(routers: [HopPath.Router(address: .address(text), roundTrip: Duration64(microseconds: 1))])
  }

  /// The rows of a host behind the WAN whose 2001:db8:1::/48 and 198.18.0.0/16 are registered.
  private func answers(
    _ paths: [HopPath], systems: [System] = [wan], rules: [PrefixRule]? = nil,
    change: (inout Scene) -> Void = { _ in }
  ) -> [String: Expected] {
    var scene = Scene.healthy()
    for path in paths { scene.observe(.path(path)) }
    change(&scene)
    let registered = ["2001:db8:1::/48", "198.18.0.0/16"].compactMap(Prefix.init).map {
      PrefixRule(prefix: $0)
    }
    let inventory = Inventory(
      agencies: [Agency(id: "office", name: "office")], systems: systems, hosts: [scene.host],
      prefixes: rules ?? registered)
    let rows = judge(inventory, observations: scene.observations, policy: .lab, now: scene.now)
      .rows.filter { $0.check == .reachPath }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.subject, Expected($0.verdict, $0.reason)) })
  }

  private func over6(_ hops: [HopPath.Hop], _ end: HopPath.End) -> Expected? {
    answers([HopPath(target: .host6, hops: hops, end: end)])["2001:db8:1::10"]
  }

  @Test("A hop outside fails however the way ends; else only what was not measured is unknown")
  func truthTable() {
    for end in HopPath.End.samples {
      let (inside, outside) = (Self.router("2001:db8:1::1"), Self.router("2001:db8:9::1"))
      #expect(over6([inside, outside, HopPath.Hop(isSilent: true)], end) == .fail(.hopOutside), "\(end)")
      let isUnmeasured = end.kind == .unmeasured
      #expect(
        over6([inside], end) == (isUnmeasured ? .unknown(.captureDropped) : .pass(.pathRegistered)), "\(end)")
      let silent: Expected =
        isUnmeasured
        ? .unknown(.captureDropped) : end == .reached(limit: 1) ? .pass(.pathRegistered) : .na(.noHopAnswered)
      #expect(over6([HopPath.Hop(isSilent: true)], end) == silent, "\(end)")
    }
  }

  @Test("Each family has its own row")
  func families() {
    let inside = HopPath(target: .host4, hops: [Self.router("198.18.0.1")], end: .reached(limit: 2))
    let outside = HopPath(target: .host6, hops: [Self.router("2001:db8:9::1")], end: .reached(limit: 2))
    #expect(
      answers([inside, outside]) == [
        "198.18.1.10": .pass(.pathRegistered), "2001:db8:1::10": .fail(.hopOutside),
      ])
  }

  @Test("What is behind the WAN, and what is registered")
  func applies() {
    let path = HopPath(target: .host6, hops: [Self.router("2001:db8:1::1")], end: .reached(limit: 2))
    #expect(answers([path], systems: []) == ["": .na(.notBehindWAN)])
    #expect(answers([path], rules: []) == ["": .na(.noPrefixRegistered)])
    let using = System(id: "web", name: "web", agency: "office", kind: .web, dependsOn: ["net"])
    let elsewhere = System(id: "net", name: "net", agency: "network", kind: .tslcd)
    #expect(answers([path], systems: [using, elsewhere])["2001:db8:1::10"] == .pass(.pathRegistered))
    #expect(answers([path], systems: [elsewhere]) == ["": .na(.notBehindWAN)])
  }

  @Test("An excluded link inside a registered prefix is registered; an excluded prefix alone is not")
  func excluded() {
    let path = HopPath(target: .host6, hops: [Self.router("2001:db8:1:ff::1")], end: .reached(limit: 2))
    let whole = PrefixRule(prefix: Prefix(.address("2001:db8:1::"), length: 48))
    let link = PrefixRule(prefix: Prefix(.address("2001:db8:1:ff::"), length: 64), rule: .exclude)
    #expect(answers([path], rules: [whole, link])["2001:db8:1::10"] == .pass(.pathRegistered))
    let other = PrefixRule(prefix: Prefix(.address("2001:db8:9::"), length: 48))
    #expect(answers([path], rules: [link, other])["2001:db8:1::10"] == .fail(.hopOutside))
  }

  @Test("A way that was not asked is unknown, by why nothing left if that is known")
  func notAsked() {
    #expect(answers([]).values.allSatisfy { $0 == .unknown(.notMeasured) })
    for why in NotSentReason.allCases {
      let answer = answers([]) { $0.echo(.host6, .notSent(why)) }["2001:db8:1::10"]
      let expected = probeTable(answered: .answered)[.notSent(why)]
      #expect(answer == (why == .neighbourSilent ? .na(.noHopAnswered) : expected), "\(why)")
    }
  }
}
