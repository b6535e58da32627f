import Foundation
import Testing

extension EndToEnd {
  @Suite("nmap and tshark on ports and packet sizes")
  struct PacketOracleTests {
    /// The round `packets` with one audit and a capture beside it.
    static let audited = Task { () async throws -> Lab in
      let round = try #require(Conditions.all.first { $0.name == "packets" })
      let lab = try await Lab.start("packet-oracles", inventory: round.inventory, faults: try round.faults())
      let audit = "v6audit audit --inventory '\(round.inventory)' --output out \"${rubric[@]}\""
      let ended = try await lab.run(Capture.beside("audit", audit))
      try #require(ended.status == 0, "\(ended.text)")
      return lab
    }

    private static let hosts = [
      "port-8080": "2001:db8:301::13", "ssh-v6": "2001:db8:301::14", "telnet": "2001:db8:301::16",
      "declared": "2001:db8:301::19", "v6-only-port": "2001:db8:301::1d",
    ]

    @Test("nmap -sS finds the same ports open as the survey")
    func nmap() async throws {
      let lab = try await Self.audited.value
      let found = try await lab.run(
        """
        ports=21-23,25,53,80,110,111,135,139,143,179,389,443,445,3306,3389,5432,5900,6379,8000,8080,8443,9200,27017
        nmap -6 -n -Pn -sS --privileged -oG - -p $ports \(Self.hosts.values.sorted().joined(separator: " ")) 2>/dev/null
        """)
      for (host, address) in Self.hosts {
        let line = found.stdout.split(separator: "\n").first {
          $0.contains("\(address) ") && $0.contains("Ports:")
        }
        let open = try #require(line).matches(of: /(\d+)\/open\/tcp/).compactMap { Int($0.output.1) }
        let explained = try await lab.run("v6audit explain \(host) exposure.ports")
        let survey = try #require(
          explained.stdout.firstMatch(of: /ports of \S+: open ([0-9,-]+)/)?.output.1, "\(explained.text)")
        #expect(open.map(String.init).joined(separator: ",") == String(survey), "\(host)")
      }
    }

    @Test("tshark: a host that was told 1280 sends nothing larger from then on, and one that ignores it does")
    func sizes() async throws {
      let lab = try await Self.audited.value
      let capture = try Capture(lab.room + "/audit.pcapng")
      for (address, isHeeded) in [("2001:db8:300::1", true), ("2001:db8:300::5", false)] {
        let told = try await capture.all(
          ["frame.number", "icmpv6.mtu"], where: "icmpv6.type == 2 && ipv6.dst == \(address)")
        #expect(!told.isEmpty && told.allSatisfy { $0["icmpv6.mtu"] == ["1280"] }, "\(told)")
        let first = try #require(told.first?["frame.number"]?.first.flatMap { Int($0) })
        let sizes = try await capture.all(
          ["frame.number", "ipv6.plen"], where: "ipv6.src == \(address) && tcp.len > 0 && !icmpv6"
        ).compactMap { frame -> (number: Int, size: Int)? in
          guard let number = frame["frame.number"]?.first.flatMap({ Int($0) }),
            let length = frame["ipv6.plen"]?.first.flatMap({ Int($0) })
          else { return nil }
          return (number, length + 40)
        }
        #expect(sizes.contains { $0.number < first && $0.size > 1280 }, "\(address): large before")
        let after = sizes.filter { $0.number > first + 20 && $0.size > 1280 }
        #expect(after.isEmpty == isHeeded, "\(address): \(after)")
      }
    }
  }
}
