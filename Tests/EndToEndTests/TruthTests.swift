import Foundation
import Testing

extension EndToEnd {
  @Suite("Every planted fault is found, and nothing else")
  struct TruthTests {
    @Test("An audit of a network with faults is done, and says so", arguments: ["1", "2"])
    func done(round: String) async throws {
      let audit = try await Round.numbered(round).audit
      #expect(audit.status == 0, "\(audit.text)")
      #expect(audit.stdout.contains("Agencies converted to IPv6:"))
      #expect(audit.stderr.contains("wrote compliance.csv, hosts.csv, checks.csv, manifest.json"))
    }

    @Test("A host's state, failing and unknown checks are the true ones", arguments: Truth.all)
    func verdicts(truth: Truth) async throws {
      let results = try await Round.numbered(truth.round).results()
      let row = results.host(truth.host)
      #expect(row.cell("state") == truth.state)
      #expect(row.cell("converted") == (truth.state == "operational" ? "yes" : "no"))
      #expect(results.findings(truth.host, "fail") == truth.failing)
      #expect(results.findings(truth.host, "unknown") == truth.unknown)
    }

    @Test("hosts.csv names the checks that checks.csv shows failing and unknown", arguments: Truth.all)
    func tablesAgree(truth: Truth) async throws {
      let results = try await Round.numbered(truth.round).results()
      func checks(_ verdict: String) -> Set<String> {
        Set(results.checks.rows(where: ["host": truth.host, "verdict": verdict]).map { $0.cell("check") })
      }
      let row = results.host(truth.host)
      #expect(row.list("failed_checks") == checks("fail").sorted())
      #expect(row.list("unknown_checks") == checks("unknown").subtracting(checks("fail")).sorted())
    }

    @Test("The controls of the vantage agree", arguments: ["1", "2"])
    func vantage(round: String) async throws {
      let rows = try await Round.numbered(round).results().checks.rows(where: ["check": "vantage.ipv6"])
      #expect(
        rows.map { [$0.cell("host"), $0.cell("verdict"), $0.cell("reason")] } == [
          ["", "pass", "controls-agree"]
        ])
    }

    @Test("What a hostile banner says reaches checks.csv, and can neither steer a terminal nor a spreadsheet")
    func hostileBanner() async throws {
      let round = try await Round.first.value
      let results = try round.results()
      let mail = results.checks.rows(where: ["host": "mail", "check": "service.handshake"])
      #expect(
        mail.contains { $0.cell("detail").contains("\\u{1b}") }, "the banner is not there at all: \(mail)")
      for name in ResultFiles.names {
        let text = String(decoding: try results.bytes(name), as: UTF8.self)
        let steering = text.unicodeScalars.filter { $0 != "\n" && $0.properties.generalCategory == .control }
        #expect(steering.isEmpty, "\(name): \(steering)")
      }
      for table in [results.compliance, results.hosts, results.checks] {
        let formulas = table.rows.flatMap(\.values).filter {
          $0.first.map { "=+-@\t\r".contains($0) } ?? false
        }
        #expect(formulas.isEmpty)
      }
      for text in [try results.bytes("compliance.csv"), try results.bytes("hosts.csv")] {
        #expect(
          !String(decoding: text, as: UTF8.self).contains("cmd|"), "network text belongs in checks.csv alone")
      }
      for command in [
        "explain mail", "report --format json", "report --format jsonl", "report --format table",
      ] {
        let said = try await round.lab.run("v6audit \(command)").stdout
        #expect(!said.isEmpty)
        let escapes = said.unicodeScalars.filter { $0 == "\u{1b}" || $0 == "\u{7}" || $0 == "\r" }
        #expect(escapes.isEmpty, "\(command)")
      }
    }
  }
}
