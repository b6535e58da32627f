import Foundation
import Testing

extension EndToEnd {
  @Suite("A stored run, reported again")
  struct ReportTests {
    @Test("The same bytes are written again", arguments: ["1", "2"])
    func sameBytes(round: String) async throws {
      let round = try await Round.numbered(round)
      let results = try round.results()
      let ended = try await round.lab.run("v6audit report --run \(results.run) --output again")
      #expect(ended.status == 0, "\(ended.text)")
      for name in ResultFiles.names {
        let again = try Data(contentsOf: URL(filePath: "\(round.lab.room)/again/\(name)"))
        #expect(try results.bytes(name) == again, "\(name)")
      }
      let csv = try await round.lab.run("v6audit report --run \(results.run) --format csv")
      #expect(Data(csv.stdout.utf8) == (try results.bytes("compliance.csv")))
    }

    @Test("The files' sums are in the manifest, as sha256sum says")
    func sums() async throws {
      let round = try await Round.first.value
      let sums = try #require(try round.results().manifest["files"] as? [String: String])
      #expect(Set(sums.keys) == Set(ResultFiles.names.filter { $0.hasSuffix(".csv") }))
      for (name, sum) in sums {
        let ended = try await Shell.run(["sha256sum", "\(round.output)/\(name)"], in: round.lab.room)
        #expect(ended.stdout.hasPrefix(sum + " "))
      }
    }

    @Test("JSON holds what the CSV files hold")
    func json() async throws {
      let round = try await Round.first.value
      let results = try round.results()
      let said = try await round.lab.run("v6audit report --run \(results.run) --format json").stdout
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: [[String: String]]])
      #expect(
        Set(document.keys) == ["compliance", "hosts", "checks", "declared", "parallel_views", "policy"])
      #expect(document["policy"]?.first?["sha256"]?.count == 64)
      #expect(document["hosts"] == results.hosts.rows)
      #expect(document["compliance"] == results.compliance.rows)
      #expect(document["checks"]?.count == results.checks.rows.count)
    }

    @Test("JSON lines: each line is an object that names its table")
    func jsonLines() async throws {
      let round = try await Round.first.value
      let results = try round.results()
      let said = try await round.lab.run("v6audit report --run \(results.run) --format jsonl").stdout
      let objects = try said.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
      }
      for (name, table) in [
        ("compliance", results.compliance), ("hosts", results.hosts), ("checks", results.checks),
      ] {
        #expect(objects.filter { $0["table"] == name }.count == table.rows.count, "\(name)")
      }
      let hosts = objects.filter { $0["table"] == "hosts" }.map { row in row.filter { $0.key != "table" } }
      #expect(hosts == results.hosts.rows)
    }

    @Test("Columns, order and counts are those of docs/results.md")
    func layout() async throws {
      let results = try await Round.first.value.results()
      #expect(
        results.compliance.columns.joined(separator: ",")
          == "scope,id,name,outcome,total,exempt,eligible,converted,not_converted,unknown,percent_low,"
          + "percent_high,target_percent,target_met,policy,run,measured_at")
      #expect(
        results.hosts.columns.joined(separator: ",")
          == "agency,system,host,state,converted,secure,failed_checks,unknown_checks,waived_checks,score,"
          + "measured_at")
      #expect(
        results.checks.columns.joined(separator: ",")
          == "host,check,subject,verdict,reason,detail,observed_at,evidence")
      let scopes = results.compliance.rows.map { $0.cell("scope") }
      #expect(
        scopes == ["city"] + Array(repeating: "agency", count: 4) + Array(repeating: "system", count: 6))
      for scope in ["agency", "system"] {
        let ids = results.compliance.rows(where: ["scope": scope]).map { $0.cell("id") }
        #expect(ids == ids.sorted())
      }
      let hosts = results.hosts.rows.map { $0.cell("host") }
      #expect(hosts == hosts.sorted() && hosts.count == 16)
      // The roll-up counts the very hosts that hosts.csv lists.
      for row in results.compliance.rows(where: ["scope": "agency"]) {
        let own = results.hosts.rows(where: ["agency": row.cell("id")])
        #expect(row.cell("total") == "\(own.count)")
        #expect(row.cell("converted") == "\(own.filter { $0.cell("converted") == "yes" }.count)")
        #expect(row.cell("unknown") == "\(own.filter { $0.cell("state") == "unknown" }.count)")
      }
    }

    @Test("Data that stdout does not take is no success")
    func fullDevice() async throws {
      let lab = try await Round.first.value.lab
      for command in [
        "report --format json", "report --format csv", "report --format table", "explain portal",
      ] {
        let ended = try await lab.run("v6audit \(command) >/dev/full")
        #expect(ended.status == 4, "\(command): \(ended.text)")
        #expect(ended.stderr.contains("stdout: cannot be written: No space left on device"), "\(ended.text)")
      }
    }

    @Test("A run that is not there, or no store at all, is said with exit 2")
    func missing() async throws {
      let lab = try await Round.first.value.lab
      for command in [
        "report --run 20200101T000000Z-0000", "report --db nowhere.db", "explain portal --db nowhere.db",
      ] {
        let ended = try await lab.run("v6audit \(command)")
        #expect(ended.status == 2, "\(command): \(ended.text)")
        #expect(ended.stdout.isEmpty)
        #expect(ended.stderr.hasPrefix("v6audit: "))
      }
      #expect(!FileManager.default.fileExists(atPath: lab.room + "/nowhere.db"), "a question makes no store")
    }
  }
}
