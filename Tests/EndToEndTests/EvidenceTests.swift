import Foundation
import Testing

/// One audit of the round `evidence`, with what it kept.
private struct EvidenceRound: Sendable {
  let lab: Lab
  let audit: Ended

  static let shared = Task { try await EvidenceRound() }

  static let inventory = "\(Room.tests)/Rounds/evidence/inventory"

  private init() async throws {
    let round = try #require(Conditions.all.first { $0.name == "evidence" })
    lab = try await Lab.start("evidence", inventory: round.inventory, faults: try round.faults())
    audit = try await lab.run(
      Capture.beside("audit", "v6audit audit --inventory '\(Self.inventory)' --output out \"${rubric[@]}\""))
  }

  func results() throws -> ResultFiles { try ResultFiles(lab.room + "/out") }

  var directory: String {
    get throws { "\(lab.room)/v6audit.db.evidence/\(try results().run)" }
  }

  /// The hosts with a verdict that is neither pass nor na.
  func failing() throws -> Set<String> {
    Set(
      try results().checks.rows.filter { !["pass", "na"].contains($0.cell("verdict")) }.map {
        $0.cell("host")
      })
  }

  /// The observations of echoes and SYNs that the store holds, by host.
  func stored() async throws -> [String: [String]] {
    let said = try await lab.run(
      """
      python3 - <<'PY'
      import json, sqlite3
      for host, sequence, fact in sqlite3.connect("file:v6audit.db?mode=ro", uri=True).execute(
          "SELECT host, sequence, fact FROM observation WHERE kind IN ('echo', 'port') ORDER BY sequence"):
        print(host, sequence, json.dumps(json.loads(fact), sort_keys=True))
      PY
      """)
    return said.byHost
  }

  /// The same as `replay` says it of one file.
  func replayed(_ file: String) async throws -> [String: [String]] {
    let said = try await lab.run(
      """
      v6audit replay '\(file)' --format jsonl | python3 -c '
      import json, sys
      for line in sys.stdin:
        one = json.loads(line)
        print(one["host"], one["sequence"], json.dumps(one["fact"], sort_keys=True))'
      """)
    #expect(said.status == 0, "\(said.text)")
    return said.byHost
  }
}

extension Ended {
  fileprivate var byHost: [String: [String]] {
    Dictionary(grouping: stdout.split(separator: "\n").map(String.init)) { line in
      String(line.prefix { $0 != " " })
    }
  }
}

extension EndToEnd {
  @Suite("Evidence and replay")
  struct EvidenceTests {
    @Test("Every host with a verdict that is not pass has its files, and nobody else; the sums hold")
    func files() async throws {
      let round = try await EvidenceRound.shared.value
      #expect(round.audit.status == 0, "\(round.audit.text)")
      let directory = try round.directory
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: directory))
      let failing = try round.failing()
      #expect(failing.count == 8)
      #expect(names == Set(failing.flatMap { ["\($0).pcapng", "\($0).txt"] } + ["SHA256SUMS"]))
      let sums = try await round.lab.run("sha256sum '\(directory)/SHA256SUMS'")
      let part = try round.results().part("evidence")
      #expect(sums.stdout.hasPrefix(part["sums_sha256"] as? String ?? "-"))
      #expect(part["directory"] as? String == directory && part["files"] as? Int == 16)
      #expect(part["cut_hosts"] as? Int == 0)
      #expect(try await round.lab.run("cd '\(directory)' && sha256sum --quiet -c SHA256SUMS").status == 0)
      let base = try FileManager.default.contentsOfDirectory(atPath: round.lab.room + "/v6audit.db.evidence")
      #expect(base == [try round.results().run], "nothing is left beside")
    }

    @Test("The packets alone give the outcomes that the store holds, field by field")
    func replay() async throws {
      let round = try await EvidenceRound.shared.value
      let stored = try await round.stored()
      for host in try round.failing() {
        let replayed = try await round.replayed("\(try round.directory)/\(host).pcapng")
        #expect(replayed == [host: stored[host] ?? []], "\(host)")
      }
      // The outcome is the packets' doing: one try without its answer is neither an answer nor silence.
      let file = "\(try round.directory)/far-closed.pcapng"
      _ = try await round.lab.run(
        "tshark -r '\(file)' -w unanswered.pcapng -Y 'frame.packet_flags_direction == 2'")
      #expect(try await round.replayed("unanswered.pcapng").isEmpty)
    }

    @Test("tshark reads each file without a complaint and finds the probe and the answer it claims")
    func wireshark() async throws {
      let round = try await EvidenceRound.shared.value
      let run = try round.results().run
      let claims: [String: [String]] = [
        "far-closed": [
          "ipv6.dst == 2001:db8:43::82 && tcp.dstport == 443 && tcp.flags == 2",
          "tcp.flags.reset == 1 && ipv6.src == 2001:db8:43::82",
        ],
        "far-refused": [
          "tcp.dstport == 22 && tcp.flags == 2 && !icmpv6", "icmpv6.type == 1 && icmpv6.code == 1",
        ],
        "far-dead": ["ipv6.dst == 2001:db8:43::84 && icmpv6.type == 128"],
        "far-expired": ["tls.handshake.type == 1 && ipv6", "tls.handshake.type == 2 && ipv6"],
        "far-clock": ["ntp && ipv6.dst == 2001:db8:43::7b", "icmpv6.type == 1 && icmpv6.code == 4"],
        "far-key": ["ssh && ipv6.src == 2001:db8:43::86"],
        "far-stalled": ["tls.handshake.type == 1 && ipv6.dst == 2001:db8:43::85"],
        "lan-quiet": ["tcp.dstport == 443 && tcp.flags == 2 && ipv6"],
      ]
      #expect(Set(claims.keys) == (try round.failing()))
      for (host, filters) in claims {
        let file = "\(try round.directory)/\(host).pcapng"
        let strict = try await Shell.run(["capinfos", "-o", file], in: round.lab.room)
        #expect(strict.status == 0 && strict.stdout.contains("True"), "\(strict.text)")
        for filter in filters {
          let said = try await Shell.run(
            ["tshark", "-r", file, "-Y", filter, "-T", "fields", "-e", "frame.comment"], in: round.lab.room)
          let complaints = said.stderr.split(separator: "\n").filter { !$0.contains("could be dangerous") }
          #expect(complaints.isEmpty, "\(said.stderr)")
          #expect(!said.stdout.isEmpty, "\(host): nothing is \(filter)")
          for comment in said.stdout.split(separator: "\n") {
            #expect(comment.hasPrefix("\(host), run \(run)"), "\(comment)")
          }
        }
        let broken = try await Shell.run(
          ["tshark", "-r", file, "-Y", "_ws.malformed", "-T", "fields", "-e", "frame.number"],
          in: round.lab.room)
        #expect(broken.stdout.isEmpty, "\(host): \(broken.stdout)")
      }
      let comments = try await Shell.run(
        [
          "tshark", "-r", "\(try round.directory)/far-closed.pcapng", "-Y", "tcp.flags.reset == 1", "-T",
          "fields",
          "-e", "frame.comment",
        ], in: round.lab.room)
      #expect(comments.stdout.contains("reach.tcp fail closed"), "\(comments.stdout)")
    }

    @Test("What was said stands beside, escaped, and explain names both files")
    func transcript() async throws {
      let round = try await EvidenceRound.shared.value
      let text = try String(contentsOfFile: "\(try round.directory)/far-expired.txt", encoding: .utf8)
      #expect(text.contains("-- https over TCP with [2001:db8:43::81]:443 as expired.trung-tam.example"))
      #expect(
        text.contains("> GET / HTTP/1.1\n")
          ? text.contains("< HTTP/1.1 200 OK\n") : text.contains("> PRI * HTTP/2.0\n"))
      #expect(text.contains("certificate") && text.contains("service.handshake fail certificate-expired"))
      #expect(text.utf8.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) }, "unescaped")
      let said = try await round.lab.run("v6audit explain far-expired")
      for file in ["far-expired.pcapng", "far-expired.txt"] {
        #expect(said.stdout.contains("\(try round.directory)/\(file)"), "\(said.text)")
      }
      #expect(!(try await round.lab.run("v6audit explain far-web")).stdout.contains("pcapng"))
      let report = try await round.lab.run("v6audit report --format csv")
      #expect(!report.stderr.contains("wrote other bytes"), "\(report.stderr)")
    }

    @Test("Killed while it spools, an audit leaves nothing to be seen, and the next one tidies up")
    func kill() async throws {
      let lab = try await EvidenceRound.shared.value.lab
      let audit = "v6audit audit --inventory '\(EvidenceRound.inventory)' --db kill.db \"${rubric[@]}\""
      for moment in ["0.3", "1", "3", "7"] {
        _ = try await lab.run("\(audit) & sleep \(moment); kill -KILL %1; wait")
        // Within the first moment there may be no directory yet.
        let place = lab.room + "/kill.db.evidence"
        if moment == "0.3", !FileManager.default.fileExists(atPath: place) { continue }
        let names = try FileManager.default.contentsOfDirectory(atPath: place)
        #expect(names.allSatisfy { $0.hasPrefix(".") && $0.hasSuffix(".partial") }, "\(moment): \(names)")
        for name in names {
          let inside = try FileManager.default.contentsOfDirectory(
            atPath: "\(lab.room)/kill.db.evidence/\(name)")
          #expect(inside.isEmpty, "\(inside)")
        }
      }
      #expect(try await lab.run(audit).status == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: lab.room + "/kill.db.evidence")
      #expect(names.count == 1 && !names[0].hasPrefix("."), "\(names)")
    }

    @Test("Elsewhere, or not at all")
    func options() async throws {
      let lab = try await EvidenceRound.shared.value.lab
      let audit = "v6audit audit --inventory '\(EvidenceRound.inventory)' far-closed \"${rubric[@]}\""
      let none = try await lab.run("\(audit) --db none.db --no-evidence --output none")
      #expect(none.status == 0 && !FileManager.default.fileExists(atPath: lab.room + "/none.db.evidence"))
      #expect(try ResultFiles(lab.room + "/none").part("evidence").isEmpty)
      #expect(try await lab.run("\(audit) --db none.db --evidence there --output there.out").status == 0)
      let run = try ResultFiles(lab.room + "/there.out").run
      #expect(FileManager.default.fileExists(atPath: "\(lab.room)/there/\(run)/far-closed.pcapng"))
      #expect(try await lab.run("\(audit) --no-evidence --evidence there").status == 2)
      #expect(try await lab.run("\(audit) --db none.db --evidence /proc/nowhere").status == 2)
    }

    @Test("Somebody else's capture: routers and traffic, as tshark counts them, kept for later audits")
    func passive() async throws {
      let round = try await EvidenceRound.shared.value
      let file = "\(round.lab.room)/audit.pcapng"
      let replay = try await round.lab.run(
        "v6audit replay '\(file)' --inventory '\(EvidenceRound.inventory)' --db passive.db --format jsonl")
      #expect(replay.status == 0, "\(replay.text)")
      func count(_ filter: String) async throws -> Int {
        let said = try await Shell.run(
          ["tshark", "-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number"], in: round.lab.room)
        return said.stdout.split(separator: "\n").count
      }
      let facts = try replay.stdout.split(separator: "\n").map { line in
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      }.compactMap { $0["fact"] as? [String: Any] }
      let routers = facts.compactMap { ($0["advertisement"] as? [String: Any])?["_0"] as? [String: Any] }
      #expect(routers.map { $0["mac"] as? String } == ["02:00:00:00:42:01"])
      #expect(routers.first?["count"] as? Int == (try await count("icmpv6.type == 134")))
      // The outermost header alone: there are packets in packets, and quoted ones.
      for (address, field, filter) in [
        ("198.18.43.80", "ip", "eth.type == 0x0800"),
        // Neighbour discovery is no traffic.
        ("2001:db8:42::80", "ipv6", "eth.type == 0x86dd && !(icmpv6.type >= 133 && icmpv6.type <= 137)"),
      ] {
        let seen = facts.compactMap { ($0["traffic"] as? [String: Any])?["_0"] as? [String: Any] }.first {
          $0["address"] as? String == address
        }
        #expect(
          seen?["received"] as? Int
            == (try await count("\(filter) && \(field).dst#1 == \(address)")), "\(address)")
        #expect(
          seen?["sent"] as? Int == (try await count("\(filter) && \(field).src#1 == \(address)")),
          "\(address)")
      }
      let kept = try await round.lab.run(
        "v6audit report --db passive.db; v6audit replay '\(file)' --inventory '\(EvidenceRound.inventory)' "
          + "--ignore 2001:db8:42::ffff:fffe --ignore 198.19.255.2 --format jsonl | grep -c traffic")
      #expect(kept.stderr.contains("no complete run"), "a capture is no audit: \(kept.text)")
      #expect(kept.stdout.hasPrefix("0"), "the vantage's own packets are no traffic: \(kept.text)")
      let wrong = try await round.lab.run("head -c 1000 '\(file)' > cut.pcapng; v6audit replay cut.pcapng")
      #expect(wrong.status == 2 && wrong.stderr.contains("cut.pcapng: at byte "), "\(wrong.text)")
    }
  }
}
