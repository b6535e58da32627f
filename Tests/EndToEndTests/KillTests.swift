import Foundation
import SeededRandom
import Testing

/// What `kill-lane.py` saw after one kill.
private struct Seen: Decodable {
  struct Report: Decodable {
    var code: Int32
    var stderr: String
    var lines: Int
  }

  var moment: String
  var number: Int
  /// The exit code of the killed audit: -9, or its own if it was done before.
  var code: Int32
  var integrity: String
  var broken_references: Int?
  /// The state of each run in the store, by id.
  var states: [String: String]
  var hidden: [Report]
  var latest: Report
  var rewritten: Report?
  /// What is in the output directory, and the folder of the run in place; after the last audit only.
  var left: [String]?
  var current: String?
}

extension EndToEnd {
  @Suite("Killed at any moment")
  struct KillTests {
    /// The moments of each lane, from a fixed seed: while the store opens, while packets fly, while the run is
    /// kept, while the files are put in place. Every other lane begins with nothing there.
    private static func moments(_ lane: Int) -> [String] {
      var random = SplitMix64(seed: UInt64(2024 + lane))
      func between(_ low: Double, _ high: Double) -> String {
        String(Double.random(in: low..<high, using: &random))
      }
      let moments = [
        "publish:0", "start:" + between(0, 0.3), "store:0", "start:" + between(0.3, 5),
        "publish:" + between(0, 0.02), "store:" + between(0, 0.03),
      ]
      return lane % 2 == 0 ? moments : moments.shuffled(using: &random)
    }

    @Test("The result files are one run's, the store opens, and only whole runs are seen")
    func kill() async throws {
      let lab = try await Lab.start("kill", inventory: Room.small)
      let lanes = 0..<5
      let ended = try await lab.run(
        lanes.map { lane in
          "/usr/bin/python3 '\(Room.tests)/Support/kill-lane.py' lane-\(lane) "
            + "\(Self.moments(lane).joined(separator: " ")) -- "
            + "v6audit audit --inventory '\(Room.small)' \"${lab[@]}\" >lane-\(lane).json 2>lane-\(lane).stderr &"
        }.joined(separator: "\n") + "\nwait")
      #expect(ended.status == 0, "\(ended.text)")
      var killed: [String: Int] = [:]
      for lane in lanes {
        let text = try String(contentsOfFile: "\(lab.room)/lane-\(lane).json", encoding: .utf8)
        let trouble = try String(contentsOfFile: "\(lab.room)/lane-\(lane).stderr", encoding: .utf8)
        let seen = try text.split(separator: "\n").map {
          try JSONDecoder().decode(Seen.self, from: Data($0.utf8))
        }
        try #require(seen.count == Self.moments(lane).count + 1, "\(trouble)")
        for state in seen {
          let when = state.moment.prefix { $0 != ":" }
          if state.code == -9 { killed[String(when), default: 0] += 1 }
          try await check(state, "\(lab.room)/lane-\(lane)")
        }
        try checkLast(seen[seen.count - 1])
      }
      // Each kind of moment was met: what never hit anything would show nothing. Not each time: the program may be
      // done before it is looked at, and how often depends on the machine.
      for when in ["start", "store", "publish"] {
        #expect(killed[when, default: 0] >= 1, "\(killed)")
      }
      await lab.close()
    }

    private func check(_ seen: Seen, _ lane: String) async throws {
      let what: Comment = "\(lane), kill \(seen.number) at \(seen.moment)"
      if !seen.states.isEmpty || seen.integrity != "no store" {
        #expect(seen.integrity == "ok", what)
        #expect(seen.broken_references == 0, what)
      }
      let complete = seen.states.filter { $0.value == "complete" }
      #expect(seen.latest.code == (complete.isEmpty ? 2 : 0), "\(what): \(seen.latest.stderr)")
      for report in seen.hidden { #expect(report.code == 2 && report.lines == 0, what) }

      let folder = "\(lane)/seen-\(seen.number)"
      let there = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      if there.isEmpty { return }
      #expect(there.sorted() == ResultFiles.names.sorted(), what)
      let results = try ResultFiles(folder)
      #expect(complete[results.run] != nil, what)
      #expect(Set(results.compliance.rows.map { $0.cell("run") }) == [results.run], what)
      let sums = try #require(results.manifest["files"] as? [String: String])
      let list = sums.map { "\($0.value)  \($0.key)\n" }.joined()
      try list.write(toFile: "\(folder)/sums", atomically: true, encoding: .utf8)
      let checked = try await Shell.run(
        ["sh", "-c", "cd '\(folder)' && sha256sum --check --strict sums"], in: folder)
      #expect(checked.status == 0, "\(what): \(checked.text)")
      #expect(Set(sums.keys) == ["compliance.csv", "hosts.csv", "checks.csv"], what)
      #expect(seen.rewritten?.code == 0, "\(what): \(seen.rewritten?.stderr ?? "")")
      for name in ResultFiles.names {
        let again = try Data(contentsOf: URL(filePath: "\(lane)/again-\(seen.number)/\(name)"))
        #expect(try results.bytes(name) == again, "\(what): \(name)")
      }
    }

    /// An audit that was let alone puts everything right.
    private func checkLast(_ seen: Seen) throws {
      #expect(seen.code == 0)
      #expect(seen.states.values.allSatisfy { $0 == "complete" })
      let current = try #require(seen.current)
      #expect(seen.left == ([".current", current] + ResultFiles.names).sorted(), "rubbish was left")
      #expect(current == ".run-" + (seen.states.keys.max() ?? ""))
    }

    /// Every call that changes a directory or a file, one after the other, is the last that the program gets to.
    @Test("Killed at each call that changes a file, it leaves the old files or the new ones")
    func killedAtEachCall() async throws {
      let (old, new) = (try await Round.first.value, try await Round.second.value)
      let killed = try await new.lab.run(
        """
        is() { for name in \(ResultFiles.names.joined(separator: " ")); do cmp -s "killed/$name" "$1/$name" || return; done; }
        old() { v6audit report --db '\(old.lab.room)/v6audit.db' --output killed; }
        new() { v6audit report --output killed; }
        round() {
          kills=0
          for call in write pwrite64 fsync ftruncate mkdir rmdir link symlink unlink rename; do
            for number in $(seq 99); do
              is "$2" || "$1" || exit
              { strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" \
                v6audit report --output killed; } 2>/dev/null
              ended=$?
              is out || is "$2" || { echo "a mixture after $call $number"; exit 1; }
              [ "$ended" -eq 137 ] || break
              kills=$((kills + 1))
            done
            [ "$ended" -eq 0 ] || { echo "$call $number ended with $ended"; exit 1; }
          done
          echo "$kills"
        }
        old || exit
        round old '\(old.output)'
        round new out
        ls -A killed | wc -l
        """)
      #expect(killed.status == 0, "\(killed.text)")
      let lines = killed.stdout.split(separator: "\n").compactMap { Int($0) }
      try #require(lines.count == 3, "\(killed.text)")
      // At least a write and an fsync for each file; a run in place that is written again has its links already.
      #expect(lines[0] >= 3 * ResultFiles.names.count && lines[1] >= 2 * ResultFiles.names.count, "\(lines)")
      #expect(lines[2] == ResultFiles.names.count + 2, "the files, .current and one run: \(killed.text)")
    }

    @Test("Programs that write into one directory at the same time do not disturb each other")
    func atOnce() async throws {
      let round = try await Round.second.value
      let run = try round.results().run
      let ended = try await round.lab.run(
        """
        for writer in 1 2 3 4; do
          { for turn in 1 2 3 4 5; do v6audit report --run \(run) --output shared || echo "$writer" >>failed; done; } &
        done
        wait
        for name in \(ResultFiles.names.joined(separator: " ")); do cmp "shared/$name" "out/$name" || exit; done
        [ ! -e failed ]
        """)
      #expect(ended.status == 0, "\(ended.text)")
      let left = try FileManager.default.contentsOfDirectory(atPath: round.lab.room + "/shared")
      #expect(left.count == ResultFiles.names.count + 2, "the files, .current and one run: \(left)")
    }

    @Test("Links that a killed audit left are cleared by the next")
    func leftLinks() async throws {
      let lab = try await Round.second.value.lab
      try FileManager.default.createDirectory(atPath: lab.room + "/links", withIntermediateDirectories: false)
      for name in [".link-4711-.current", ".link-4711-hosts.csv"] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(lab.room)/links/\(name)", withDestinationPath: ".run-20240101T000000Z-0000")
      }
      let written = try await lab.run("v6audit report --output links")
      #expect(written.status == 0, "\(written.text)")
      let left = try FileManager.default.contentsOfDirectory(atPath: lab.room + "/links")
      #expect(left.filter { $0.hasPrefix(".link-") }.isEmpty)
    }
  }
}
