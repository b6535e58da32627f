import Foundation
import Testing

extension EndToEnd {
  @Suite("Other people's tools say the same")
  struct OracleTests {
    @Test("dig: every AAAA answer, and why there is none", arguments: ["1", "2"])
    func dig(round: String) async throws {
      let round = try await Round.numbered(round)
      let rows = try round.results().checks.rows(where: ["check": "dns.aaaa"]).filter {
        $0.cell("subject") != ""
      }
      let answers = try await Oracles.aaaa(round.lab)
      #expect(Set(rows.map { $0.cell("subject") }) == Set(answers.keys))
      for row in rows {
        let answer = try #require(answers[row.cell("subject")])
        #expect(row.cell("reason") == answer.reason, "\(row.cell("subject"))")
        if answer.reason == "aaaa-present" {
          #expect(Set(row.list("detail").compactMap(Address.init)) == answer.addresses)
        }
      }
    }

    @Test("nmap: open, closed, rejected and silent ports over IPv6", arguments: ["1", "2"])
    func nmap(round: String) async throws {
      let round = try await Round.numbered(round)
      let rows = try round.results().checks.rows(where: ["check": "reach.tcp"]).filter {
        $0.cell("subject") != ""
      }
      var ports: [String: Set<String>] = [:]
      for row in rows {
        let parts = row.cell("subject").split(separator: "]:")
        try #require(parts.count == 2)
        ports[String(parts[0].dropFirst()), default: []].insert(String(parts[1]))
      }
      #expect(ports.count > 12)
      let scans = ports.map { address, list in
        "nmap -6 -n -Pn -sS --privileged --max-retries 2 --initial-rtt-timeout 300ms --reason -oG - "
          + "-p \(list.sorted().joined(separator: ",")) -oX nmap.\(address.replacing(":", with: "_")) \(address) "
          + ">/dev/null 2>nmap.stderr || exit 98 &"
      }
      let scanned = try await round.lab.run(scans.joined(separator: "\n") + "\nwait")
      #expect(scanned.status == 0, "\(scanned.text)")
      let reasons = [
        "syn-ack": "open", "reset": "closed", "no-response": "silent", "admin-prohibited": "rejected",
      ]
      for (address, list) in ports {
        let report = try String(
          contentsOfFile: "\(round.lab.room)/nmap.\(address.replacing(":", with: "_"))", encoding: .utf8)
        for port in list {
          let pattern = try Regex("portid=\"\(port)\"><state state=\"[a-z|]+\" reason=\"([a-z-]+)\"")
          let reason = try #require(report.firstMatch(of: pattern)?.output[1].substring, "\(report)")
          let row = try #require(rows.first { $0.cell("subject") == "[\(address)]:\(port)" })
          #expect(row.cell("reason") == reasons[String(reason)], "[\(address)]:\(port): nmap says \(reason)")
        }
      }
    }

    @Test("openssl: whether a certificate holds for the name", arguments: ["1", "2"])
    func openssl(round: String) async throws {
      let round = try await Round.numbered(round)
      let rows = try round.results().checks.rows(where: ["check": "service.handshake"]).filter {
        $0.cell("subject").hasPrefix("https:") && Self.codes.keys.contains($0.cell("reason"))
      }
      #expect(rows.count > 5)
      let script = try rows.enumerated().map { index, row in
        let words = row.list("subject")
        let endpoint = try #require(words.first?.split(separator: "/").first?.split(separator: ":").last)
        let name = words.count == 5 ? words[4] : ""
        let named = name.isEmpty ? "-noservername" : "-servername \(name) -verify_hostname \(name)"
        return "openssl s_client -connect '[\(words[2])]:\(endpoint)' \(named) -CAfile \"$LAB_CA\" "
          + "</dev/null >openssl.\(index) 2>&1 &"
      }
      _ = try await round.lab.run(script.joined(separator: "\n") + "\nwait")
      for (index, row) in rows.enumerated() {
        let said = try String(contentsOfFile: "\(round.lab.room)/openssl.\(index)", encoding: .utf8)
        let code = try #require(said.firstMatch(of: /Verify return code: (\d+)/)?.output.1, "\(said)")
        #expect(code == Self.codes[row.cell("reason")] ?? "", "\(row.cell("subject"))")
      }
    }

    /// X509_V_OK, …_CERT_HAS_EXPIRED, …_DEPTH_ZERO_SELF_SIGNED_CERT, …_HOSTNAME_MISMATCH.
    private static let codes = [
      "same-identity": "0", "other-valid-key": "0", "answered-valid": "0", "certificate-expired": "10",
      "certificate-self-signed": "18", "certificate-wrong-name": "62",
    ]

    @Test("ssh-keyscan: whether the host key is the same over both families, and which it is")
    func sshKeyscan() async throws {
      let round = try await Round.first.value
      let rows = try round.results().checks.rows(where: ["check": "service.handshake"]).filter {
        $0.cell("subject").hasPrefix("ssh:")
      }
      #expect(rows.count == 3)
      let hosts = try Table(Room.small + "/hosts.csv")
      for row in rows {
        let addresses = hosts.rows(where: ["host": row.cell("host")])[0].list("addresses")
        let scanned = try await round.lab.run(
          """
          for address in \(addresses.joined(separator: " ")); do
            ssh-keyscan -t ed25519 "$address" 2>/dev/null | cut -d ' ' -f 3 | base64 -d | sha256sum | cut -c 1-16
          done
          """)
        let keys = scanned.stdout.split(separator: "\n").map(String.init)
        try #require(keys.count == 2)
        #expect(row.cell("reason") == (keys[0] == keys[1] ? "same-identity" : "host-key-differs"))
        if keys[0] != keys[1] {
          #expect(row.cell("detail").contains("\(keys[0])… over IPv6"))
          #expect(row.cell("detail").contains("\(keys[1])… over IPv4"))
        }
      }
    }

    @Test(
      "curl: what it cannot fetch over IPv6 fails the handshake, what it can does not", arguments: ["1", "2"])
    func curl(round: String) async throws {
      let round = try await Round.numbered(round)
      let rows = try round.results().checks.rows(where: ["check": "service.handshake"]).filter {
        $0.cell("subject").hasPrefix("http") && $0.list("subject").count == 5
      }
      #expect(rows.count > 8)
      let script = rows.enumerated().map { index, row in
        let words = row.list("subject")
        let parts = words[0].split(whereSeparator: { ":/".contains($0) })
        return "{ curl -s -o /dev/null --max-time 2 --cacert \"$LAB_CA\" "
          + "--connect-to '::[\(words[2])]:\(parts[1])' '\(parts[0])://\(words[4])/'; echo $? >curl.\(index); } &"
      }
      _ = try await round.lab.run(script.joined(separator: "\n") + "\nwait")
      for (index, row) in rows.enumerated() {
        let code = try String(contentsOfFile: "\(round.lab.room)/curl.\(index)", encoding: .utf8)
        #expect(
          (code == "0\n") == (row.cell("verdict") == "pass"), "\(row.cell("subject")): curl exit \(code)")
      }
    }
  }
}
