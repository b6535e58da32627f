import Testing

/// Every outcome that must be told apart, made by a real kernel at the other end of a wire.
@Suite(.serialized) struct OutcomeTests {
  static let setUp = """
    ip -6 route add 2001:db8:a::/48 via 2001:db8::99
    ip route add 198.18.10.0/24 via 198.18.0.99
    ip -6 route add blackhole 2001:db8:b::/48
    ip route add blackhole 198.18.11.0/24
    ip -6 route add unreachable 2001:db8:c::/48
    ip route add unreachable 198.18.12.0/24
    ip route add prohibit 198.18.13.0/24
    ip route add 198.18.9.128/25 via inet6 2001:db8::2 dev near
    ip -6 route add local 2001:db8:d::/48 dev lo
    ip route add local 198.18.14.0/24 dev lo
    """
  static let rules = """
    tcp dport 81 reject with icmpx admin-prohibited
    tcp dport 82 reject with icmpx port-unreachable
    tcp dport 83 drop
    ip daddr 198.18.9.66 drop
    ip6 daddr 2001:db8:9::66 drop
    """

  /// The target, and what its line begins with.
  static let cases = [
    ("198.18.0.2", "answered 1 "), ("2001:db8::2", "answered 1 "),
    ("198.18.9.1", "answered 1 "), ("2001:db8:9::1", "answered 1 "),
    ("198.18.9.129", "answered 1 "),
    ("198.18.9.1:80", "answered 1 "), ("[2001:db8:9::1]:80", "answered 1 "),
    ("198.18.9.1:81", "rejected 3 13 198.18.9.1"), ("[2001:db8:9::1]:81", "rejected 1 1 2001:db8:"),
    ("198.18.9.1:82", "rejected 3 3 198.18.9.1"), ("[2001:db8:9::1]:82", "rejected 1 4 2001:db8:"),
    ("198.18.9.1:83", "silent 2"), ("[2001:db8:9::1]:83", "silent 2"),
    ("198.18.9.1:84", "closed "), ("[2001:db8:9::1]:84", "closed "),
    ("198.18.9.66", "silent 2"), ("2001:db8:9::66", "silent 2"),
    ("198.18.10.1", "not-sent gateway-silent"), ("2001:db8:a::1", "not-sent gateway-silent"),
    ("198.18.0.50", "not-sent neighbour-silent"), ("2001:db8::50", "not-sent neighbour-silent"),
    ("198.18.11.1", "not-sent no-route"), ("2001:db8:b::1", "not-sent no-route"),
    ("198.18.12.1", "not-sent no-route"), ("2001:db8:c::1", "not-sent no-route"),
    ("198.18.13.1", "not-sent no-route"),
    ("203.0.113.1", "not-sent no-route"), ("3fff::1", "not-sent no-route"),
    ("2001:db8:9::bad", "not-sent out-of-scope"), ("192.0.2.1", "not-sent out-of-scope"),
    ("127.0.0.1", "answered 1 "), ("::1", "answered 1 "),
    ("127.0.0.1:80", "answered 1 "), ("[::1]:80", "answered 1 "),
    ("127.0.0.1:84", "closed "), ("[::1]:84", "closed "),
    ("198.18.0.1", "answered 1 "), ("2001:db8::1", "answered 1 "),
    ("198.18.14.9:80", "answered 1 "), ("[2001:db8:d::9]:80", "answered 1 "),
  ]

  @Test(arguments: ["", "--timeout 1200"]) func everyOutcomeIsToldApart(_ options: String) throws {
    var network = TestNetwork()
    network.setUp = Self.setUp
    network.farRules = Self.rules
    let scope =
      "--allow ::/0 --allow 198.18.0.0/15 --allow 203.0.113.0/24 --allow 127.0.0.0/8"
      + " --exclude 2001:db8:9::bad/128"
    let targets = Self.cases.map { "'\($0.0)'" }.joined(separator: " ")
    let result = try network.probe("\(scope) \(options) \(targets)")
    for (target, expected) in Self.cases {
      let outcome = result.outcomes[target] ?? "nothing"
      #expect(outcome.hasPrefix(expected), "\(target): \(outcome)")
    }
    #expect(result.counters["refused"] == 2)
    #expect(result.counters["drops"] == 0)
    if result.outcomes.isEmpty { Issue.record("\(result.output)") }
  }

  /// With `--interface`, only what a route over it leads to; the kernel's guess that anything is on its link is
  /// not taken.
  @Test func interfaceIsKept() throws {
    let result = try TestNetwork().probe(
      "--interface near --allow ::/0 --allow 0.0.0.0/0 198.18.0.2 2001:db8:9::1 192.0.2.1 3fff::1 127.0.0.1")
    #expect(result.outcomes["198.18.0.2"]?.hasPrefix("answered") == true, "\(result.output)")
    #expect(result.outcomes["2001:db8:9::1"]?.hasPrefix("answered") == true)
    #expect(result.outcomes["192.0.2.1"] == "not-sent no-route")
    #expect(result.outcomes["3fff::1"] == "not-sent no-route")
    #expect(result.outcomes["127.0.0.1"] == "not-sent no-route")
  }

  @Test func unknownInterfaceNamesTheKnownOnes() throws {
    let result = try TestNetwork().probe("--interface eth7 --allow ::/0 ::1")
    #expect(result.error == "no interface eth7: this machine has lo, near", "\(result.output)")
  }

  /// A vantage that was given a default route but no prefix has only link-local addresses, which no router
  /// forwards: nothing is sent, and nothing is said about the target.
  @Test func linkLocalAddressAloneIsNoSource() throws {
    var network = TestNetwork()
    network.setUp = """
      ip -6 addr del 2001:db8::1/64 dev near
      for i in $(seq 100); do ip -6 addr show dev near | grep -q tentative || break; sleep 0.1; done
      ip -6 route add default via fe80::1 dev near
      """
    let result = try network.probe("--allow ::/0 2001:db8:9::1")
    #expect(result.outcomes["2001:db8:9::1"] == "not-sent no-source", "\(result.output)")
    #expect(result.counters["sent"] == 0)
  }

  /// A tunnel takes no frames: its packets go through the kernel's stack.
  @Test func tunnelIsProbedToo() throws {
    var network = TestNetwork()
    network.setUp = """
      if ip link add tunnel type sit remote 198.18.0.2 local 198.18.0.1 2>/dev/null; then
        far ip link add tunnel type sit remote 198.18.0.1 local 198.18.0.2
        far ip -6 addr add 2001:db8:e::2/64 dev tunnel nodad; far ip link set tunnel up
        ip -6 addr add 2001:db8:e::1/64 dev tunnel nodad; ip link set tunnel up
      else
        ip tuntap add tunnel mode tun; ip -6 addr add 2001:db8:e::1/64 dev tunnel nodad; ip link set tunnel up
        echo tunnel missing
      fi
      """
    let result = try network.probe("--allow ::/0 2001:db8:e::2 '[2001:db8:e::2]:80'")
    if result.outcomes["tunnel"] == "missing" {
      // Nobody reads the other end: what counts is that the packets were accepted.
      #expect(result.outcomes["2001:db8:e::2"] == "not-sent send-failed" || result.counters["sent"] == 4)
    } else {
      #expect(result.outcomes["2001:db8:e::2"]?.hasPrefix("answered") == true, "\(result.output)")
      #expect(result.outcomes["[2001:db8:e::2]:80"]?.hasPrefix("answered") == true)
    }
  }
}
