import Foundation
import GRDB
import Observations
import Readiness
import SeededRandom
import Testing

@testable import Store

/// What is let go when, and what it leaves.
@Suite struct TidyTests {
  let scratch: Scratch
  let store: Store
  static let now = Timestamp(seconds: 1_795_500_000)

  init() throws {
    scratch = try Scratch(inMemory: true)
    store = try Store(path: scratch.path)
  }

  @discardableResult
  private func keep(
    _ id: String, hoursAgo: Int64, as state: RunState = .complete, round: RoundKind = .full,
    isRetest: Bool = false, kind: RunKind = .audit, vantage: String = "lab", rows: [CheckRow]? = nil,
    _ update: StandingUpdate = StandingUpdate()
  ) throws -> Run {
    try TidyRounds.keep(
      in: store, id, at: Timestamp(microseconds: Self.now.microseconds - hoursAgo * 3_600_000_000), state,
      round,
      isRetest: isRetest, kind: kind, vantage: vantage, rows: rows ?? TidyRounds.rows(["web": [.pass]]),
      update)
  }

  private func count(_ table: String) throws -> Int {
    try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
  }

  private func ids() throws -> Set<String> {
    try Set(store.read { try String.fetchAll($0, sql: "SELECT id FROM run") })
  }

  @Test func eachKindHasItsAge() throws {
    for (id, hours) in [("f1", 200), ("f2", 100), ("f3", 50), ("f4", 30), ("f5", 10)] {
      try keep(id, hoursAgo: Int64(hours))
    }
    for (id, hours) in [("r1", 9), ("r2", 5), ("r3", 1)] {
      try keep(id, hoursAgo: Int64(hours), round: .reach)
    }
    try keep("again", hoursAgo: 9, isRetest: true)
    try keep("again-young", hoursAgo: 2, isRetest: true)
    try keep("cut-full", hoursAgo: 100, as: .incomplete)
    try keep("cut-reach", hoursAgo: 9, as: .incomplete, round: .reach)
    try keep("tap-old", hoursAgo: 2500, kind: .capture)
    try keep("tap", hoursAgo: 2300, kind: .capture)
    let retention = Retention(rounds: 6 * 3600)
    let report = try store.tidy(retention, now: Self.now)
    #expect(report.removed == ["f1", "f2", "r1", "again", "cut-full", "cut-reach", "tap-old"])
    #expect(try ids() == ["f3", "f4", "f5", "r2", "r3", "again-young", "tap"])
    #expect(try store.tidy(retention, now: Self.now) == TidyReport())
    #expect(throws: StoreError.unknownRun(path: store.path, run: "f1")) { try store.checkRows(run: "f1") }
    try store.checkIntegrity()
  }

  @Test func lastWordStaysHoweverOldItIs() throws {
    for (id, hours) in [("f1", 9000), ("f2", 8900), ("f3", 8800), ("f4", 8700)] {
      try keep(id, hoursAgo: Int64(hours))
    }
    try keep("other", hoursAgo: 9500, vantage: "tap")
    try keep("e1", hoursAgo: 8500, round: .exposure)
    try keep("e2", hoursAgo: 8400, round: .exposure)
    try keep("e3", hoursAgo: 8300, as: .incomplete, round: .exposure)
    let open = try store.begin(
      Run(
        id: "open", toolVersion: "0", vantage: "lab", policy: "",
        startedAt: Timestamp(microseconds: Self.now.microseconds - 9_900 * 3_600_000_000)), inventory: [])
    #expect(try store.tidy(now: Self.now).removed == ["f1", "e1", "e3"])
    #expect(try ids() == ["f2", "f3", "f4", "other", "e2", "open"])
    #expect(try store.tidy(Retention(full: 0, rounds: 0, latest: 0), now: Self.now).removed == ["f2", "f3"])
    #expect(try ids() == ["f4", "other", "e2", "open"])
    try open.append([
      Observation(
        sequence: 1, host: "web", at: Self.now, vantage: "lab",
        fact: .lookup(name: "a.example", type: .a, outcome: .noData))
    ])
  }

  @Test func manifestsOutliveTheirRuns() throws {
    for (id, hours) in [("f1", 500), ("f2", 400), ("f3", 30), ("f4", 20), ("f5", 10)] {
      try keep(id, hoursAgo: Int64(hours))
    }
    _ = try store.tidy(now: Self.now)
    #expect(try store.run("f1") == nil)
    #expect(try store.manifest(run: "f1") == Array("manifest of f1".utf8))
    #expect(throws: StoreError.runExists(path: store.path, run: "f1")) { try keep("f1", hoursAgo: 1) }
    let report = try store.tidy(Retention(daily: 17 * 86_400), now: Self.now)
    #expect(report.rounds == 1)
    #expect(throws: StoreError.unknownRun(path: store.path, run: "f1")) { try store.manifest(run: "f1") }
    #expect(try store.manifest(run: "f2") == Array("manifest of f2".utf8))
    // Every round of it was let go, and with them what they said.
    _ = try store.tidy(Retention(daily: 0), now: Self.now)
    #expect(try count("past_round") == 0 && count("rollup") == 0)
  }

  /// What evidence may go by: of a run under way never.
  @Test func goneRunsAreTold() throws {
    #expect(try store.gone(of: ["20261101T000000Z-0000"]).isEmpty)
    for (day, hours) in [("02", 500), ("03", 400), ("04", 30), ("05", 20), ("06", 10)] {
      try keep("202611\(day)T000000Z-0000", hoursAgo: Int64(hours))
    }
    _ = try store.begin(TidyRounds.run("20261107T000000Z-0000", at: Self.now), inventory: [])
    #expect(
      try store.tidy(now: Self.now).removed == ["20261102T000000Z-0000", "20261103T000000Z-0000"])
    let ids = (1...8).map { "2026110\($0)T000000Z-0000" }
    #expect(try store.gone(of: ids) == [ids[2], ids[7]])
    // One that is about to go is still there.
    try store.write {
      try $0.execute(sql: "INSERT INTO leaving SELECT number FROM run WHERE id = ?", arguments: [ids[3]])
    }
    #expect(try store.gone(of: ids) == [ids[2], ids[7]])
  }

  /// A wall clock that is ten years ahead, for a round or for good, lets go of what a month's pause would.
  @Test func clockThatJumps() throws {
    let change = Change(
      host: "web", check: .reachTCP, holds: false, reason: .open, since: Self.now, confirmedAt: Self.now,
      run: "f1")
    for (id, days) in [("f1", 6), ("f2", 5), ("f3", 4), ("f4", 3), ("f5", 2), ("f6", 1)] {
      try keep(id, hoursAgo: Int64(days) * 24, StandingUpdate(changes: id == "f1" ? [change] : []))
    }
    try keep("tap", hoursAgo: 24, kind: .capture)
    #expect(try store.tidy(Retention(full: 5 * 86_400), now: Self.now).removed == ["f1"])
    let retention = Retention(full: 60 * 86_400)
    // Days after the jump, and what is too old by then.
    for (day, gone) in [(0, []), (20, []), (28, ["f2", "f3"]), (31, ["f4", "f5", "f6"])] {
      let hours = (3650 + day) * 24
      try keep("late\(day)", hoursAgo: Int64(-hours))
      let late = Timestamp(microseconds: Self.now.microseconds + Int64(hours) * 3_600_000_000)
      let report = try store.tidy(retention, now: late)
      #expect(report.removed == gone, "day \(day)")
      #expect(report.changes == 0 && report.rounds == 0 && report.freed == 0, "day \(day)")
    }
    #expect(try store.manifest(run: "f1") == Array("manifest of f1".utf8))
    #expect(try store.changes().count == 1)
    // Back again: what ended later is no older for it.
    #expect(try store.tidy(retention, now: Self.now).removed.isEmpty)
    #expect(try ids() == ["tap", "late0", "late20", "late28", "late31"])
  }

  @Test func changesHaveTheirAge() throws {
    let changes = (0..<10).map { index in
      Change(
        host: "web", check: .reachTCP, holds: false, reason: .open, since: Self.now,
        confirmedAt: Self.now.earlier(byDays: index), run: "f1")
    }
    try keep("f1", hoursAgo: 1, StandingUpdate(changes: changes))
    #expect(try store.tidy(Retention(changes: 5 * 86_400), now: Self.now).changes == 4)
    #expect(try store.changes().map(\.number) == [6, 5, 4, 3, 2, 1])
  }

  /// What says the same as the round before it costs a line for the round and none for its hosts.
  @Test func sameWordCostsNothing() throws {
    for hour in (1...40).reversed() {
      let verdict: Verdict = (10...12).contains(hour) ? .fail : .pass
      try keep(
        "r\(hour)", hoursAgo: Int64(hour), round: .reach,
        rows: TidyRounds.rows(["mail": [.pass, .pass], "web": [verdict], "none": [.na], "lost": [.unknown]]))
    }
    _ = try store.tidy(Retention(rounds: 0), now: Self.now)
    let rows = try store.read {
      try String.fetchAll(
        $0,
        sql:
          "SELECT format('%s %d-%d %s', host, first, last, outcome) FROM rollup WHERE check_id = 'reach.tcp' "
          + "ORDER BY host, first")
    }
    #expect(
      rows == [
        "lost 1-39 unknown", "mail 1-39 passed", "web 1-28 passed", "web 29-31 failed", "web 32-39 passed",
      ])
    #expect(try count("past_round") == 39 && count("check_row") == 10)
  }

  /// A long run goes in many steps; between any two nobody sees it, and it goes on where it was left.
  @Test func stepsAreBoundedAndInvisible() throws {
    let hosts = Dictionary(uniqueKeysWithValues: (0..<9000).map { ("host-\($0)", [Verdict.pass]) })
    try keep("big", hoursAgo: 900, rows: TidyRounds.rows(hosts))
    for id in ["f1", "f2", "f3"] { try keep(id, hoursAgo: 1) }
    let number = try #require(
      try store.write { try LeavingRow.next(Retention(), RetentionClock(Self.now, in: $0), in: $0) })
    var steps = 0
    var left = try count("check_row")
    while true {
      #expect(try store.run("big") == nil)
      #expect(try store.runs().map(\.id) == ["f3", "f2", "f1"])
      #expect(
        try store.history(before: TidyRounds.run("now", at: Self.now), days: 30, trafficDays: 1).rounds.count
          == 9001)
      let removed = try store.write { try LeavingRow.step(number, in: $0) }
      let now = try count("check_row")
      #expect(left - now <= TidyStep.rows)
      left = now
      steps += 1
      if removed == "big" { break }
      // Another program comes in between.
      if steps == 2 { #expect(try Store.openForReading(path: scratch.path).run("big") == nil) }
    }
    #expect(steps >= 4)
    #expect(try count("leaving") == 0)
  }

  @Test func spaceIsGivenBack() throws {
    let hosts = Dictionary(uniqueKeysWithValues: (0..<9000).map { ("host-\($0)", [Verdict.pass, .pass]) })
    for index in 0..<6 {
      try keep("r\(index)", hoursAgo: Int64(90 - index), round: .names, rows: TidyRounds.rows(hosts))
    }
    try store.write { _ in }
    let before = try store.read { try Int64.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    let report = try store.tidy(now: Self.now)
    let after = try store.read { try Int64.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    #expect(report.removed.count == 5)
    #expect(report.freed >= (before - after) * 4096)
    #expect(Double(after) < 0.4 * Double(before))
    try store.checkIntegrity()
    // On disk too, once the log is written back.
    try store.writeWithoutTransactionForTests("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try scratch.bytes().count == Int(after) * 4096)
  }

  @Test(arguments: [
    "DELETE FROM check_row WHERE ordinal = 2", "DELETE FROM leaving", "INSERT INTO leaving SELECT 2",
  ])
  func onlyWhatIsLeavingLosesRows(sql: String) throws {
    try keep("a", hoursAgo: 900)
    _ = try store.begin(TidyRounds.run("b", at: Self.now), inventory: [])
    if sql.contains("leaving") && !sql.hasPrefix("INSERT") {
      try store.write { try $0.execute(sql: "INSERT INTO leaving VALUES (1)") }
    }
    #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: sql) } }
  }
}

extension Store {
  func writeWithoutTransactionForTests(_ sql: String) throws {
    try (reader as? DatabaseQueue)?.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

/// Rounds for tests of what stays of them.
enum TidyRounds {
  static func run(_ id: String, at moment: Timestamp, vantage: String = "lab") -> Run {
    Run(id: id, toolVersion: "0", vantage: vantage, policy: "2026-1", startedAt: moment)
  }

  /// Rows of `reach.tcp`, one for each verdict of each host, and one of another check that says the opposite.
  static func rows(_ hosts: [String: [Verdict]], vantage: Verdict = .pass) -> [CheckRow] {
    let first = CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: vantage, reason: .controlsAgree)
    return [first]
      + hosts.sorted { $0.key < $1.key }.flatMap { host, verdicts in
        verdicts.map { CheckRow(host: host, check: .reachTCP, subject: "", verdict: $0, reason: .open) }
          + [
            CheckRow(
              host: host, check: .dnsLive, subject: "", verdict: verdicts.contains(.fail) ? .pass : .fail,
              reason: .open)
          ]
      }
  }

  @discardableResult
  static func keep(
    in store: Store, _ id: String, at moment: Timestamp, _ state: RunState = .complete,
    _ round: RoundKind = .full, isRetest: Bool = false, kind: RunKind = .audit, vantage: String = "lab",
    rows: [CheckRow], _ update: StandingUpdate = StandingUpdate()
  ) throws -> Run {
    var run = run(id, at: moment, vantage: vantage)
    (run.round, run.isRetest, run.kind) = (round, isRetest, kind)
    let writer = try store.begin(run, inventory: [StoredFile(name: "hosts.csv", bytes: Array(id.utf8))])
    run.state = state
    run.finishedAt = Timestamp(microseconds: moment.microseconds + 1_000_000)
    try writer.append([
      Observation(
        sequence: 1, host: "web", at: moment, vantage: vantage,
        fact: .lookup(name: "a.example", type: .aaaa, outcome: .noData))
    ])
    try writer.finish(run, rows: rows, manifest: Array("manifest of \(id)".utf8), update: update)
    return run
  }
}
