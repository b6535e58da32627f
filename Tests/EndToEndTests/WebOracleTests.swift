import Foundation
import Testing

extension EndToEnd {
  @Suite("Other people's tools say the same of web servers, certificates and host keys")
  struct WebOracleTests {
    @Test("curl, openssl and ssh-keyscan, asked in the round of web servers")
    func agree() async throws {
      let round = try #require(Conditions.all.first { $0.name == "web" })
      let lab = try await Lab.start("web-oracles", inventory: round.inventory, faults: try round.faults())
      let ended = try await lab.run(
        """
        v6audit audit --inventory '\(round.inventory)' --output out "${rubric[@]}" || exit 98
        python3 '\(Room.tests)/Support/web-oracle.py' "$V6AUDIT_DB"
        """)
      await lab.close()
      #expect(ended.status == 0, "\(ended.text)")
      let lines = ended.stdout.split(separator: "\n").map(String.init)
      let last = try #require(lines.last)
      let differences = lines.drop { !$0.contains(": observed ") }.dropLast()
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
      var counts: [String: Int] = [:]
      for word in last.split(separator: " ") {
        let parts = word.split(separator: "=")
        if parts.count == 2 { counts[String(parts[0])] = Int(parts[1]) }
      }
      for (tool, least) in [
        ("curl", 45), ("openssl", 20), ("ssh-keyscan", 2), ("keys", 4), ("versions", 15), ("bodies", 10),
      ] {
        #expect(counts[tool, default: 0] >= least, "\(tool): \(last)")
      }
    }
  }
}
