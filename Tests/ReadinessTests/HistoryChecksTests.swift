import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("Checks on history, prefixes, identifiers and life without IPv4") struct HistoryChecksTests {
  static func verdict(_ scene: Scene, history: History = History(), prefixes: [PrefixRule] = [])
    -> HostVerdict
  {
    let inventory = Inventory(
      agencies: [Agency(id: "office", name: "Office")], hosts: [scene.host], prefixes: prefixes,
      waivers: scene.waivers)
    return judge(
      inventory, observations: scene.observations, policy: scene.policy, now: scene.now, history: history
    ).hosts[0]
  }

  static func answer(
    _ check: CheckID, _ scene: Scene, history: History = History(), prefixes: [PrefixRule] = []
  ) -> [Expected] {
    verdict(scene, history: history, prefixes: prefixes).rows.filter { $0.check == check }.map {
      Expected($0.verdict, $0.reason)
    }
  }

  // MARK: reach.stability

  static let now = Timestamp(seconds: 1_790_000_000)

  /// Rounds, of how many, the first so many days ago; and the answer. 95 % of 20 is 19.
  static let stabilityTable: [(succeeded: Int, total: Int, days: Int, is: Expected)] = [
    (20, 20, 7, .pass(.stable)), (19, 20, 7, .pass(.stable)), (18, 20, 7, .fail(.unstable)),
    (0, 20, 14, .fail(.unstable)), (20, 20, 6, .na(.historyTooShort)), (0, 20, 6, .na(.historyTooShort)),
    (0, 0, 9, .na(.historyTooShort)),
  ]

  @Test("reach.stability: 95 % of the rounds, once there are seven days of them", arguments: stabilityTable)
  func stability(line: (succeeded: Int, total: Int, days: Int, is: Expected)) {
    let rounds = History.Rounds(
      succeeded: line.succeeded, total: line.total, first: Self.now.earlier(byDays: line.days))
    let history = History(rounds: ["portal": rounds])
    #expect(Self.answer(.reachStability, .healthy(), history: history) == [line.is])
    let state: HostState = line.is.verdict == .fail ? .addressed : .operational
    #expect(Self.verdict(.healthy(), history: history).state == state)
  }

  @Test("reach.stability: without history, TCP or an address it does not apply")
  func stabilityNotApplying() {
    #expect(Self.answer(.reachStability, .healthy()) == [.na(.historyTooShort)])
    #expect(Self.answer(.reachStability, .healthy([.ntp])) == [.na(.noTCPService)])
    let scene = Scene(Host(id: "portal", agency: "office", services: [.https]))
    #expect(Self.answer(.reachStability, scene) == [.na(.noUsableAddress)])
  }

  // MARK: reach.latency

  static func timed(_ ipv6: [Int64], _ ipv4: [Int64]) -> Scene {
    var scene = Scene.healthy()
    for (address, times) in [(IPAddress.host6, ipv6), (.host4, ipv4)] {
      scene.observe(
        .handshakeTimes(
          endpoint: Endpoint(address, 443), roundTrips: times.map { Duration64(microseconds: $0 * 1000) },
          lost: 0))
    }
    return scene
  }

  /// Milliseconds over IPv6 and IPv4. The middle of three counts, of four the mean of the two in the middle.
  static let latencyTable: [(ipv6: [Int64], ipv4: [Int64], is: Expected)] = [
    ([260, 260, 260], [10, 10, 10], .pass(.notSlower)),
    ([261, 261, 261], [10, 10, 10], .fail(.slowerThanIPv4)),
    ([9000, 20, 20], [10, 10, 10], .pass(.notSlower)),
    ([20, 9000, 9000], [10, 10, 10], .fail(.slowerThanIPv4)),
    ([1, 1, 1], [900, 900, 900], .pass(.notSlower)), ([10, 200, 320, 400], [10, 10, 10], .pass(.notSlower)),
    ([10, 202, 320, 400], [10, 10, 10], .fail(.slowerThanIPv4)),
    ([900, 900], [10, 10, 10], .unknown(.tooFewHandshakes)),
    ([20, 20, 20], [10, 10], .unknown(.tooFewHandshakes)),
    ([], [], .unknown(.tooFewHandshakes)),
  ]

  @Test("reach.latency: medians, at most 250 ms apart", arguments: latencyTable)
  func latency(line: (ipv6: [Int64], ipv4: [Int64], is: Expected)) {
    let scene = Self.timed(line.ipv6, line.ipv4)
    #expect(Self.answer(.reachLatency, scene) == [line.is])
    #expect(scene.state == .operational, "a notice holds nothing up")
  }

  @Test("reach.latency: nothing to compare, nothing measured")
  func latencyNotMeasured() {
    var unasked = Scene.healthy()
    unasked.forget { if case .handshakeTimes = $0 { true } else { false } }
    #expect(Self.answer(.reachLatency, unasked) == [.unknown(.notMeasured)])
    var dead = Self.timed([1, 1, 1], [1, 1, 1])
    dead.silence(.host4)
    #expect(Self.answer(.reachLatency, dead) == [.na(.nothingToCompare)])
    var shut = Self.timed([1, 1, 1], [1, 1, 1])
    shut.port(443, .reset)
    #expect(Self.answer(.reachLatency, shut) == [.na(.nothingToCompare)])
    #expect(Self.answer(.reachLatency, .healthy([.ntp])) == [.na(.nothingToCompare)])
  }

  // MARK: address.prefix

  static func rule(_ text: String, _ agency: String?, _ rule: ScopeRule = .allow) throws -> PrefixRule {
    PrefixRule(prefix: try #require(Prefix(text)), agency: agency, rule: rule)
  }

  @Test("address.prefix: inside a prefix that is registered to this agency and may be used")
  func prefixes() throws {
    func ask(_ rules: PrefixRule...) -> [Expected] {
      Self.answer(.addressPrefix, .healthy(), prefixes: rules)
    }
    #expect(ask() == [.na(.noAgencyPrefix)])
    #expect(ask(try Self.rule("2001:db8:1::/48", "office")) == [.pass(.inAgencyPrefix)])
    #expect(ask(try Self.rule("2001:db8:2::/48", "office")) == [.fail(.outsideAgencyPrefix)])
    #expect(ask(try Self.rule("2001:db8:1::/48", "other")) == [.na(.noAgencyPrefix)])
    #expect(ask(try Self.rule("2001:db8:1::/48", nil)) == [.na(.noAgencyPrefix)])
    #expect(
      ask(try Self.rule("198.18.0.0/15", "office")) == [.na(.noAgencyPrefix)], "IPv4 says nothing about IPv6")
    #expect(ask(try Self.rule("2001:db8:1::/48", "office", .exclude)) == [.na(.noAgencyPrefix)])
    let both = [try Self.rule("2001:db8:2::/48", "office"), try Self.rule("2001:db8::/32", "office")]
    #expect(Self.answer(.addressPrefix, .healthy(), prefixes: both) == [.pass(.inAgencyPrefix)])
  }

  // MARK: address.iid

  /// Lower halves by hand; the third is made of 02:11:22:33:44:55, which is administered locally.
  static let identifiersTable: [(text: String, mac: String?, is: Expected)] = [
    ("2001:db8:1::80", nil, .pass(.iidManual)), ("2001:db8:1:0:211:22ff:fe33:4455", nil, .fail(.iidEUI64)),
    ("2001:db8:1:0:11:22ff:fe33:4455", nil, .pass(.iidManual)),
    ("2001:db8:1:0:11:22ff:fe33:4455", "02:11:22:33:44:55", .fail(.iidEUI64)),
    ("2001:db8:1:0:11:22ff:fe33:4455", "02:11:22:33:44:56", .pass(.iidManual)),
    ("2001:db8:1:0:9c3e:71d4:b8a2:f05d", nil, .pass(.iidRandom)),
    ("2001:db8:1::443:0:0:1", nil, .pass(.iidManual)),
    ("2001:db8:1::fffe:0:1", nil, .pass(.iidManual)),
    ("2001:db8:1::dead:beef:cafe:f00d", nil, .pass(.iidManual)),
    ("2001:db8:1:0:198:18:100:80", nil, .pass(.iidManual)),
  ]

  @Test(
    "address.iid: made out of a hardware address, by its pattern or by the declared one",
    arguments: identifiersTable)
  func identifiers(line: (text: String, mac: String?, is: Expected)) {
    let mac = line.mac.flatMap { MACAddress($0) }
    let host = Host(
      id: "portal", agency: "office", addresses: [.address(line.text)], services: [.https], mac: mac)
    #expect(Self.answer(.addressIID, Scene(host)) == [line.is])
  }

  // MARK: operation.ipv6only

  static func aloneScene(_ addresses: [IPAddress], _ services: [Service] = [.https]) -> Scene {
    var scene = Scene.healthy(services)
    scene.observe(.vantage(addresses: addresses), host: "")
    return scene
  }

  @Test(
    "operation.ipv6only: only a vantage without IPv4 can say; then the host is ipv6only, converted and no less"
  )
  func alone() {
    let own = IPAddress.address("2001:db8:ffff::2")
    let alone = Self.aloneScene([own])
    #expect(Self.answer(.operationIPv6Only, alone) == [.pass(.answered)])
    #expect(alone.state == .ipv6only && alone.state.isConverted && Outcome(alone.state) == .converted)
    let both = Self.aloneScene([.address("198.19.255.2"), own])
    #expect(Self.answer(.operationIPv6Only, both) == [.na(.vantageHasIPv4)])
    #expect(both.state == .operational)
    var unseen = Scene.healthy()
    unseen.forget { $0.subject == .vantage }
    #expect(Self.answer(.operationIPv6Only, unseen) == [.unknown(.notMeasured)])
    #expect(unseen.state == .operational)
    var broken = alone
    broken.handshake(.https, name: Scene.name, .timeout(.tls))
    #expect(Self.answer(.operationIPv6Only, broken) == [.fail(.handshakeTimeout)])
    #expect(broken.state == .reachable)
    #expect(Self.answer(.operationIPv6Only, Self.aloneScene([own], [.tcp9000])) == [.pass(.open)])
    #expect(
      Self.answer(.operationIPv6Only, Self.aloneScene([own], [.udp161])) == [.unknown(.protocolNotMeasurable)]
    )
    #expect(Self.answer(.operationIPv6Only, Self.aloneScene([own], [])) == [.unknown(.noServiceDeclared)])
  }

  @Test("operation.ipv6only: every way a handshake can end is judged", arguments: HandshakeOutcome.samples)
  func aloneHandshakes(outcome: HandshakeOutcome) {
    var scene = Self.aloneScene([.address("2001:db8:ffff::2")])
    scene.handshake(.https, name: Scene.name, outcome)
    var expected = brokenHandshakeTable[outcome]
    if case .completed = outcome { expected = .pass(.answered) }
    #expect(Self.answer(.operationIPv6Only, scene).first == expected)
  }

  // MARK: operation.traffic

  /// Watched for so many days, the last flow so many days ago; and the answer.
  static let trafficTable: [(watched: Int, flow: Int?, is: Expected)] = [
    (40, nil, .pass(.noIPv4Traffic)), (30, nil, .pass(.noIPv4Traffic)), (29, nil, .na(.watchedTooBriefly)),
    (40, 31, .pass(.noIPv4Traffic)), (40, 30, .fail(.ipv4Traffic)), (10, 1, .fail(.ipv4Traffic)),
  ]

  @Test("operation.traffic: thirty days without an IPv4 flow", arguments: trafficTable)
  func traffic(line: (watched: Int, flow: Int?, is: Expected)) {
    let traffic = History.Traffic(
      observedSince: Self.now.earlier(byDays: line.watched),
      lastIPv4Flow: line.flow.map { Self.now.earlier(byDays: $0) })
    #expect(
      Self.answer(.operationTraffic, .healthy(), history: History(traffic: ["portal": traffic])) == [line.is])
    #expect(Self.answer(.operationTraffic, .healthy()) == [.na(.noPassiveCapture)])
  }

  // MARK: secure

  @Test("Secure is converted with every exposure check pass, na or exempt; unknown is not secure")
  func secure() {
    for verdict in Verdict.allCases {
      var scene = Scene.healthy()
      scene.policy = .firstLab
      #expect(!scene.verdict.isSecure, "a policy without an exposure check cannot say so")
      let check = Check(
        id: .operationTraffic, level: 6, isGate: false, isExposure: true, needsIPv6: false, reasons: [:]
      ) { _ in [Finding("", verdict, .notMeasured)] }
      scene.policy.checks.append(check)
      #expect(scene.verdict.isSecure == [.pass, .na, .exempt].contains(verdict), "\(verdict)")
      scene.silence(.host6)
      #expect(!scene.verdict.isSecure, "not converted")
    }
  }
}
