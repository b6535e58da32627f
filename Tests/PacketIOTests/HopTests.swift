import Testing

/// Paths through real routers: the far end, one behind it that says nothing, and a third that holds the target.
@Suite(.serialized) struct HopTests {
  /// Two more namespaces behind the far end. `router NAME …` runs a command in one.
  private static let chain = """
    unshare -n sleep 120 > /dev/null 2>&1 & MID=$!; TOOLS="$TOOLS $!"
    unshare -n sleep 120 > /dev/null 2>&1 & END=$!; TOOLS="$TOOLS $!"
    for pid in $MID $END; do for i in $(seq 100); do
      [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ] && break; sleep 0.02
    done; done
    mid() { nsenter -t "$MID" -n "$@"; }
    end() { nsenter -t "$END" -n "$@"; }
    for n in far mid end; do
      $n sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 1 > /proc/sys/net/ipv4/ip_forward
        echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
        echo 0 > /proc/sys/net/ipv4/icmp_ratelimit'
      $n ip link set lo up
    done
    far ip link add fm type veth peer name mf netns $MID
    mid ip link add me type veth peer name em netns $END
    far ip -6 addr add 2001:db8:1::1/64 dev fm nodad; far ip addr add 198.18.1.1/24 dev fm
    mid ip -6 addr add 2001:db8:1::2/64 dev mf nodad; mid ip addr add 198.18.1.2/24 dev mf
    mid ip -6 addr add 2001:db8:2::1/64 dev me nodad; mid ip addr add 198.18.2.1/24 dev me
    end ip -6 addr add 2001:db8:2::2/64 dev em nodad; end ip addr add 198.18.2.2/24 dev em
    far ip link set fm up; mid ip link set mf up; mid ip link set me up; end ip link set em up
    sleep 0.3
    end ip -6 addr add 2001:db8:7::7/128 dev lo nodad; end ip addr add 198.18.7.7/32 dev lo
    nsenter -t $END -n \(TestNetwork.tool) --listen 80 > /dev/null 2>&1 & TOOLS="$TOOLS $!"
    for prefix in 2001:db8:7::/48 2001:db8:8::/48 2001:db8:5::/48; do
      ip -6 route add $prefix via 2001:db8::2
      far ip -6 route add $prefix via 2001:db8:1::2
    done
    for prefix in 198.18.7.0/24 198.18.8.0/24 198.18.5.0/24; do
      ip route add $prefix via 198.18.0.2
      far ip route add $prefix via 198.18.1.2
    done
    mid ip -6 route add 2001:db8:7::/48 via 2001:db8:2::2; mid ip route add 198.18.7.0/24 via 198.18.2.2
    mid ip -6 route add 2001:db8:8::/48 via 2001:db8:2::2; mid ip route add 198.18.8.0/24 via 198.18.2.2
    end ip -6 route add default via 2001:db8:2::1; end ip route add default via 198.18.2.1
    mid ip -6 route add default via 2001:db8:1::1; mid ip route add default via 198.18.1.1
    end ip -6 route add prohibit 2001:db8:8::/48; end ip route add prohibit 198.18.8.0/24
    echo 'table inet q { chain o { type filter hook output priority 0;
      icmpv6 type time-exceeded drop; icmp type time-exceeded drop; }; }' | mid nft -f -
    for i in $(seq 100); do end ss -Hltn 'sport = 80' | grep -q . && break; sleep 0.05; done
    """

  /// What the line of each path says. 2001:db8:5::/48 is sent back by the silent router, to the other side of the far
  /// end: a loop.
  static let paths = [
    ("2001:db8:7::7", "reached-3 2001:db8::2 * target"),
    ("198.18.7.7", "reached-3 198.18.0.2 * target"),
    ("[2001:db8:7::7]:80", "reached-3 2001:db8::2 * target"),
    ("198.18.7.7:80", "reached-3 198.18.0.2 * target"),
    ("[2001:db8:7::7]:81", "reached-3 2001:db8::2 * target"),
    ("2001:db8:8::1", "refused-3-1-1 2001:db8::2 * !2001:db8:2::2"),
    ("198.18.8.1", "refused-3-3-13 198.18.0.2 * !198.18.2.2"),
    ("2001:db8:5::1", "looping-3-5 2001:db8::2 * 2001:db8:1::1 * 2001:db8:1::1"),
    ("2001:db8::2", "reached-1 target"),
  ]

  @Test func everyPathIsFound() throws {
    var network = TestNetwork()
    network.setUp = Self.chain
    // Linux sends at most five errors of a prohibited route in a row, whatever its settings.
    let targets = Self.paths.map { "--hops '\($0.0)/6'" }.joined(separator: " ")
    let result = try network.probe("--allow ::/0 --allow 0.0.0.0/0 --rate 300 --timeout 400 \(targets)")
    for (target, expected) in Self.paths {
      #expect(result.outcomes["path:\(target)"] == expected, "\(target)\n\(result.output.prefix(3000))")
    }
    #expect(result.counters["refused"] == 0)
    let times = result.outcomes["times:2001:db8:7::7"].flatMap { Int($0) }
    #expect((1..<400_000).contains(times ?? 0), "\(result.output.prefix(800))")
  }

  /// Hop limits do not get a packet past the guard.
  @Test func outOfScopeIsNotAsked() throws {
    var network = TestNetwork()
    network.records = true
    let result = try network.probe(
      "--allow 2001:db8:9::1/128 --hops 2001:db8:9::2/5 --hops '[2001:db8:9::2]:80/5'")
    #expect(result.counters["refused"] == 10, "\(result.output)")
    #expect(result.outcomes["path:2001:db8:9::2"] == "unmeasured-0 ")
    #expect(try result.dissect("ipv6.dst == 2001:db8:9::2", fields: ["frame.number"]).isEmpty)
  }
}
