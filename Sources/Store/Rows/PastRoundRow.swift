import Foundation
import GRDB
import Observations

/// A row of `past_round`: a round whose run was let go, or is about to be.
struct PastRoundRow {
  let vantage: String
  let round: String
  /// Its place among the rounds of its kind from its vantage: 1, 2, 3 …
  let ordinal: Int64

  /// Notes a run, if it is a round: complete, an audit, no second look.
  static func insert(_ number: Int64, in db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO past_round
        (number, id, vantage, round, ordinal, policy, tool_version, started_at, finished_at, has_ipv6, manifest)
        SELECT number, id, vantage, round,
          1 + coalesce((SELECT max(ordinal) FROM past_round
            WHERE vantage = run.vantage AND round = run.round), 0),
          policy, tool_version, started_at, finished_at,
          EXISTS (SELECT 1 FROM check_row WHERE run = number AND ordinal = 1 AND host = ''
            AND check_id = 'vantage.ipv6' AND verdict = 'pass'),
          coalesce(manifest, x'')
        FROM run WHERE number = ? AND state = 'complete' AND kind = 'audit' AND is_retest = 0
        """, arguments: [number])
  }

  static func fetch(_ number: Int64, from db: Database) throws -> PastRoundRow? {
    let row = try Row.fetchOne(
      db, sql: "SELECT vantage, round, ordinal FROM past_round WHERE number = ?", arguments: [number])
    guard let row else { return nil }
    let reader = RowReader(row: row, what: "past round \(number)")
    return PastRoundRow(
      vantage: try reader.text(0), round: try reader.text(1), ordinal: try reader.integer(2))
  }

  static func isTaken(_ id: String, in db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT 1 FROM past_round WHERE id = ?", arguments: [id]) != nil
  }

  static func manifest(_ id: String, in db: Database) throws -> [UInt8]? {
    try Data.fetchOne(db, sql: "SELECT manifest FROM past_round WHERE id = ?", arguments: [id]).map {
      [UInt8]($0)
    }
  }

  /// Removes some roll-ups that end before a moment or, where there are none, the rounds they told of.
  ///
  /// - Returns: how many rounds; `nil` when roll-ups were removed.
  static func remove(before moment: Timestamp, in db: Database) throws -> Int? {
    let oldest = try Row.fetchOne(
      db,
      sql: """
        SELECT vantage, round, max(ordinal) FROM past_round WHERE finished_at < ? AND number NOT IN leaving
        GROUP BY vantage, round LIMIT 1
        """, arguments: [moment.microseconds])
    guard let oldest else { return 0 }
    let range: StatementArguments = [oldest[0] as String?, oldest[1] as String?, oldest[2] as Int64?]
    try db.execute(
      sql: """
        DELETE FROM rollup WHERE (vantage, round, check_id, host, last) IN (
          SELECT vantage, round, check_id, host, last FROM rollup
          WHERE vantage = ?1 AND round = ?2 AND last <= ?3 LIMIT ?4)
        """, arguments: range + [TidyStep.rows])
    if db.changesCount > 0 { return nil }
    try db.execute(
      sql: "DELETE FROM past_round WHERE vantage = ?1 AND round = ?2 AND ordinal <= ?3", arguments: range)
    return db.changesCount
  }
}

/// When past rounds of one vantage ended, those that are asked for, by kind and place.
struct PastRounds {
  private var times: [String: (lowest: Int64, ends: [Int64?])] = [:]

  /// - Parameter condition: which of them count; SQL over the columns of `past_round`.
  init(
    vantage: String, where condition: String, _ arguments: StatementArguments, from db: Database
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT round, ordinal, finished_at FROM past_round WHERE vantage = ? AND \(condition)
        ORDER BY round, ordinal
        """, arguments: [vantage] + arguments)
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "past round")
      let ordinal = try reader.integer(1)
      var kind = times[try reader.text(0)] ?? (lowest: ordinal, ends: [])
      let gap = ordinal - kind.lowest - Int64(kind.ends.count)
      kind.ends += Array(repeating: nil, count: Int(gap))
      kind.ends.append(try reader.integer(2))
      times[try reader.text(0)] = kind
    }
  }

  /// The kinds of rounds there are.
  var kinds: [String] { times.keys.sorted() }

  /// When the rounds of a kind from one place to another ended, those that count.
  func ends(_ kind: String, from first: Int64, to last: Int64) -> some Sequence<Int64> {
    let known = times[kind] ?? (lowest: 1, ends: [])
    let lower = min(max(0, first - known.lowest), Int64(known.ends.count))
    let upper = max(lower, min(last - known.lowest + 1, Int64(known.ends.count)))
    return known.ends[Int(lower)..<Int(upper)].lazy.compactMap { $0 }
  }
}
