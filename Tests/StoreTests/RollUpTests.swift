import GRDB
import Observations
import Readiness
import SeededRandom
import Testing

@testable import Store

/// Roll-ups say what the rows said that they were made from.
@Suite struct RollUpTests {
  static let now = Timestamp(seconds: 1_795_500_000)

  /// A random life of a few hosts, kept twice: in one store nothing is ever let go, the other is tidied now and then.
  /// All that is asked of both, at random moments, has the same answer.
  @Test(arguments: UInt64(1)...12)
  func tidyingChangesNoAnswer(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (one, two) = (try Scratch(inMemory: true), try Scratch(inMemory: true))
    let (rows, rolled) = (try Store(path: one.path), try Store(path: two.path))
    var moment = Self.now.earlier(byDays: 12)
    var index = 0
    var removed = 0
    while moment < Self.now {
      // Sometimes the clock is put back.
      let minutes = random.below(12) == 0 ? -Int64(random.below(600)) : Int64(random.below(240))
      moment = Timestamp(microseconds: moment.microseconds + minutes * 60_000_000 + Int64(random.below(1000)))
      index += 1
      let round = try Round(index, at: moment, &random)
      for store in [rows, rolled] { try round.keep(in: store) }
      guard random.below(4) == 0 else { continue }
      let retention = Retention(
        full: random.below(100) * 3600, rounds: random.below(30) * 3600, latest: 1 + Int(random.below(2)))
      if random.below(3) > 0 {
        removed += try rolled.tidy(retention, now: moment).removed.count
      } else {
        // Cut off after a few steps.
        for _ in 0..<random.below(5) {
          try rolled.write { db in
            if let number = try LeavingRow.next(retention, RetentionClock(moment, in: db), in: db) {
              if try LeavingRow.step(number, in: db) != nil { removed += 1 }
            }
          }
        }
      }
      try compare(rows, rolled, at: moment, &random)
    }
    #expect(removed > 10)
    try rolled.checkIntegrity()
    // Days still add up when their hours are gone, and again when that is done twice.
    for _ in 0..<2 {
      _ = try rolled.tidy(Retention(full: 0, rounds: 0, hourly: 0, latest: 1), now: moment)
      try compareDays(rows, rolled)
    }
    let mixed = try rolled.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM rollup WHERE outcome = 'mixed'")
    }
    #expect(mixed ?? 0 > 0)
  }

  private func compare(_ rows: Store, _ rolled: Store, at moment: Timestamp, _ random: inout SplitMix64)
    throws
  {
    for days in [1, 3, 7] {
      let asking = TidyRounds.run(
        "r\(random.below(100))",
        at: Timestamp(microseconds: moment.microseconds - Int64(random.below(200)) * 1_800_000_000))
      #expect(
        try rolled.history(before: asking, days: days, trafficDays: 1)
          == rows.history(before: asking, days: days, trafficDays: 1))
    }
    let times = moment.earlier(byDays: 1 + Int(random.below(9)))..<moment
    for period in RollUp.Period.allCases {
      for check in [CheckID.reachTCP, .dnsLive] {
        #expect(
          try rolled.rollUps(by: period, vantage: "lab", host: "a", check: check, in: times)
            == rows.rollUps(by: period, vantage: "lab", host: "a", check: check, in: times))
      }
    }
  }

  private func compareDays(_ rows: Store, _ rolled: Store) throws {
    let times = Self.now.earlier(byDays: 400)..<Timestamp(microseconds: .max)
    for host in Round.hosts {
      let days = try rows.rollUps(by: .day, vantage: "lab", host: host, check: .reachTCP, in: times)
      #expect(!days.isEmpty)
      #expect(try rolled.rollUps(by: .day, vantage: "lab", host: host, check: .reachTCP, in: times) == days)
    }
  }

  /// By hand: three rounds of an hour, one of the next day.
  @Test func countsByHourAndDay() throws {
    let scratch = try Scratch()
    let store = try Store(path: scratch.path)
    let day = Timestamp(seconds: 1_795_478_400)
    func keep(_ id: String, _ minutes: Int64, _ verdicts: [Verdict], _ round: RoundKind = .reach) throws {
      try TidyRounds.keep(
        in: store, id, at: Timestamp(microseconds: day.microseconds + minutes * 60_000_000), .complete, round,
        rows: TidyRounds.rows(["web": verdicts]))
    }
    try keep("a", 600, [.pass, .pass])
    try keep("b", 615, [.pass, .fail])
    try keep("c", 630, [.pass, .unknown])
    try keep("d", 659, [.na], .full)
    try keep("e", 660, [.pass], .full)
    try keep("f", 1500, [.pass])
    func counts(_ period: RollUp.Period) throws -> [[Int64]] {
      try store.rollUps(
        by: period, vantage: "lab", host: "web", check: .reachTCP,
        in: day..<Timestamp(microseconds: day.microseconds + 5 * 86_400_000_000)
      ).map { rollUp in
        let counts = rollUp.counts
        return [(rollUp.start.microseconds - day.microseconds) / 3_600_000_000]
          + [counts.passed, counts.failed, counts.unknown].map(Int64.init)
      }
    }
    let (hours, days): ([[Int64]], [[Int64]]) = (
      [[10, 1, 1, 1], [11, 1, 0, 0], [25, 1, 0, 0]], [[0, 2, 1, 1], [24, 1, 0, 0]]
    )
    #expect(try counts(.hour) == hours && counts(.day) == days)
    let later = Timestamp(microseconds: day.microseconds + 2 * 86_400_000_000)
    #expect(
      try store.tidy(Retention(full: 0, rounds: 0, latest: 1), now: later).removed == ["a", "b", "c", "d"])
    #expect(try counts(.hour) == hours && counts(.day) == days)
    _ = try store.tidy(Retention(full: 0, rounds: 0, hourly: 0, latest: 1), now: later)
    #expect(try counts(.day) == days)
    #expect(try counts(.hour) == [[11, 1, 0, 0], [25, 1, 0, 0]])
  }
}

/// One round of a random life.
private struct Round {
  static let hosts = ["a", "b", "c"]
  let id: String
  let moment: Timestamp
  let state: RunState
  let kind: RoundKind
  let isRetest: Bool
  let vantage: String
  let rows: [CheckRow]

  init(_ index: Int, at moment: Timestamp, _ random: inout SplitMix64) throws {
    id = "r\(index)"
    self.moment = moment
    state = random.below(9) == 0 ? .incomplete : .complete
    kind = random.pick([.full, .reach, .reach, .reach, .names])
    isRetest = random.below(9) == 0
    vantage = random.below(9) == 0 ? "elsewhere" : "lab"
    var hosts: [String: [Verdict]] = [:]
    for host in Self.hosts where random.below(8) > 0 {
      let common: Verdict = host == "a" || random.below(6) > 0 ? .pass : .fail
      hosts[host] = (0..<1 + random.below(3)).map { _ in
        random.below(12) == 0 ? random.pick(Verdict.allCases) : common
      }
    }
    let rows = TidyRounds.rows(hosts, vantage: random.below(8) == 0 ? random.pick(Verdict.allCases) : .pass)
    // Hosts in no order: a run's rows are read back as they were handed over, and rolled up by host.
    self.rows = [rows[0]] + rows.dropFirst().reversed()
  }

  func keep(in store: Store) throws {
    try TidyRounds.keep(
      in: store, id, at: moment, state, kind, isRetest: isRetest, vantage: vantage, rows: rows)
  }
}
