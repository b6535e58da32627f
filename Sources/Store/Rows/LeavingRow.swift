import GRDB
import Observations

/// Rows of `leaving`: runs that are being let go.
enum LeavingRow {
  /// The run to go on with: one that was begun with, or the next that is too old, which nobody sees from here on.
  static func next(_ retention: Retention, _ clock: RetentionClock, in db: Database) throws -> Int64? {
    if let number = try Int64.fetchOne(db, sql: "SELECT run FROM leaving ORDER BY run LIMIT 1") {
      return number
    }
    let number = try Int64.fetchOne(
      db,
      sql: """
        WITH ranked AS (
          SELECT number, row_number() OVER (PARTITION BY vantage, round ORDER BY number DESC) AS rank FROM run
          WHERE state = 'complete' AND kind = 'audit' AND is_retest = 0
        )
        SELECT run.number FROM run LEFT JOIN ranked USING (number)
        WHERE state <> 'running' AND finished_at < CASE
            WHEN kind = 'capture' THEN ?1 WHEN round = 'full' AND is_retest = 0 THEN ?2 ELSE ?3 END
          AND (rank IS NULL OR rank > CASE round WHEN 'full' THEN ?4 ELSE 1 END)
        ORDER BY number LIMIT 1
        """,
      arguments: [
        clock.earlier(by: retention.captures).microseconds, clock.earlier(by: retention.full).microseconds,
        clock.earlier(by: retention.rounds).microseconds, max(1, retention.latest),
      ])
    guard let number else { return nil }
    try db.execute(sql: "INSERT INTO leaving (run) VALUES (?)", arguments: [number])
    try PastRoundRow.insert(number, in: db)
    return number
  }

  /// Takes some rows of a run into the roll-ups and away, or at last the run.
  ///
  /// - Returns: its id, when it is gone.
  static func step(_ number: Int64, in db: Database) throws -> String? {
    if try removeRows(of: number, in: db) { return nil }
    try db.execute(
      sql: """
        DELETE FROM observation WHERE run = ?1 AND sequence < coalesce(
          (SELECT sequence FROM observation WHERE run = ?1 ORDER BY sequence LIMIT 1 OFFSET ?2), 9223372036854775807)
        """, arguments: [number, TidyStep.rows])
    if db.changesCount > 0 { return nil }
    let id = try String.fetchOne(db, sql: "SELECT id FROM run WHERE number = ?", arguments: [number])
    try RunRow.remove(number, from: db)
    return id ?? ""
  }

  /// The check rows of the next hosts. Those of the vantage, without a host, say of all others whether they count: they
  /// go last. All rows of a host go together, because a round passes when all of them do.
  private static func removeRows(of number: Int64, in db: Database) throws -> Bool {
    let hosts = try Row.fetchOne(
      db,
      sql: """
        SELECT min(host), max(host) FROM (
          SELECT host FROM check_row INDEXED BY check_row_by_host WHERE run = ? AND host > '' ORDER BY host LIMIT ?)
        """, arguments: [number, TidyStep.rows])
    let first = hosts?[0] as String? ?? ""
    let last = hosts?[1] as String? ?? ""
    if let round = try PastRoundRow.fetch(number, from: db) {
      try RollUpRow.add(rowsOf: number, hosts: first...last, round: round, in: db)
    }
    try db.execute(
      sql: "DELETE FROM check_row WHERE run = ? AND host BETWEEN ? AND ?", arguments: [number, first, last])
    return db.changesCount > 0
  }
}
