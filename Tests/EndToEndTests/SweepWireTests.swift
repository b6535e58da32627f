import Foundation
import Testing

extension EndToEnd {
  @Suite("tshark beside a sweep")
  struct SweepWireTests {
    /// One sweep with each probe that there is, to both families, some of whose targets must not be touched.
    private static let probes = ["icmp", "tcp:4000", "udp:53", "udp:123", "udp:161", "udp:5060", "udp:7777"]

    private static let captured = Task {
      let lab = try await SweepLab.shared.value
      let targets =
        SweepLab.addresses6(0..<64) + SweepLab.addresses4[0..<64] + ["192.0.2.1", "2001:db8:1::1"]
      let ended = try await lab.run(
        Capture.beside(
          "scope",
          """
          printf '%s\\n' \(targets.joined(separator: " ")) >scope.targets
          for probe in \(probes.joined(separator: " ")); do
            v6audit sweep --targets scope.targets --probe $probe \(SweepLab.common) --all --output scope-$probe.csv \
              --exclude 2001:db8:5000:10::/60 --exclude 198.18.200.32/28 --allow 198.18.200.40/32 \
              2>scope-$probe.stderr || exit
          done
          """))
      return (lab, ended)
    }

    /// What is to be touched: read from the options above by eye, not by the program's rules.
    private static let allowed =
      (SweepLab.addresses6(0..<0x10) + SweepLab.addresses6(0x20..<0x40)
      + SweepLab.addresses4[0..<32] + ["198.18.200.40"] + SweepLab.addresses4[48..<64]).addresses

    /// The probes among all frames: ARP, neighbour discovery and the kernel's own RST are not the sweep's.
    private static let ours =
      "(icmp.type == 8 || icmpv6.type == 128 || udp || (tcp.flags.syn == 1 && tcp.flags.ack == 0))"
      + " && !(icmpv6.type >= 133 && icmpv6.type <= 143) && !icmpv6.type == 1 && !icmp.type == 3"

    @Test(
      "Nothing outside --allow minus --exclude gets a packet, and the summary counts it", arguments: probes)
    func scope(probe: String) async throws {
      let (lab, ended) = try await Self.captured.value
      #expect(ended.status == 0, "\(ended.text)")
      let parts = probe.split(separator: ":")
      let filter = parts.count == 1 ? Capture.echoes : "\(parts[0]).dstport == \(parts[1])"
      let asked = try await Capture(lab.room + "/scope.pcapng").asked(where: "\(Self.ours) && (\(filter))")
      #expect(Set(asked) == Self.allowed)
      #expect(asked.count == Self.allowed.count, "each once")
      let swept = try SweptTargets("\(lab.room)/scope-\(probe).csv")
      #expect(swept.rows.count == 130 && swept.repeated.isEmpty)
      #expect(swept.targets("not-sent").count == 130 - Self.allowed.count)
      #expect(swept.targets("not-sent").isDisjoint(with: Self.allowed))
      let summary = try String(contentsOfFile: "\(lab.room)/scope-\(probe).stderr", encoding: .utf8)
      #expect(
        summary.contains("outside the scope and not touched: \(130 - Self.allowed.count)\n"), "\(summary)")
      #expect(summary.contains("not sent \(130 - Self.allowed.count)\n"), "\(summary)")
    }

    @Test("Targets outside the scope that come first do not keep the others from being asked")
    func outsideFirst() async throws {
      let lab = try await SweepLab.shared.value
      let targets = SweepLab.addresses6(0..<40) + SweepLab.addresses4[0..<40]
      let ended = try await lab.run(
        """
        printf '%s\\n' \(targets.joined(separator: " ")) >first.targets
        ip neigh flush dev "$LAB_INTERFACE"
        v6audit sweep --targets first.targets --allow 2001:db8:5000:7::/64 --allow 198.18.200.7/32 --seed 1 --rate 2000 \
          --prefix-rate unlimited --timeout 0.3 --cooldown 0.3 --output first.csv
        """)
      #expect(ended.status == 0, "\(ended.text)")
      let swept = try SweptTargets(lab.room + "/first.csv")
      #expect(swept.targets("answered") == ["2001:db8:5000:7::1", "198.18.200.7"].addresses)
      let reasons = try Table(lab.room + "/first.csv").rows(where: ["outcome": "not-sent"]).map {
        $0.cell("detail")
      }
      #expect(reasons == Array(repeating: "out-of-scope", count: 78))
      #expect(ended.stderr.contains("not sent 78\n"), "\(ended.text)")
    }

    @Test("Nothing but probes leaves, and nothing to anybody else")
    func onlyProbes() async throws {
      let (lab, _) = try await Self.captured.value
      let strays = try await Capture(lab.room + "/scope.pcapng").sent(
        ["frame.number", "frame.protocols", "ip.dst", "ipv6.dst"],
        where:
          "!arp && !(\(Self.ours)) && !(icmpv6.type >= 133 && icmpv6.type <= 143) && !tcp.flags.reset == 1"
          + " && !icmpv6.type == 1 && !icmp.type == 3")
      #expect(strays.isEmpty)
    }

    @Test("Every frame dissects without a warning, and every checksum is good")
    func dissects() async throws {
      let (lab, _) = try await Self.captured.value
      let capture = try Capture(lab.room + "/scope.pcapng")
      let bad = try await capture.sent(
        ["frame.number", "_ws.expert.group", "_ws.expert.message"],
        where: "_ws.malformed || _ws.expert.severity >= 6291456")
      // The group "Sequence" speaks of a conversation: no answer, a reset. All others speak of a frame.
      #expect(bad.allSatisfy { $0["_ws.expert.group"]?.allSatisfy { $0 == "33554432" } == true }, "\(bad)")
      let fields = ["ip", "tcp", "udp", "icmp", "icmpv6"].map { "\($0).checksum.status" }
      let frames = try await capture.sent(["frame.number"] + fields, where: Self.ours)
      #expect(frames.count == Self.probes.count * Self.allowed.count)
      for field in fields {
        let seen = frames.flatMap { $0[field] ?? [] }
        #expect(!seen.isEmpty, "no frame has \(field)")
        #expect(Set(seen) == ["1"], "\(field): 1 is good")
      }
      #expect(frames.allSatisfy { frame in fields.contains { frame[$0]?.isEmpty == false } })
      let services = try await capture.sent(
        ["dns.qry.name", "ntp.flags.mode", "snmp.msgVersion", "sip.Method"], where: "udp && \(Self.ours)")
      for field in ["dns.qry.name", "ntp.flags.mode", "snmp.msgVersion", "sip.Method"] {
        #expect(
          services.filter { $0[field]?.isEmpty == false }.count == Self.allowed.count,
          "\(field) in each packet to its port")
      }
    }

    @Test(
      "Shards are disjoint and together the whole; one seed is one order; --max-targets takes its beginning")
    func order() async throws {
      let lab = try await SweepLab.shared.value
      // The order does not depend on the probe: ports tell the sweeps apart.
      let sweeps = [
        "--seed 7", "--seed 7", "--seed 8", "--seed 7 --shard 1/3", "--seed 7 --shard 2/3",
        "--seed 7 --shard 3/3",
        "--seed 7 --max-targets 40", "", "",
      ]
      let commands = sweeps.enumerated().map { number, options in
        "v6audit sweep 2001:db8:5000::/56 --probe tcp:\(4001 + number) \(SweepLab.common) \(options) >/dev/null || exit"
      }
      let ended = try await lab.run(Capture.beside("order", commands.joined(separator: "\n")))
      #expect(ended.status == 0, "\(ended.text)")
      let frames = try await Capture(lab.room + "/order.pcapng").sent(
        ["ipv6.dst", "tcp.dstport"], where: "tcp.flags.syn == 1 && tcp.flags.ack == 0")
      let orders = sweeps.indices.map { number in
        frames.filter { $0["tcp.dstport"] == ["\(4001 + number)"] }.compactMap { $0["ipv6.dst"]?.first }
      }
      let all = Set(orders[0])
      #expect(all.addresses == SweepLab.addresses6(0..<256).addresses && orders[0].count == 256)
      #expect(orders[1] == orders[0])
      #expect(orders[2] != orders[0] && Set(orders[2]) == all)
      #expect(orders[3...5].map(\.count) == [86, 85, 85])
      #expect(Set(orders[3...5].joined()) == all)
      #expect(orders[6] == Array(orders[0][..<40]))
      #expect(
        orders[7] != orders[8] && Set(orders[7]) == Set(orders[8]), "without a seed each order is another")
      #expect(orders[7] != orders[7].sorted())
    }

    /// When the echo requests of a sweep of 1024 targets left.
    private func departures() async throws -> [Double] {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run(
        Capture.beside(
          "rate",
          """
          v6audit sweep 2001:db8:5000:800::/54 --allow \(SweepLab.prefix6) --rate 200 --prefix-rate unlimited \
            --timeout 0.1 --cooldown 0.1 >/dev/null
          """))
      #expect(ended.status == 0, "\(ended.text)")
      return try await Capture(lab.room + "/rate.pcapng").sent(["frame.time_epoch"], where: Capture.echoes)
        .compactMap { $0["frame.time_epoch"]?.first.flatMap(Double.init) }
    }

    @Test("--rate 200: no second has more packets, and the average is within 1 %")
    func rate() async throws {
      // What a busy machine keeps from leaving in time is not made up for: the average may be met the next time.
      var averages: [Double] = []
      repeat {
        let times = try await departures()
        try #require(times.count == 1024)
        // A busy machine puts a packet on the wire some milliseconds after its time, and the next one in time: what
        // leaves in a second arrives in that much less.
        let fullest = times.indices.map { first in
          times[first...].prefix { $0 < times[first] + 0.98 }.count
        }.max()
        #expect(try #require(fullest) <= 200)
        averages.append(Double(times.count - 1) / (times[times.count - 1] - times[0]))
      } while !(198...200).contains(averages[averages.count - 1]) && averages.count < 3
      #expect((198...200).contains(averages[averages.count - 1]), "\(averages) packets a second")
    }
  }
}
