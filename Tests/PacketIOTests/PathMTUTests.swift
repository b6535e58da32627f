import Testing

/// Real hosts that are told that their packets are too big. Each test has namespaces of its own, so nobody remembers
/// an MTU from before.
@Suite(.serialized) struct PathMTUTests {
  /// A network whose far end sends segments as they are: not merged by segmentation offload, which a virtual link
  /// would pass on whole.
  private static func network(farRules: String = "", setUp: String = "") -> TestNetwork {
    var network = TestNetwork()
    network.farRules = farRules
    network.setUp = """
      far ip link set dev wire gso_max_segs 1
      \(setUp)
      nsenter -t $FAR -n \(TestNetwork.tool) --serve 90 400000 > /dev/null 2>&1 & TOOLS="$TOOLS $!"
      nsenter -t $FAR -n \(TestNetwork.tool) --serve 91 5000 > /dev/null 2>&1 & TOOLS="$TOOLS $!"
      for i in $(seq 100); do
        far ss -Hltn 'sport = 90' | grep -q . && far ss -Hltn 'sport = 91' | grep -q . && break; sleep 0.05
      done
      """
    return network
  }

  private static let dropsFragments = """
    echo 'table netdev q { chain e { type filter hook egress device "wire" priority 0;
      ip6 nexthdr 44 drop; }; }' | far nft -f -
    """
  private static let dropsLaterFragments = """
    echo 'table netdev q { chain e { type filter hook egress device "wire" priority 0;
      frag frag-off != 0 drop; }; }' | far nft -f -
    """

  @Test(
    arguments: [
      ("heeds", "", "", "fragmented 1280"),
      ("is told by nobody", "icmpv6 type packet-too-big drop", "", "ignored 1400"),
      ("drops fragments", "", dropsFragments, "black-hole 1400"),
      ("drops later fragments", "", dropsLaterFragments, "fragments-lost 1280"),
      ("drops large questions", "icmpv6 type echo-request meta length > 1300 drop", "", "silent 3"),
      (
        "knows a small MTU", "", "far ip -6 route add 2001:db8::1 dev wire mtu 1280",
        "already-small 1280 fragmented"
      ),
    ]) func echo(_ name: String, _ rules: String, _ setUp: String, _ expected: String) throws
  {
    let result = try Self.network(farRules: rules, setUp: setUp).probe("--allow ::/0 --pmtu 2001:db8:9::1")
    #expect(result.outcomes["2001:db8:9::1"] == expected, "\(result.output)")
  }

  @Test(
    arguments: [
      ("heeds", "", "", "shrank 1280"),
      ("is told by nobody", "icmpv6 type packet-too-big drop", "", "ignored 1500"),
      (
        "loses what has shrunk", "",
        """
        echo 'table inet q { chain o { type filter hook output priority 0;
          tcp sport 90 ip6 length 1100-1240 drop; }; }' | far nft -f -
        """, "black-hole 1500"
      ),
      (
        "small from the start", "", "ip -6 route change 2001:db8:9::/48 via 2001:db8::2 advmss 1220",
        "already-small 1280"
      ),
    ]) func tcp(_ name: String, _ rules: String, _ setUp: String, _ expected: String) throws
  {
    let result = try Self.network(farRules: rules, setUp: setUp).probe(
      "--allow ::/0 --pmtu-tcp '[2001:db8:9::1]:90'")
    #expect(result.outcomes["[2001:db8:9::1]:90"] == expected, "\(result.output)")
  }

  @Test func shortAnswersSayNothing() throws {
    let result = try Self.network().probe("--allow ::/0 --pmtu-tcp '[2001:db8:9::1]:91'")
    #expect(result.outcomes["[2001:db8:9::1]:91"] == "too-short 1500", "\(result.output)")
  }

  /// What segmentation offload has merged says nothing about sizes.
  @Test func mergedSegmentsAreNotMeasured() throws {
    let result = try Self.network(setUp: "far ip link set dev wire gso_max_segs 60")
      .probe("--allow ::/0 --pmtu-tcp '[2001:db8:9::1]:90'")
    #expect(result.outcomes["[2001:db8:9::1]:90"]?.hasPrefix("offloaded") == true, "\(result.output)")
  }

  /// Many at the same time, each with its own outcome. None heeds: one host behind all these addresses would remember
  /// for all of them what it was told about the vantage.
  @Test func manyTargets() throws {
    let targets = (1...40).map { "2001:db8:9::\($0)" }
    let rules = """
      icmpv6 type packet-too-big drop
      ip6 daddr 2001:db8:9::8 drop
      """
    let result = try Self.network(farRules: rules)
      .probe("--allow ::/0 --exclude 2001:db8:9::9/128 --pmtu \(targets.joined(separator: " "))")
    for target in targets {
      let expected =
        switch target {
        case "2001:db8:9::8": "silent 3"
        case "2001:db8:9::9": "not-sent out-of-scope"
        default: "ignored 1400"
        }
      #expect(result.outcomes[target] == expected, "\(target): \(result.output)")
    }
    #expect(result.counters["refused"] == 1)
  }

  /// What leaves, seen by tshark at the far end: nothing malformed, the message quotes as much as fits, and nothing
  /// goes to a target outside of the scope, no message either.
  @Test func messagesAreWellFormed() throws {
    var network = Self.network()
    network.records = true
    let result = try network.probe("--allow 2001:db8:9::1/128 --pmtu 2001:db8:9::1 2001:db8:9::2")
    let sent = try result.dissect(
      "icmpv6.type == 2",
      fields: ["ipv6.dst", "ipv6.plen", "icmpv6.mtu", "icmpv6.checksum.status", "_ws.malformed"])
    try #require(sent.count == 1, "\(result.output)")
    #expect(sent[0][0].hasPrefix("2001:db8:9::1"))
    #expect(sent[0][1].hasPrefix("1240"))
    #expect(sent[0][2] == "1280")
    #expect(sent[0][3].hasPrefix("1"), "\(sent)")
    #expect(try result.dissect("ipv6.dst == 2001:db8:9::2", fields: ["frame.number"]).isEmpty)
    let fragments = try result.dissect("ipv6.src == 2001:db8:9::1 and ipv6.nxt == 44", fields: ["frame.len"])
    #expect(fragments.map { $0[0] } == ["1294", "190"], "\(fragments)")
  }

  /// The guard looks at messages about a connection too, although the caller opened it.
  @Test func connectionOutOfScope() throws {
    var network = Self.network()
    network.records = true
    let result = try network.probe("--allow 2001:db8:9::2/128 --pmtu-tcp '[2001:db8:9::1]:90'")
    #expect(result.outcomes["[2001:db8:9::1]:90"] == "not-sent out-of-scope", "\(result.output)")
    #expect(result.counters["sent"] == 0)
    #expect(try result.dissect("icmpv6.type == 2", fields: ["frame.number"]).isEmpty)
  }
}
