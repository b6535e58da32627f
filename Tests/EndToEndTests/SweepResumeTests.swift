import Foundation
import Testing

extension EndToEnd {
  @Suite("A sweep that was interrupted goes on")
  struct SweepResumeTests {
    /// Sweeps that are ended at the same time, each with what it asks.
    private struct Way {
      let name: String
      let command: String
      let targets: Set<Address>
    }

    /// One goes straight through, one makes its targets wait for their prefix, one reads them from a file.
    private static let ways = [
      Way(
        name: "straight", command: "2001:db8:5000:400::/54 --prefix-rate unlimited --rate 400",
        targets: SweepLab.addresses6(0x400..<0x800).addresses),
      Way(
        name: "waiting", command: "2001:db8:5000:c00::/54 --prefix-rate 400 --rate 2000",
        targets: SweepLab.addresses6(0xc00..<0x1000).addresses),
      Way(
        name: "listed", command: "--targets listed.targets --prefix-rate 200 --rate 300",
        targets: (SweepLab.addresses6(0x1000..<0x1200) + SweepLab.addresses4).addresses),
    ]

    private static let nobody = Address("::")!

    private static func script(_ test: String, _ steps: (Way) -> String) -> String {
      let listed = SweepLab.addresses6(0x1000..<0x1200) + SweepLab.addresses4
      let jobs = ways.map { way in
        """
        way_\(way.name)() {
          sweep="v6audit sweep \(way.command) --allow \(SweepLab.prefix6) --allow \(SweepLab.prefix4) --timeout 0.3 \
            --cooldown 0.4 --tries 1 --all --output \(test)-\(way.name).csv --state \(test)-\(way.name).state"
          out=\(test)-\(way.name)
          \(steps(way))
        }
        way_\(way.name) 2>\(test)-\(way.name).stderr &
        jobs="$jobs $!"
        """
      }
      return Capture.beside(
        test,
        """
        set -m
        printf '%s\\n' \(listed.joined(separator: " ")) >listed.targets
        lines() { cat $1 2>/dev/null | wc -l; }
        jobs=""
        \(jobs.joined(separator: "\n"))
        bad=0
        for job in $jobs; do wait $job || bad=$?; done
        (exit $bad)
        """)
    }

    private func check(_ way: Way, _ test: String, in lab: Lab) throws {
      let swept = try SweptTargets("\(lab.room)/\(test)-\(way.name).csv")
      #expect(swept.repeated.isEmpty, "\(way.name)")
      #expect(Set(swept.rows.map(\.target)) == way.targets, "\(way.name)")
      let answering = way.targets.filter { SweepLab.number($0) & 2 != 0 }
      #expect(swept.targets("answered") == answering, "\(way.name)")
      #expect(swept.targets("rejected") == way.targets.filter { SweepLab.number($0) & 3 == 1 }, "\(way.name)")
      #expect(swept.targets("silent") == way.targets.filter { SweepLab.number($0) & 3 == 0 }, "\(way.name)")
      #expect(
        !FileManager.default.fileExists(atPath: "\(lab.room)/\(test)-\(way.name).state"),
        "the state is removed when all is done")
    }

    /// How often each target was asked.
    private func counts(_ test: String, in lab: Lab) async throws -> [Address: Int] {
      let asked = try await Capture("\(lab.room)/\(test).pcapng").asked(where: Capture.echoes)
      return asked.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    @Test("After SIGINT, twice, each target was asked exactly once in all and is listed exactly once")
    func interrupted() async throws {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run(
        Self.script("int") { _ in
          """
          for least in 100 400; do
            $sweep & pid=$!
            until [ $(lines $out.csv) -gt $least ]; do kill -0 $pid || return 97; sleep 0.01; done
            kill -INT $pid
            wait $pid
            [ $? = 130 ] || return 96
            [ -s $out.state ] || return 95
            cp $out.csv $out-$least.csv
          done
          $sweep
          """
        })
      #expect(ended.status == 0, "\(ended.text)")
      let counts = try await counts("int", in: lab)
      for way in Self.ways {
        #expect(way.targets.filter { counts[$0] != 1 }.isEmpty, "\(way.name): asked more than once or never")
        try check(way, "int", in: lab)
        let said = try String(contentsOfFile: "\(lab.room)/int-\(way.name).stderr", encoding: .utf8)
        #expect(
          said.split(separator: "\n").filter {
            $0.contains("INCOMPLETE") && $0.contains("repeat the command with --state int-\(way.name).state")
          }.count == 2, "\(said)")
        #expect(said.contains("gone on with"))
        // What was found before stays as it is.
        let last = try String(contentsOfFile: "\(lab.room)/int-\(way.name).csv", encoding: .utf8)
        for least in [100, 400] {
          let before = try String(contentsOfFile: "\(lab.room)/int-\(way.name)-\(least).csv", encoding: .utf8)
          #expect(last.hasPrefix(before), "\(way.name) \(least)")
        }
      }
    }

    @Test("After kill -9, twice, no target is skipped and each is listed exactly once")
    func killed() async throws {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run(
        Self.script("kill") { _ in
          """
          $sweep & pid=$!
          until [ -s $out.state ]; do kill -0 $pid || return 97; sleep 0.01; done
          first=$(stat -c %i $out.state)
          until [ $(stat -c %i $out.state) != $first ]; do kill -0 $pid || return 96; sleep 0.01; done
          sleep 0.2
          kill -KILL $pid
          wait $pid
          cp $out.state $out.state1; cp $out.csv $out-1.csv
          $sweep & pid=$!
          sleep 0.5
          kill -KILL $pid || return 94
          wait $pid
          [ -s $out.state ] || return 93
          $sweep
          """
        })
      #expect(ended.status == 0, "\(ended.text)")
      let counts = try await counts("kill", in: lab)
      for way in Self.ways {
        #expect(way.targets.filter { counts[$0] == nil }.isEmpty, "\(way.name): never asked")
        // Once by each of the three.
        #expect(way.targets.filter { counts[$0, default: 0] > 3 }.isEmpty, "\(way.name): asked too often")
        let kept = try Data(contentsOf: URL(filePath: "\(lab.room)/kill-\(way.name).state1"))
        let state = try #require(try JSONSerialization.jsonObject(with: kept) as? [String: Any])
        let length = try #require(state["outputLength"] as? Int)
        let before = try Data(contentsOf: URL(filePath: "\(lab.room)/kill-\(way.name)-1.csv")).prefix(length)
        let found = try Table(text: String(decoding: before, as: UTF8.self), named: "\(way.name)").rows
        #expect(found.count > 200)
        let again = found.filter { counts[Address($0.cell("target")) ?? Self.nobody] != 1 }
        #expect(again.isEmpty, "\(way.name): what the state held was asked again")
        try check(way, "kill", in: lab)
      }
    }

    @Test("However often it is killed, what can be measured is measured")
    func killedOften() async throws {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run(
        Self.script("often") { _ in
          """
          for turn in $(seq 6); do
            $sweep & pid=$!
            last=$(stat -c %i $out.state 2>/dev/null) changes=0
            while kill -0 $pid 2>/dev/null && [ $changes -lt 2 ]; do
              now=$(stat -c %i $out.state 2>/dev/null)
              [ "$now" = "$last" ] || { last=$now; changes=$((changes + 1)); }
              sleep 0.02
            done
            kill -KILL $pid
            wait $pid
            [ -s $out.state ] || return 0
          done
          $sweep
          """
        })
      #expect(ended.status == 0, "\(ended.text)")
      let counts = try await counts("often", in: lab)
      for way in Self.ways {
        try check(way, "often", in: lab)
        // What left since the last position kept may leave again: of each turn, no more than two seconds and a bit.
        let packets = way.targets.reduce(0) { $0 + counts[$1, default: 0] }
        #expect(packets < 4 * way.targets.count, "\(way.name): \(packets) packets")
      }
    }

    @Test(
      "Another sweep's state, a damaged one and an output that is too short are refused, and nothing is lost")
    func refused() async throws {
      let lab = try await SweepLab.shared.value
      let sweep = """
        v6audit sweep \(SweepLab.prefix4) --allow \(SweepLab.prefix4) --prefix-rate unlimited --timeout 0.1 \
          --cooldown 0.1 --output other.csv --state other.state
        """
      let ended = try await lab.run(
        """
        set -m
        \(sweep) --rate 100 2>/dev/null & pid=$!
        until [ $(cat other.csv 2>/dev/null | wc -l) -gt 20 ]; do kill -0 $pid || exit 97; sleep 0.01; done
        kill -INT $pid; wait $pid
        sha256sum other.csv other.state >sums
        try() { "$@" >&2; [ $? = 2 ] && sha256sum --check --quiet sums || exit 96; }
        try \(sweep) --probe tcp:443
        try \(sweep) --tries 2
        try \(sweep) --seed 1
        cp other.state kept; cut -c 1-200 kept >other.state; sha256sum other.csv other.state >sums
        try \(sweep)
        cp kept other.state; cp other.csv kept.csv; head -3 kept.csv >other.csv; sha256sum other.csv other.state >sums
        try \(sweep)
        cp kept.csv other.csv
        exec \(sweep) --rate 2000 2>/dev/null
        """)
      #expect(ended.status == 0, "\(ended.text)")
      for word in [
        "--probe was icmp, is tcp:443", "--tries was 1, is 2", "--seed was ", "is not the state of a sweep",
        "other.csv: shorter than the",
      ] { #expect(ended.stderr.contains(word), "\(word): \(ended.text)") }
      let swept = try SweptTargets(lab.room + "/other.csv")
      #expect(swept.repeated.isEmpty && swept.targets("answered").count == 128)
    }
  }
}
