import Foundation
import Testing

extension EndToEnd {
  @Suite("dig says what our questions to the name servers said")
  struct NameServerTests {
    /// One question that the audit put to one server, and what it took the answer for.
    private struct Question {
      let server: String
      let name: String
      let type: String
      let overTCP: Bool
      let outcome: String
      let addresses: Set<Address>
    }

    @Test("Every name, server, type and transport of the round `dns`")
    func dig() async throws {
      let round = try #require(Conditions.all.first { $0.name == "dns" })
      let lab = try await Lab.start("dig-dns", inventory: round.inventory, faults: try round.faults())
      let audit = try await lab.run(
        "v6audit audit --inventory '\(round.inventory)' \"${rubric[@]}\" >/dev/null")
      #expect(audit.status == 0, "\(audit.text)")
      let questions = try await Self.questions(lab)
      #expect(questions.count > 250)
      #expect(Set(questions.map(\.outcome)).count > 7, "the round has most kinds of outcome")
      let script = questions.enumerated().map { index, question in
        let way = question.overTCP ? "+tcp" : ""
        return
          "dig +norecurse +time=2 +tries=1 +noidnout \(way) @\(question.server) '\(question.name)' \(question.type) "
          + ">dig.\(index) 2>&1 &"
      }
      let groups = script.enumerated().map { $1 + ($0 % 50 == 49 ? " wait" : "") }
      _ = try await lab.run(groups.joined(separator: "\n") + "\nwait")
      // dig asks 50 at once, which can be too much for two cores: where it waited in vain for what the audit got, it asks
      // again, alone. The audit's own silences it has to confirm at the first time.
      for (index, question) in questions.enumerated() where question.outcome != "timeout" {
        let said = try String(contentsOfFile: "\(lab.room)/dig.\(index)", encoding: .utf8)
        guard Self.reading(said, question).0 == "timeout" else { continue }
        _ = try await lab.run(script[index].replacing(" &", with: "; wait"))
      }
      for (index, question) in questions.enumerated() {
        let said = try String(contentsOfFile: "\(lab.room)/dig.\(index)", encoding: .utf8)
        let (outcome, addresses) = Self.reading(said, question)
        let what =
          "\(question.name) \(question.type) at \(question.server)\(question.overTCP ? " over TCP" : "")"
        #expect(question.outcome == outcome, "\(what): \(said)")
        if outcome == "answer" { #expect(question.addresses == addresses, "\(what)") }
      }
      await lab.close()
    }

    /// What the store holds, read by other people's code.
    private static func questions(_ lab: Lab) async throws -> [Question] {
      let read = try await lab.run(
        """
        python3 -c "
        import os, sqlite3
        for (fact,) in sqlite3.connect(os.environ['V6AUDIT_DB']).execute(
            \\"SELECT fact FROM observation WHERE kind IN ('authority', 'name-server') ORDER BY sequence\\"):
          print(fact)"
        """)
      #expect(read.status == 0, "\(read.text)")
      return try read.stdout.split(separator: "\n").flatMap { line -> [Question] in
        let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: [String: Any]] ?? [:]
        if let seen = fact["nameServer"] {
          return ["udp", "tcp"].map { way in
            question(
              seen["server"] as? String ?? "", seen["zone"] as? String ?? "", way == "udp" ? "SOA" : "NS",
              way == "tcp", seen[way])
          }
        }
        guard let asked = fact["authority"], let outcome = asked["outcome"] as? [String: Any],
          let groups = (outcome["asked"] as? [String: Any])?["_0"] as? [[String: Any]]
        else { return [] }
        return groups.flatMap { group in
          (group["servers"] as? [String] ?? []).map { server in
            question(
              server, asked["name"] as? String ?? "", asked["type"] as? String ?? "", false, group["reply"])
          }
        }
      }.filter { $0.outcome != "notAsked" }
    }

    private static func question(
      _ server: String, _ name: String, _ type: String, _ overTCP: Bool, _ reply: Any?
    ) -> Question {
      let reply = reply as? [String: [String: Any]] ?? [:]
      let addresses = reply["answer"]?["_0"] as? [String] ?? []
      return Question(
        server: server, name: name, type: type, overTCP: overTCP, outcome: reply.keys.first ?? "",
        addresses: Set(addresses.compactMap(Address.init)))
    }

    /// The same outcome in our words, as dig tells it.
    private static func reading(_ text: String, _ question: Question) -> (String, Set<Address>) {
      let lines = text.split(separator: "\n").map(String.init)
      func word(after label: String) -> String? {
        lines.first { $0.contains(label) }?.components(separatedBy: label).last?
          .split(whereSeparator: { ",;".contains($0) }).first.map(String.init)
      }
      // A message that dig cannot read at all it shows as bytes.
      let isMalformed = [
        "reports malformed", "parse of answer failed", "bad packet", "extra bytes at end", " bytes\n",
      ]
      .contains { text.contains($0) }
      if isMalformed { return ("malformed", []) }
      if text.contains("connection refused") { return ("unreachable", []) }
      guard let status = word(after: "status: "), let flags = word(after: ";; flags: ") else {
        return (text.contains("timed out") ? "timeout" : text, [])
      }
      let records = lines.filter { !$0.hasPrefix(";") }.map {
        $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      }
      let answers = records.filter {
        $0.count > 4 && $0[3] == question.type && $0[0].lowercased() == question.name.lowercased() + "."
      }
      let addresses = Set(answers.compactMap { Address($0[4]) })
      switch status {
      case "SERVFAIL": return ("servFail", [])
      case "REFUSED": return ("refused", [])
      case _ where !flags.split(separator: " ").contains("aa"): return ("lame", [])
      case "NXDOMAIN": return ("nxDomain", [])
      case "NOERROR": return (answers.isEmpty ? "noData" : "answer", addresses)
      default: return ("failed", [])
      }
    }
  }
}
