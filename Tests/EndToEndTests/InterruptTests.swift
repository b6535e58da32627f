import Foundation
import Testing

extension EndToEnd {
  @Suite("SIGINT during an audit")
  struct InterruptTests {
    /// Starts an audit in the background and sends a signal when packets are under way: it holds the store's
    /// lock and then a packet socket. The dark control alone keeps them under way for seconds.
    private static func interrupted(_ signal: String, twice: Bool = false) -> String {
      """
      set -m
      v6audit audit --inventory '\(Room.small)' --output interrupted "${lab[@]}" &
      pid=$!
      until [ "$(cat v6audit.db.lock)" = $pid ] && grep -q '^[0-9a-f]' /proc/net/packet; do kill -0 $pid || exit 97; sleep 0.02; done
      # The dark control is listened for from the start, and for 5 s; names are asked meanwhile.
      sleep 1
      kill -\(signal) $pid
      \(twice ? "sleep 0.05; kill -\(signal) $pid" : "")
      wait $pid
      """
    }

    @Test("It keeps what was measured, says INCOMPLETE, exits 130 and leaves the old files alone")
    func interrupt() async throws {
      let lab = try await Round.second.value.lab
      let old = try await lab.run("cp -rL out interrupted && cd interrupted && sha256sum *")
      #expect(old.status == 0, "\(old.text)")
      let ended = try await lab.run(Self.interrupted("INT"))
      #expect(ended.status == 130, "\(ended.text)")
      #expect(ended.stdout.contains("INCOMPLETE"))
      #expect(!ended.stdout.contains("IPv6 does not work at this vantage"), "the controls were not asked yet")
      #expect(!ended.stderr.contains("wrote "))
      let new = try await lab.run("cd interrupted && sha256sum *")
      #expect(new.stdout == old.stdout)

      let run = try #require(ended.stdout.firstMatch(of: #/run ([0-9TZ]+-[0-9a-f]{4}) /#)?.output.1)
      let shown = try await lab.run("v6audit report --run \(run) --format table")
      #expect(shown.status == 0, "\(shown.text)")
      #expect(shown.stdout == ended.stdout)
      let written = try await lab.run("v6audit report --run \(run) --output partial")
      #expect(written.status == 0, "\(written.text)")
      let partial = try ResultFiles(lab.room + "/partial")
      #expect(partial.part("run")["state"] as? String == "incomplete")
      #expect(partial.hosts.rows(where: ["converted": "yes"]).isEmpty, "nothing was measured to its end")
      #expect(
        !partial.checks.rows(where: ["check": "dns.aaaa", "verdict": "pass"]).isEmpty, "names were asked")

      let latest = try await lab.run("v6audit report --format csv")
      let results = try ResultFiles(lab.room + "/out")
      #expect(
        Data(latest.stdout.utf8) == (try results.bytes("compliance.csv")), "the latest run is a complete one")
    }

    @Test("SIGTERM does the same with its own exit code")
    func terminate() async throws {
      let ended = try await Round.second.value.lab.run(Self.interrupted("TERM"))
      #expect(ended.status == 143, "\(ended.text)")
      #expect(ended.stdout.contains("INCOMPLETE"))
    }

    @Test("A second SIGINT ends it at once, and the store still opens")
    func twice() async throws {
      let lab = try await Round.second.value.lab
      let ended = try await lab.run(Self.interrupted("INT", twice: true))
      #expect(ended.status == 130, "\(ended.text)")
      let latest = try await lab.run("v6audit report --format csv")
      #expect(latest.status == 0, "\(latest.text)")
    }
  }
}
