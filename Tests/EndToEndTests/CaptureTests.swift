import Foundation
import Testing

extension EndToEnd {
  @Suite("tshark beside an audit")
  struct CaptureTests {
    /// Neighbour discovery and group membership: what any kernel says on its own link (RFC 4861, RFC 3810).
    private static let linkLocalTypes: Set<String> = ["133", "135", "136", "143"]

    @Test("The capture is whole and saw the audit", arguments: ["1", "2"])
    func whole(round: String) async throws {
      let round = try await Round.numbered(round)
      let log = try String(contentsOfFile: round.lab.room + "/audit.dumpcap", encoding: .utf8)
      #expect(log.contains("received/dropped on interface 'city0'"), "\(log)")
      #expect(log.contains("/0 (pcap:0/dumpcap:0/flushed:0"), "the capture dropped frames: \(log)")
      let frames = try await Capture(round.capture).sent(
        ["frame.number"], where: "icmp || icmpv6 || tcp.flags.syn == 1")
      let counters = try round.results().part("counts")
      let packets = try #require(counters["packets_sent"] as? Int)
      #expect(frames.count >= packets && packets > 100, "\(frames.count) frames, \(packets) packets counted")
    }

    @Test("Every declared address was asked by echo, every declared TCP port by SYN", arguments: ["1", "2"])
    func everythingAsked(round: String) async throws {
      let capture = try Capture(try await Round.numbered(round).capture)
      let echoes = try await capture.sent(
        ["ip.dst", "ipv6.dst"], where: "icmp.type == 8 || icmpv6.type == 128")
      let asked = Set(
        echoes.flatMap { $0["ip.dst", default: []] + $0["ipv6.dst", default: []] }.compactMap(Address.init))
      let syns = try await capture.sent(
        ["ip.dst", "ipv6.dst", "tcp.dstport"], where: "tcp.flags.syn == 1 && tcp.flags.ack == 0")
      let knocked = Set(
        syns.map {
          ($0["ip.dst", default: []] + $0["ipv6.dst", default: []] + $0["tcp.dstport", default: []])
            .joined(separator: " ")
        })
      for target in try DeclaredTarget.all(Room.small) {
        #expect(asked.contains(target.address), "no echo to \(target)")
        if let port = target.tcpPort {
          #expect(knocked.contains("\(target.text) \(port)"), "no SYN to \(target)")
        }
      }
    }

    @Test("No packet left the scope", arguments: ["1", "2"])
    func scope(round: String) async throws {
      let round = try await Round.numbered(round)
      let allowed = try AllowedNetworks(inventory: Room.small)
      let published = try await Oracles.published(round.lab)
      let known = Set(try DeclaredTarget.all(Room.small).map(\.address)).union(published)
      let environment = try await round.lab.run(
        #"printf '%s\n' "$LAB_RESOLVER" "$LAB_RESOLVER4" "$LAB_CONTROL" "$LAB_DARK" | sed 's/^\[//; s/\]:.*//; s/\(\..*\):.*/\1/'"#
      )
      let own = Set(environment.stdout.split(separator: "\n").compactMap { Address(String($0)) })
      try #require(own.count == 4)
      let frames = try await Capture(round.capture).sent(
        ["frame.number", "frame.protocols", "arp.opcode", "ip.dst", "ipv6.dst", "icmpv6.type"])
      #expect(!frames.isEmpty)
      var strays: [Capture.Frame] = []
      for frame in frames {
        if frame["arp.opcode"]?.isEmpty == false { continue }
        if let type = frame["icmpv6.type"]?.first, Self.linkLocalTypes.contains(type) { continue }
        // The first address is the packet's own; a quoted packet's come after it.
        let text = frame["ipv6.dst"]?.first ?? frame["ip.dst"]?.first ?? ""
        guard let address = Address(text) else {
          strays.append(frame)
          continue
        }
        let isTarget = known.contains(address) && allowed.allows(address)
        if !isTarget && !own.contains(address) { strays.append(frame) }
      }
      #expect(strays.isEmpty)
    }

    @Test("Every frame dissects without a warning", arguments: ["1", "2"])
    func dissects(round: String) async throws {
      let frames = try await Capture(try await Round.numbered(round).capture).sent(
        ["frame.number", "_ws.expert.group", "_ws.expert.severity", "_ws.expert.message"],
        where: "_ws.malformed || _ws.expert.severity >= 6291456")
      // The group "Sequence" and the word of a repeated query speak of a conversation: that it was reset, which is
      // wanted, and that a question was asked again. All others speak of a frame.
      let sequence = "33554432"
      let bad = frames.filter { frame in
        let groups = frame["_ws.expert.group"] ?? []
        let isRepeatedQuery = (frame["_ws.expert.message"] ?? []).contains {
          $0.hasPrefix("DNS query retransmission")
        }
        return groups.isEmpty
          || !(groups.allSatisfy { $0 == sequence } || isRepeatedQuery && groups.count == 1)
      }
      #expect(bad.isEmpty)
    }

    @Test("Every checksum is good", arguments: ["1", "2"])
    func checksums(round: String) async throws {
      let fields = ["ip", "tcp", "udp", "icmp", "icmpv6"].map { "\($0).checksum.status" }
      let frames = try await Capture(try await Round.numbered(round).capture).sent(
        ["frame.number"] + fields, where: "ip || ipv6")
      #expect(!frames.isEmpty)
      for field in fields {
        let seen = frames.flatMap { $0[field] ?? [] }
        #expect(!seen.isEmpty, "no frame has \(field)")
        #expect(Set(seen) == ["1"], "\(field): 1 is good")
      }
      #expect(frames.allSatisfy { frame in fields.contains { frame[$0]?.isEmpty == false } })
    }

    @Test("A host that a prefix excludes gets nothing at all, and is unknown")
    func excluded() async throws {
      let lab = try await Round.first.value.lab
      let inventory = lab.room + "/excluding"
      try Room.copy(
        Room.small, to: inventory,
        adding: ["2001:db8:100::22/128,van-phong,dc1,exclude,", "198.18.100.22/32,van-phong,dc1,exclude,"],
        to: "prefixes.csv")
      let audit = try await lab.run(
        Capture.beside(
          "excluded",
          "v6audit audit gateway clock --inventory excluding --output excluding-out --db excluding.db \"${lab[@]}\""
        ))
      #expect(audit.status == 0, "\(audit.text)")
      let capture = try Capture(lab.room + "/excluded.pcapng")
      let toHost = try await capture.sent(
        ["frame.number"], where: "ipv6.dst == 2001:db8:100::22 || ip.dst == 198.18.100.22")
      #expect(toHost.isEmpty)
      let toOther = try await capture.sent(["frame.number"], where: "ipv6.dst == 2001:db8:200::123")
      #expect(!toOther.isEmpty, "the capture must have seen the host that is not excluded")

      let results = try ResultFiles(lab.room + "/excluding-out")
      #expect(results.host("gateway").cell("state") == "unknown")
      #expect(results.findings("gateway", "fail").isEmpty)
      #expect(
        results.findings("gateway", "unknown") == [
          "reach.echo=out-of-scope", "reach.tcp=out-of-scope", "dns.live=out-of-scope",
          "service.ports=out-of-scope", "service.handshake=out-of-scope",
        ])
      #expect(
        results.checks.rows(where: ["host": "gateway", "check": "dns.aaaa", "verdict": "pass"]).count == 1)
      #expect(try #require(results.part("counts")["refused_by_scope"] as? Int) > 0)
    }
  }
}
