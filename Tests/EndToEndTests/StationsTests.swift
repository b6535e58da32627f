import Foundation
import Testing

extension EndToEnd {
  /// 200 stations on four links, each with a kernel's stack of its own; `Tests/Lab/stations` knows who is there, and a capture
  /// that is not ours knows who said anything.
  @Suite("Who is on the links")
  struct StationsTests {
    /// Asks the links as nobody knows them yet; listens while the stations talk, a rogue router begins to advertise and a host
    /// changes its addresses; asks again, for what was heard as well; asks one link for a part of it; reads the captures.
    private static let script = """
      v6audit() { '\(URL(filePath: Room.program).path)' "$@"; }
      now() { date +%s.%N; }
      # One after the other they would take four times as long.
      on_each() {
        for link in link0 link1 link2 link3; do { "$@" $link || echo "$* $link: exit $?"; } & done
        wait
      }
      tables() { for link in link0 link1 link2 link3; do echo $link=$1-$link.csv; done; }
      # All namespaces of a kernel have room for 1,024 IPv6 neighbours together; beyond, stations cannot answer.
      forget() { "$STATIONS" forget; ip -6 neigh flush all; }
      reach=(--allow 2001:db8::/32 --allow 198.18.0.0/15 --allow fe80::/10)
      ask() { v6audit discover --interface $2 --ask --mld "${reach[@]}" --db one.db --format csv >$1-$2.csv; now >$1-$2.end; }
      ask_again() {
        v6audit discover --interface $1 --ask --mld --ask-rate 50 "${reach[@]}" --db $1.db --format csv >again-$1.csv
      }
      listen() {
        v6audit discover --interface $1 --passive 7 --events --db $1.db --format csv >heard-$1 || return
        sed -n '/^mac,/,$p' heard-$1 >heard-$1.csv
      }
      # What stations say when the first of the four has ended, the others hear alone.
      # It listens for two seconds after its last question, and then takes its time to write.
      began=$(now); on_each ask first; asked=$(sort -n first-link?.end | head -1 | awk '{ printf "%.3f", $1 - 2.5 }')
      forget

      on_each listen & listening=$!
      sleep 1.5
      talked=$(now); "$STATIONS" talk; "$STATIONS" rogue; "$STATIONS" move; heard=$(now)
      wait $listening
      forget

      again=$(now); on_each ask_again; answered=$(now)
      forget
      v6audit discover --interface link1 --ask --allow 198.18.1.0/25 --db link1.db --format csv >part.csv
      parted=$(now)
      v6audit discover --patterns 2001:db8:a11a::/64 --allow 2001:db8:a11a::/64 --ask-rate 2000 --db link3.db \
        --format csv >patterns.csv; echo "patterns $?"
      python3 - <<'PROGRAM'
      import csv, json, os
      stations = json.load(open(os.environ["STATIONS_TRUTH"]))["stations"]
      real = [station["real"] for station in stations if station["kind"] == "aliased"]
      found = [row["addresses"] for row in csv.DictReader(open("patterns.csv"))]
      print("beside the aliased prefix:", "the same" if found == real else f"{found}, not {real}")
      PROGRAM
      "$STATIONS" end || exit 3

      for link in link0 link1 link2 link3; do
        v6audit discover --read "$STATIONS_STATE/$link.pcapng" --db all.db --format csv >read-$link.csv
      done
      python3 - <<'PROGRAM'
      import sqlite3
      rows = sqlite3.connect("one.db").execute("SELECT DISTINCT value FROM observed WHERE kind = 'interface'")
      print("links in one store:", len({value.split()[1] for value, in rows}))
      PROGRAM
      "$STATIONS" score --name first --from $began --to $asked $(tables first); echo "first $?"
      "$STATIONS" score --name heard --from $talked --to $heard $(tables heard); echo "heard $?"
      "$STATIONS" score --name again --from $again --to $answered $(tables again); echo "again $?"
      "$STATIONS" score --name read $(tables read); echo "read $?"
      "$STATIONS" pace --most 50 --from $again --to $answered; echo "pace $?"
      "$STATIONS" scope --link link1 --allow 198.18.1.0/25 --from $answered --to $parted; echo "scope $?"
      "$STATIONS" events heard-link?; echo "events $?"
      v6audit inventory diff --db link3.db >/dev/null; echo "beside an aliased prefix $?"
      v6audit inventory diff --db all.db --format csv >diff.csv; echo "diff $?"
      "$STATIONS" folded diff.csv; echo "folded $?"
      """

    /// All of it once; each test looks at a part of what came out.
    private static let ended = Task {
      let room = try Room.empty("stations")
      let program = Room.repository + "/Tests/Lab/stations"
      return try await Shell.run(
        [
          program, "run", "--stations", "200", "--state", room + "/state", "--", "bash", "-c",
          "cd '\(room)'\n" + script,
        ],
        in: room)
    }

    private func expect(_ words: [String]) async throws {
      let ended = try await Self.ended.value
      for word in words {
        #expect(ended.stdout.split(separator: "\n").contains { $0 == word }, "\(word): \(ended.text)")
      }
    }

    @Test("Precision and recall are 0.99 or more, whether the links are asked, listened to or captured")
    func stations() async throws {
      try await expect(["links in one store: 4", "first 0", "heard 0", "again 0", "read 0"])
    }

    @Test("No frame asks outside the scope, and no second has more questions than are allowed")
    func conduct() async throws {
      try await expect(["pace 0", "scope 0"])
      let ended = try await Self.ended.value
      #expect(ended.stderr.contains("4 questions to all nodes were not asked"), "\(ended.text)")
    }

    @Test("Each router that advertises is told, the rogue one with them, and each address that is new")
    func events() async throws {
      try await expect(["events 0"])
      let ended = try await Self.ended.value
      #expect(ended.stdout.contains("link2 rogue: ! router"), "\(ended.text)")
    }

    @Test("A prefix in which every address answers is found, and no hosts are made of it")
    func aliased() async throws {
      try await expect(["patterns 0", "beside the aliased prefix: the same"])
      let ended = try await Self.ended.value
      #expect(ended.stderr.contains("2001:db8:a11a::/96: every address answers"), "\(ended.text)")
    }

    @Test("Each station is in one row of the differences, and no temporary address is proposed")
    func folded() async throws {
      try await expect(["beside an aliased prefix 1", "diff 1", "folded 0"])
    }
  }
}
