import Observations
import Readiness
import Testing

@testable import Store

/// Where hosts stand, and what changed, as the store keeps it.
@Suite struct StandingTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch(inMemory: true)
    store = try Store(path: scratch.path)
  }

  @discardableResult
  private func keep(
    _ id: String, as state: RunState = .complete, round: RoundKind = .reach, isRetest: Bool = false,
    vantage: String = "lab", at seconds: Int64 = 1_795_500_000, rows: [CheckRow] = [],
    _ update: StandingUpdate = StandingUpdate()
  ) throws -> Run {
    var run = Run(
      id: id, toolVersion: "0", vantage: vantage, policy: "2026-1", startedAt: Timestamp(seconds: seconds))
    (run.round, run.isRetest) = (round, isRetest)
    let writer = try store.begin(run, inventory: [])
    run.state = state
    try writer.finish(run, rows: rows, manifest: [], update: update)
    return run
  }

  private func standing(
    _ host: String, _ check: CheckID = .reachTCP, verdict: Verdict = .pass,
    subject: String = "[2001:db8::1]:443",
    run: String = "a", holds: Bool? = true, pending: Int = 0
  ) -> Standing {
    Standing(
      host: host, check: check, verdict: verdict, reason: .open, subject: subject,
      observedAt: holds == nil ? nil : Timestamp(seconds: 7), run: run, holds: holds,
      since: holds.map { _ in Timestamp(seconds: 5) }, pendingRounds: pending,
      pendingSince: pending > 0 ? Timestamp(seconds: 6) : nil, overIPv4: pending > 0 ? false : nil)
  }

  private func change(_ host: String, at seconds: Int64, holds: Bool = false) -> Change {
    Change(
      host: host, check: .reachTCP, holds: holds, reason: .open, since: Timestamp(seconds: seconds - 60),
      confirmedAt: Timestamp(seconds: seconds), run: "a")
  }

  @Test func newestWordReplacesTheOlder() throws {
    let first = [
      standing("", .vantageIPv6), standing("mail", .dnsLive, holds: nil, pending: 2),
      standing("web", .dnsLive, subject: "NUL\u{0}inside"), standing("web"),
    ]
    try keep("a", StandingUpdate(standings: first))
    #expect(try store.standings(vantage: "lab") == first)
    let newer = standing("web", verdict: .fail, run: "b", holds: false, pending: 1)
    try keep("b", StandingUpdate(standings: [newer]))
    #expect(try store.standings(vantage: "lab") == first.dropLast() + [newer])
    #expect(try store.standings(vantage: "lab", host: "web") == [first[2], newer])
    #expect(try store.standings(vantage: "lab", host: "no").isEmpty)
  }

  @Test func standingsComeHostByHost() throws {
    let all = [
      standing("", .vantageIPv6), standing("mail", .dnsLive), standing("mail"), standing("web", .dnsLive),
      standing("web"),
    ]
    try keep("a", StandingUpdate(standings: all.shuffled()))
    try keep("b", vantage: "tap", StandingUpdate(standings: [standing("alone")]))
    func hosts(_ vantage: String) throws -> [String: [Standing]] {
      var seen: [String: [Standing]] = [:]
      try store.eachHost(vantage: vantage) { host, standings in
        #expect(seen.updateValue(standings, forKey: host) == nil)
      }
      return seen
    }
    #expect(try hosts("lab") == Dictionary(grouping: try store.standings(vantage: "lab"), by: \.host))
    #expect(try hosts("lab").keys.sorted() == ["", "mail", "web"])
    #expect(try hosts("tap") == ["alone": [standing("alone")]])
    #expect(try hosts("no").isEmpty)
  }

  @Test func hostsThatAreGoneAndOtherVantages() throws {
    try keep("a", StandingUpdate(standings: [standing("mail"), standing("web"), standing("web", .dnsLive)]))
    try keep("b", vantage: "tap", StandingUpdate(standings: [standing("web")]))
    try keep("c", StandingUpdate(standings: [standing("new")], gone: ["web", "never"]))
    #expect(try store.standings(vantage: "lab").map(\.host) == ["mail", "new"])
    #expect(try store.standings(vantage: "tap").map(\.host) == ["web"])
  }

  @Test func changesArePaged() throws {
    try keep(
      "a", StandingUpdate(changes: (1...5).map { change($0 % 2 == 0 ? "web" : "mail", at: Int64($0) * 100) }))
    try keep("b", vantage: "tap", StandingUpdate(changes: [change("web", at: 600, holds: true)]))
    let all = try store.changes()
    #expect(all.map(\.number) == [6, 5, 4, 3, 2, 1])
    #expect(all[0].vantage == "tap" && all[0].change == change("web", at: 600, holds: true))
    #expect(all[1].vantage == "lab" && all[1].change == change("mail", at: 500))
    let page = try store.changes(limit: 2)
    #expect(page.map(\.number) == [6, 5])
    #expect(try store.changes(before: page[1].number, limit: 2).map(\.number) == [4, 3])
    #expect(try store.changes(before: 4, host: "mail").map(\.number) == [3, 1])
    #expect(try store.changes(limit: 0).isEmpty && store.changes(limit: -1).isEmpty)
  }

  @Test func everythingOutlivesTheProgram() throws {
    let scratch = try Scratch()
    let update = StandingUpdate(standings: [standing("web", pending: 2)], changes: [change("web", at: 100)])
    do {
      let store = try Store(path: scratch.path)
      var run = Run(
        id: "a", toolVersion: "0", vantage: "lab", policy: "2026-1", startedAt: Timestamp(seconds: 9))
      (run.round, run.isRetest) = (.exposure, true)
      let writer = try store.begin(run, inventory: [])
      run.state = .complete
      try writer.finish(run, manifest: [], update: update)
    }
    let reader = try Store.openForReading(path: scratch.path)
    #expect(try reader.standings(vantage: "lab") == update.standings)
    #expect(try reader.changes().map(\.change) == update.changes)
    let run = try #require(try reader.run("a"))
    #expect(run.round == .exposure && run.isRetest)
  }

  /// They appear with the run, and what hinders it hinders them.
  @Test func runThatComesToNothingChangesNothing() throws {
    let before = StandingUpdate(standings: [standing("mail"), standing("web")])
    try keep("a", before)
    let after = StandingUpdate(
      standings: [standing("web", verdict: .fail, run: "b", holds: false)], gone: ["mail"],
      changes: [change("web", at: 100)])
    var run = Run(
      id: "b", toolVersion: "0", vantage: "lab", policy: "2026-1", startedAt: Timestamp(seconds: 9))
    let writer = try store.begin(run, inventory: [])
    run.state = .complete
    try store.write {
      try $0.execute(sql: "CREATE TRIGGER hindrance BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, ''); END")
    }
    #expect(throws: StoreError.self) { try writer.finish(run, manifest: [], update: after) }
    #expect(try store.standings(vantage: "lab") == before.standings)
    #expect(try store.changes().isEmpty)
    try store.write { try $0.execute(sql: "DROP TRIGGER hindrance") }
    try writer.abandon()
    #expect(try store.standings(vantage: "lab") == before.standings)
  }

  @Test func incompleteRunsAreNeverTheLatest() throws {
    let full = try keep("a", round: .full)
    try keep("b", as: .incomplete, round: .full)
    #expect(try store.latestRun() == full)
  }

  @Test func roundsOfAClassAndSecondLooksAreNoAudits() throws {
    let full = try keep("a", round: .full)
    let reach = try keep("b", round: .reach)
    let again = try keep("c", round: .full, isRetest: true)
    #expect(try store.latestRun() == full)
    #expect(try store.runs() == [full])
    #expect(try store.runs(everyRound: true) == [again, reach, full])
    #expect(try store.lastRounds() == [full, reach])
    #expect(try store.run("b") == reach && store.run("c") == again)
  }

  @Test func secondLooksAreNoHistory() throws {
    let rows = [
      CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: .pass, reason: .controlsAgree),
      CheckRow(host: "web", check: .reachTCP, subject: "", verdict: .pass, reason: .open),
    ]
    try keep("a", round: .full, at: 1_795_400_000, rows: rows)
    try keep("b", round: .reach, at: 1_795_400_900, rows: rows)
    try keep("c", round: .reach, isRetest: true, at: 1_795_401_000, rows: rows)
    let now = Run(
      id: "now", toolVersion: "0", vantage: "lab", policy: "", startedAt: Timestamp(seconds: 1_795_500_000))
    #expect(try store.history(before: now, days: 7, trafficDays: 30).rounds["web"]?.total == 2)
  }
}
