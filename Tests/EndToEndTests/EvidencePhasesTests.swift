import Foundation
import Testing

extension EndToEnd {
  @Suite("Evidence of every phase: sizes, ways, ports, tunnels, name servers")
  struct EvidencePhasesTests {
    /// What tshark must find in a host's file, what of it, and what the comments there must say.
    private struct Claim {
      let host: String
      let filter: String
      let says: String
    }

    private static let claims = [
      Claim(
        host: "black-hole",
        filter: "icmpv6.type == 128 && ipv6.dst == 2001:db8:300::3 && ipv6.plen > 1280"
          + " && frame.packet_flags_direction == 2",
        says: "reach.pmtu fail pmtu-black-hole"),
      Claim(
        host: "ignores",
        filter: "icmpv6.type == 2 && icmpv6.mtu == 1280 && ipv6.dst == 2001:db8:300::5"
          + " && frame.packet_flags_direction == 2 && frame.interface_id == 5",
        says: "reach.pmtu fail ptb-ignored, exposure.icmp fail ptb-ignored"),
      Claim(
        host: "ignores",
        filter:
          "tcp.srcport == 80 && ipv6.src == 2001:db8:300::5 && ipv6.plen > 1300 && frame.interface_id == 5",
        says: "reach.pmtu fail ptb-ignored"),
      Claim(
        host: "port-8080",
        filter: "tcp.srcport == 8080 && ipv6.src == 2001:db8:301::13 && tcp.flags == 0x12",
        says: "exposure.ports fail open-on-ipv6-only"),
      Claim(
        host: "port-8080", filter: "tcp.srcport == 8080 && ip.src == 198.18.131.19 && tcp.flags.reset == 1",
        says: "exposure.ports fail open-on-ipv6-only"),
      Claim(
        host: "telnet", filter: "tcp.dstport == 23 && ipv6.dst == 2001:db8:301::16 && tcp.flags == 2",
        says: "exposure.management fail management-reachable"),
      Claim(
        host: "snmp", filter: "udp.srcport == 161 && ipv6.src == 2001:db8:301::18",
        says: "exposure.management fail management-reachable"),
      Claim(
        host: "tunnel-6in4",
        filter: "ip.dst == 198.18.131.30 && ip.proto == 41"
          + " && ipv6.dst == 2001:db8:301::1e",
        says: "exposure.tunnels fail tunnel-answers"),
      // A router that is no host's: matched through what it quotes.
      Claim(
        host: "path-out",
        filter: "icmpv6.type == 3 && ipv6.src == 2001:db8:eeee::1 && frame.packet_flags_direction == 1",
        says: "reach.path fail hop-outside"),
    ]

    private static func fields(_ filter: String, _ file: String) async throws -> [Substring] {
      let said = try await Shell.run(
        ["tshark", "-r", file, "-Y", filter, "-T", "fields", "-e", "frame.comment"], in: "/")
      try #require(said.status == 0, "\(said.text)")
      return said.stdout.split(separator: "\n")
    }

    private static func directory(_ lab: Lab) throws -> String {
      "\(lab.room)/v6audit.db.evidence/\(try ResultFiles(lab.room + "/out").run)"
    }

    @Test("tshark finds the packets that each verdict rests on, and each says so")
    func packets() async throws {
      let lab = try await PacketOracleTests.audited.value
      let directory = try Self.directory(lab)
      for claim in Self.claims {
        let comments = try await Self.fields(claim.filter, "\(directory)/\(claim.host).pcapng")
        #expect(!comments.isEmpty, "\(claim.host): nothing is \(claim.filter)")
        for comment in comments {
          #expect(comment.hasPrefix("\(claim.host), run ") && comment.contains(claim.says), "\(comment)")
        }
        let broken = try await Self.fields("_ws.malformed", "\(directory)/\(claim.host).pcapng")
        #expect(broken.isEmpty, "\(claim.host): \(broken)")
      }
      let declared = try await Self.fields(
        "tcp.port == 80 && frame.comment contains \"exposure\"", "\(directory)/port-8080.pcapng")
      #expect(declared.isEmpty, "a declared port is not what was found")
      let others = try await Self.fields("frame.interface_id >= 4", "\(directory)/icmp-filtered.pcapng")
      #expect(others.isEmpty, "its finding rests on echoes alone")
    }

    @Test("explain names the file and the filter that finds the packets, and what the check decides")
    func explain() async throws {
      let lab = try await PacketOracleTests.audited.value
      let said = try await lab.run("v6audit explain port-8080 exposure.ports")
      #expect(said.stdout.contains("exposure.ports  (decides whether it is secure)"), "\(said.text)")
      #expect(said.stdout.contains("converted, not secure"), "\(said.text)")
      let filter = try #require(
        said.stdout.firstMatch(of: /evidence: port-8080\.pcapng, display filter `(.+?)`/)?.output.1)
      let found = try await Self.fields(String(filter), "\(try Self.directory(lab))/port-8080.pcapng")
      #expect(!found.isEmpty && found.allSatisfy { $0.contains("exposure.ports fail") }, "\(found)")
    }

    @Test("replay gives the echoes and SYNs again and says what it leaves aside")
    func replay() async throws {
      let lab = try await PacketOracleTests.audited.value
      let file = "\(try Self.directory(lab))/port-8080.pcapng"
      let said = try await lab.run("v6audit replay '\(file)' --format jsonl")
      #expect(said.status == 0 && said.stderr.contains("left aside"), "\(said.text)")
      #expect(said.stderr.contains(" of exposure"), "\(said.stderr)")
      for kind in ["echo", "port"] { #expect(said.stdout.contains("{\"\(kind)\":"), "\(said.stdout)") }
    }

    @Test("What a lame name server said stands in the file of the host whose name it should serve")
    func nameServers() async throws {
      let round = try #require(Conditions.all.first { $0.name == "dns" })
      let lab = try await Lab.start("evidence-dns", inventory: round.inventory, faults: try round.faults())
      let audit = try await lab.run(
        "v6audit audit --inventory '\(round.inventory)' tai-chinh --output out \"${rubric[@]}\"")
      await lab.close()
      #expect(audit.status == 0, "\(audit.text)")
      let text = try String(contentsOfFile: "\(try Self.directory(lab))/tai-chinh.txt", encoding: .utf8)
      let health = try #require(
        text.components(separatedBy: "\n\n").first {
          $0.hasPrefix("== name-server so-tai-chinh.example 2001:db8:1000::21")
        }, "\(text)")
      for way in ["SOA, [2001:db8:1000::21]:53 over UDP", "NS, [2001:db8:1000::21]:53 over TCP"] {
        let part = try #require(health.components(separatedBy: "-- ").first { $0.contains(way) }, "\(health)")
        #expect(part.contains("\n> ") && part.contains("\n< "), "\(part)")
      }
      #expect(health.contains("= {\"nameServer\":{") && health.contains("\"lame\""), "\(health)")
    }
  }
}
