import GRDB
import Observations
import Readiness

/// A row of `rollup`: from the past round `first` to `last` of a kind, what each said of a check of a host.
///
/// Either all of them said the same, and how many they were follows from `past_round`; or they are rounds of one day of
/// which only the sums are left.
struct RollUpRow {
  let round: String
  let host: String
  let first: Int64
  let last: Int64
  let outcome: String
  /// The sums, where rounds differ.
  let counts: RollUp.Counts?

  /// Adds what the rows of some hosts say together: a check failed when one row did, passed when all did, is not
  /// counted when it concerns nothing, and could not be told otherwise.
  static func add(rowsOf run: Int64, hosts: ClosedRange<String>, round: PastRoundRow, in db: Database) throws
  {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT host, check_id, \(outcome) FROM check_row INDEXED BY check_row_by_host
        WHERE run = ? AND host BETWEEN ? AND ? GROUP BY host, check_id HAVING \(isAsked)
        """, arguments: [run, hosts.lowerBound, hosts.upperBound])
    let longer = try db.cachedStatement(
      sql: """
        UPDATE rollup SET last = last + 1
        WHERE vantage = ? AND round = ? AND check_id = ? AND host = ? AND last = ? AND outcome = ?
        """)
    let another = try db.cachedStatement(
      sql: """
        INSERT INTO rollup (vantage, round, check_id, host, last, first, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
        """)
    for row in rows {
      let (host, check, outcome) = (row[0] as String?, row[1] as String?, row[2] as String?)
      try longer.execute(arguments: [round.vantage, round.round, check, host, round.ordinal - 1, outcome])
      if db.changesCount == 0 {
        try another.execute(arguments: [round.vantage, round.round, check, host, round.ordinal, outcome])
      }
    }
  }

  /// The rows of a check of one kind of round, by host; of one host, if it is named.
  static func cursor(
    vantage: String, round: String, check: CheckID, host: String?, from db: Database
  ) throws -> RowCursor {
    try Row.fetchCursor(
      db,
      sql: """
        SELECT round, host, first, last, outcome, passed, failed, unknown FROM rollup
        WHERE vantage = ? AND round = ? AND check_id = ? \(host == nil ? "" : "AND host = ?")
        """,
      arguments: StatementArguments([vantage, round, check.rawValue] + (host.map { [$0] } ?? [])))
  }

  init(_ row: Row) throws {
    let reader = RowReader(row: row, what: "a roll-up of \(row[1] as String? ?? "?")")
    round = try reader.text(0)
    host = try reader.text(1)
    first = try reader.integer(2)
    last = try reader.integer(3)
    outcome = try reader.text(4)
    counts =
      outcome == "mixed"
      ? RollUp.Counts(
        passed: Int(try reader.integer(5)), failed: Int(try reader.integer(6)),
        unknown: Int(try reader.integer(7))) : nil
  }

  /// What rows of one check of one host in one round say together; SQL.
  static let outcome = """
    CASE WHEN max(verdict = 'fail') THEN 'failed' WHEN min(verdict = 'pass') THEN 'passed' ELSE 'unknown' END
    """

  /// Whether they ask anything; SQL.
  static let isAsked = "max(verdict NOT IN ('na', 'exempt'))"
}

/// Brings roll-ups that are too old to tell each round down to a row a day.
enum DayMerge {
  /// Takes some checks of some hosts of one day.
  ///
  /// - Returns: whether there may be more.
  static func step(before moment: Timestamp, in db: Database) throws -> Bool {
    guard let day = try nextDay(before: moment, in: db) else { return false }
    let key: StatementArguments = [day.vantage, day.round, day.first, day.last]
    let merged = try Row.fetchAll(
      db,
      sql: """
        SELECT check_id, host, min(first), max(last), \(sum("passed")), \(sum("failed")), \(sum("unknown"))
        FROM rollup WHERE vantage = ?1 AND round = ?2 AND first >= ?3 AND last <= ?4
        GROUP BY check_id, host HAVING count(*) > 1 LIMIT ?5
        """, arguments: key + [TidyStep.rows / 4])
    for row in merged {
      let series: StatementArguments = [day.vantage, day.round, row[0] as String?, row[1] as String?]
      try db.execute(
        sql: """
          DELETE FROM rollup WHERE vantage = ? AND round = ? AND check_id = ? AND host = ? AND first >= ? AND last <= ?
          """, arguments: series + [day.first, day.last])
      try db.execute(
        sql: """
          INSERT INTO rollup (vantage, round, check_id, host, first, last, outcome, passed, failed, unknown)
          VALUES (?, ?, ?, ?, ?, ?, 'mixed', ?, ?, ?)
          """,
        arguments: series + StatementArguments((2...6).map { row[$0] as Int64? }))
    }
    if merged.isEmpty {
      try db.execute(
        sql: "UPDATE past_round SET by_day = 1 WHERE vantage = ? AND round = ? AND ordinal BETWEEN ? AND ?",
        arguments: key)
    }
    return true
  }

  private static func sum(_ outcome: String) -> String {
    "sum(CASE outcome WHEN 'mixed' THEN \(outcome) WHEN '\(outcome)' THEN last - first + 1 ELSE 0 END)"
  }

  private struct Day {
    var vantage: String
    var round: String
    var first: Int64
    var last: Int64
  }

  /// Rounds of one kind and one day that follow each other. When the clock has jumped there may be others of that day.
  private static func nextDay(before moment: Timestamp, in db: Database) throws -> Day? {
    let oldest = try Row.fetchOne(
      db,
      sql: """
        SELECT vantage, round, finished_at FROM past_round
        WHERE by_day = 0 AND finished_at < ? AND number NOT IN leaving ORDER BY vantage, round, ordinal LIMIT 1
        """, arguments: [moment.microseconds])
    guard let oldest else { return nil }
    let reader = RowReader(row: oldest, what: "past round")
    let (vantage, round) = (try reader.text(0), try reader.text(1))
    let start = Timestamp(microseconds: try reader.integer(2)).day
    let ordinals = try Int64.fetchAll(
      db,
      sql: """
        SELECT ordinal FROM past_round WHERE vantage = ? AND round = ? AND by_day = 0 AND number NOT IN leaving
          AND finished_at >= ? AND finished_at < ? ORDER BY ordinal
        """, arguments: [vantage, round, start.microseconds, start.microseconds + 86_400_000_000])
    guard let first = ordinals.first else { return nil }
    var last = first
    for ordinal in ordinals.dropFirst() where ordinal == last + 1 { last = ordinal }
    return Day(vantage: vantage, round: round, first: first, last: last)
  }
}
