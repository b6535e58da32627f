import Foundation
import Testing

/// The round about inventories and policies, measured once: a lab, one audit under the whole rubric, and what stored
/// runs are asked afterwards.
struct PolicyRound: Sendable {
  static let folder = "\(Room.tests)/Rounds/policy"

  static let shared = Task { try await PolicyRound() }

  let lab: Lab
  let audit: Ended

  private init() async throws {
    let faults = try Table(Self.folder + "/lab-faults.csv").rows.map {
      "\($0.cell("host")),\($0.cell("fault"))"
    }
    lab = try await Lab.start("policy", inventory: Self.folder + "/inventory", faults: faults)
    audit = try await lab.run(
      "v6audit audit --inventory '\(Self.folder)/inventory' --output out \"${rubric[@]}\"")
  }

  func results() throws -> ResultFiles { try ResultFiles(lab.room + "/out") }
}

extension EndToEnd {
  @Suite("Policies, stored runs and what they are asked")
  struct PolicyTests {
    @Test("Agencies and systems come out as the truth says, and the expired waiver is named")
    func outcomes() async throws {
      let round = try await PolicyRound.shared.value
      #expect(round.audit.status == 0, "\(round.audit.text)")
      let rows = try round.results().compliance.rows
      for truth in try Table(PolicyRound.folder + "/outcomes.csv").rows {
        let row = rows.first { $0.cell("scope") == truth.cell("scope") && $0.cell("id") == truth.cell("id") }
        #expect(row?.cell("outcome") == truth.cell("outcome"), "\(truth.cell("id")): \(truth.cell("why"))")
      }
      #expect(rows.first?.cell("percent_low") == "40.00")
      #expect(round.audit.stdout.contains("old-waiver all checks, ended 2025-01-01"), "\(round.audit.text)")
      let manifest = try String(contentsOfFile: round.lab.room + "/out/manifest.json", encoding: .utf8)
      #expect(manifest.contains("old-waiver * 2025-01-01"))
    }

    @Test("Re-judged under its own policy nothing changes, to the byte")
    func same() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        """
        v6audit rejudge --policy 2026-1-lab --output same --format csv && diff -r out same
        """)
      #expect(ended.status == 0, "\(ended.text)")
      #expect(ended.stdout == "kind,id,check,subject,before,after,reason_before,reason_after,worse\n")
    }

    @Test("Re-judged under another policy: the figure and each host that changes, with the reason")
    func other() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        """
        cat > strict.yaml <<'YAML'
        policy: strict-lab
        extends: 2026-1-lab
        target-percent: 40
        checks:
          address.scope: gate
          address.iid: gate
          reach.tcp: gate
        YAML
        v6audit rejudge --policy strict.yaml --output strict --format csv
        head -2 strict/compliance.csv | tail -1
        jq -r '.policy | "\\(.id) \\(.sha256)"' strict/manifest.json
        jq -r .policy.sha256 out/manifest.json
        """)
      #expect(ended.status == 0, "\(ended.text)")
      for line in [
        "host,eui,address.iid,2001:db8:a1:0:211:22ff:fe33:4455,operational,none,,iid-eui64,yes",
        "host,old-waiver,dns.aaaa,old-waiver.xa-ba.example,reachable,operational,dns-nodata,,no",
        "agency,xa-ba,,,not_converted,converted,,,no",
        "city,city,city,,5,0,5,3,2,0,60.00,60.00,40.0,yes,strict-lab",
      ] { #expect(ended.stdout.contains(line), "\(line)\n\(ended.text)") }
      let hashes = ended.stdout.split(separator: "\n").suffix(2)
      #expect(
        hashes.first?.hasPrefix("strict-lab ") == true && hashes.first?.hasSuffix(hashes.last ?? "") == false)
      #expect(try Data(contentsOf: URL(filePath: round.lab.room + "/out/hosts.csv")).isEmpty == false)
    }

    @Test("A policy file is told with every mistake and its place, and nothing is measured or judged")
    func broken() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        """
        cat > broken.yaml <<'YAML'
        policy: mine
        extends: 2026-1-lab
        target-percent: 98.85
        checks:
          reach.tpc: gate
          reach.tcp: gates
        treshholds: {}
        YAML
        v6audit rejudge --policy broken.yaml
        """)
      #expect(ended.status == 2 && ended.stdout.isEmpty, "\(ended.text)")
      for text in [
        "broken.yaml: 4 problems", "broken.yaml:3:17: target-percent \"98.85\": it has more than one decimal",
        "broken.yaml:5:3: checks: reach.tpc: there is no such check; did you mean reach.tcp?",
        "broken.yaml:6:14: checks: reach.tcp \"gates\"", "broken.yaml:7:1: treshholds: there is no such key",
      ] { #expect(ended.stderr.contains(text), "\(text)\n\(ended.text)") }
      let missing = try await round.lab.run("v6audit rejudge --policy nowhere.yaml")
      #expect(missing.status == 2 && missing.stderr.contains("nowhere.yaml"), "\(missing.text)")
    }

    @Test(
      "The worklist: the fewest fixes, the shared system once, hosts, reasons and remedies in both languages")
    func worklist() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        "v6audit report --worklist --format csv | cut -d, -f1,2,4-9 | sort -u")
      let said = Set(ended.stdout.split(separator: "\n").map(String.init))
      #expect(
        said == [
          "step,agency,outcome,also_converts,host,check,subject,reason",
          "1,xa-ba,not_converted,,old-waiver,dns.aaaa,old-waiver.xa-ba.example,dns-nodata",
          "2,so-mot,not_converted,trung-tam,app,reach.tcp,[2001:db8:a9::80]:443,silent",
          "2,so-mot,not_converted,trung-tam,app,dns.live,https:443/tcp at 2001:db8:a9::80,silent",
          "2,so-mot,not_converted,trung-tam,app,service.ports,https:443/tcp,silent",
          "2,so-mot,not_converted,trung-tam,app,service.content,"
            + "https:443/tcp at 2001:db8:a9::80 as app.trung-tam.example,silent",
          "2,so-mot,not_converted,trung-tam,app,service.handshake,"
            + "https:443/tcp at 2001:db8:a9::80 as app.trung-tam.example,silent",
        ], "\(ended.text)")
      let text = try await round.lab.run("v6audit report --worklist --format table --lang vi")
      #expect(text.stdout.contains("3 more of 5 agencies must be converted for 98.8 %"), "\(text.text)")
      #expect(text.stdout.contains("dig") && text.stdout.contains("tăng số serial"), "\(text.text)")
    }

    @Test("What is declared stands beside what was measured; others' ways of counting stand apart")
    func beside() async throws {
      let round = try await PolicyRound.shared.value
      let declared = try await round.lab.run("v6audit report --declared --format csv")
      for line in [
        "so-mot,Sở Một mẫu,98.80,100.00,100.00,yes,not_converted",
        "so-hai,Sở Hai mẫu,90.50,75.00,75.00,no,converted",
        "xa-ba,Xã Ba mẫu,50.00,50.00,50.00,yes,not_converted",
      ] { #expect(declared.stdout.contains(line), "\(line)\n\(declared.text)") }
      #expect(!declared.stdout.contains("xa-bon"))
      let views = try await round.lab.run(
        "v6audit report --views --format csv | cut -d, -f1,4-7 | tr -d '\"'; true")
      for id in ["internet.nl-web", "nist-dns", "nist-mail", "nist-web", "omb-ipv6-only", "vnnic-portals"] {
        #expect(views.stdout.contains(id), "\(views.text)")
      }
      let table = try await round.lab.run(
        "v6audit report --views --format jsonl | jq -r '.view + \" \" + .met'")
      #expect(
        table.stdout.contains("nist-dns 2\n") && table.stdout.contains("omb-ipv6-only 1\n"), "\(table.text)")
      let both = try await round.lab.run("v6audit report --views --declared")
      #expect(both.status == 2 && both.stderr.contains("exclude each other"), "\(both.text)")
    }

    @Test(
      "A run under a policy file is reported again from the store, though the file is gone; and what changed since"
    )
    func ownPolicyAndDiff() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        """
        printf 'policy: short-lab\\nextends: 2026-1-lab\\ntarget-percent: 50\\n' > short.yaml
        cp "$V6AUDIT_DB" own.db
        v6audit audit --inventory '\(PolicyRound.folder)/inventory' --db own.db --output own "${where[@]}" \
          --policy short.yaml eui xa-bon >own.txt
        rm short.yaml
        v6audit report --db own.db --output again && diff -r own again && echo identical
        first=$(jq -r .run.id out/manifest.json)
        v6audit diff --db own.db --since "$first" --format csv
        v6audit diff --db own.db --since "$first" --format json | jq -r '.before.policy + " " + .after.policy'
        v6audit diff --db own.db --since "$first" --fail-on worse >/dev/null; echo "worse $?"
        v6audit diff --db own.db --since "$first" --until "$first" --fail-on change; echo "same $?"
        v6audit diff --db own.db --since 2099-01-01 --format csv >/dev/null; echo "later $?"
        v6audit diff --db own.db --since 2001-01-01; echo "earlier $?"
        v6audit diff --db own.db --since 20010101T000000Z-0000; echo "none $?"
        """)
      for text in [
        "identical\n", "host,web-1,", ",operational,unknown,,not-measured,yes", "2026-1-lab short-lab\n",
        "worse 1\n",
        "same 0\n", "later 0\n", "earlier 2\n", "none 2\n",
      ] { #expect(ended.stdout.contains(text), "\(text)\n\(ended.text)") }
      #expect(ended.stderr.contains("no complete run began before this day"), "\(ended.text)")
    }

    @Test("Stability comes from the stored rounds: 7 days of them, as of the run, and again when reported")
    func stability() async throws {
      let round = try await PolicyRound.shared.value
      let ended = try await round.lab.run(
        """
        audit() {
          v6audit audit --inventory '\(PolicyRound.folder)/inventory' --db rounds.db --output "$1" "${rubric[@]}" \
            app lone xa-ba >/dev/null || echo "audit $1 $?"
        }
        said() { grep -E '^(app|lone|web-1),reach.stability' "$1/checks.csv" | cut -d, -f1,4-6; }
        audit one; audit two; audit three
        python3 - <<'PYTHON'
        import sqlite3
        store = sqlite3.connect("rounds.db")
        (rule,) = store.execute("SELECT sql FROM sqlite_master WHERE name = 'run_ended_is_final'").fetchone()
        store.execute("DROP TRIGGER run_ended_is_final")
        for number, days in ((1, 8), (2, 1), (3, 0.5)):
            span = int(days * 86_400_000_000)
            store.execute("UPDATE run SET started_at = started_at - ?, finished_at = finished_at - ? WHERE number = ?",
                          (span, span, number))
        store.execute(rule)
        store.commit()
        PYTHON
        echo first; said one
        audit four; echo fourth; said four
        v6audit report --db rounds.db --output again && diff -r four again && echo identical
        v6audit rejudge --db rounds.db --policy 2026-1 --format csv >/dev/null; echo "rejudged $?"
        """)
      #expect(
        ended.stdout == """
          first
          app,na,history-too-short,fewer than 7 days of rounds
          lone,na,history-too-short,fewer than 7 days of rounds
          web-1,na,history-too-short,fewer than 7 days of rounds
          fourth
          app,fail,unstable,0 of 2 rounds in 7 days
          lone,pass,stable,2 of 2 rounds in 7 days
          web-1,na,history-too-short,fewer than 7 days of rounds
          identical
          rejudged 0

          """, "\(ended.text)")
    }
  }
}
