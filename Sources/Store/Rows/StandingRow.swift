import Foundation
import GRDB
import Observations
import Readiness

/// Rows of `standing`: the newest word on each check of each host.
enum StandingRow {
  static func upsert(_ standings: some Sequence<Standing>, vantage: String, into db: Database) throws {
    // The subject may hold text from the network; see CheckRowRow.
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO standing
        (vantage, host, check_id, verdict, reason, subject, observed_at, run, holds, since, pending_rounds, \
        pending_since, over_ipv4)
        VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, subject = excluded.subject, \
        observed_at = excluded.observed_at, run = excluded.run, holds = excluded.holds, since = excluded.since, \
        pending_rounds = excluded.pending_rounds, pending_since = excluded.pending_since, \
        over_ipv4 = excluded.over_ipv4
        """)
    for standing in standings {
      try statement.execute(arguments: [
        vantage, standing.host, standing.check.rawValue, standing.verdict.rawValue, standing.reason.rawValue,
        Data(standing.subject.utf8), standing.observedAt?.microseconds, standing.run, standing.holds,
        standing.since?.microseconds, standing.pendingRounds, standing.pendingSince?.microseconds,
        standing.overIPv4,
      ])
    }
  }

  static func remove(hosts: some Sequence<String>, vantage: String, from db: Database) throws {
    for host in hosts {
      try db.execute(sql: "DELETE FROM standing WHERE vantage = ? AND host = ?", arguments: [vantage, host])
    }
  }

  static func fetch(vantage: String, host: String?, from db: Database) throws -> [Standing] {
    var result: [Standing] = []
    try each(vantage: vantage, host: host, from: db) { result.append($0) }
    return result
  }

  /// The standings of one host after the other.
  static func eachHost(
    vantage: String, from db: Database, _ body: (String, [Standing]) throws -> Void
  ) throws {
    var ofHost: [Standing] = []
    try each(vantage: vantage, host: nil, from: db) { standing in
      if let last = ofHost.last, last.host != standing.host {
        try body(last.host, ofHost)
        ofHost.removeAll(keepingCapacity: true)
      }
      ofHost.append(standing)
    }
    if let last = ofHost.last { try body(last.host, ofHost) }
  }

  private static func each(
    vantage: String, host: String?, from db: Database, _ body: (Standing) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT host, check_id, verdict, reason, subject, observed_at, run, holds, since, pending_rounds, \
        pending_since, over_ipv4
        FROM standing WHERE vantage = ? \(host == nil ? "" : "AND host = ?") ORDER BY host, check_id
        """, arguments: StatementArguments([vantage] + (host.map { [$0] } ?? [])))
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "the standing of \(row[0] as String? ?? "?")")
      try body(
        Standing(
          host: try reader.text(0), check: try reader.word(1), verdict: try reader.word(2),
          reason: try reader.word(3), subject: try reader.text(4), observedAt: time(row, 5),
          run: try reader.text(6), holds: row[7], since: time(row, 8),
          pendingRounds: Int(try reader.integer(9)), pendingSince: time(row, 10), overIPv4: row[11]))
    }
  }

  private static func time(_ row: Row, _ column: Int) -> Timestamp? {
    (row[column] as Int64?).map(Timestamp.init(microseconds:))
  }
}

/// Rows of `change`.
enum ChangeRow {
  static func insert(_ changes: some Sequence<Change>, vantage: String, into db: Database) throws {
    for change in changes {
      try db.execute(
        sql: """
          INSERT INTO change (vantage, host, check_id, holds, reason, since, confirmed_at, run)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          vantage, change.host, change.check.rawValue, change.holds, change.reason.rawValue,
          change.since.microseconds, change.confirmedAt.microseconds, change.run,
        ])
    }
  }

  /// Removes some that were confirmed before a moment, and says how many.
  static func remove(before moment: Timestamp, in db: Database) throws -> Int {
    try db.execute(
      sql: "DELETE FROM change WHERE number IN (SELECT number FROM change WHERE confirmed_at < ? LIMIT ?)",
      arguments: [moment.microseconds, TidyStep.rows])
    return db.changesCount
  }

  static func fetch(
    before number: Int64, host: String?, limit: Int, from db: Database
  ) throws -> [NumberedChange] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT number, vantage, host, check_id, holds, reason, since, confirmed_at, run FROM change
        WHERE number < ? \(host == nil ? "" : "AND host = ?") ORDER BY number DESC LIMIT ?
        """, arguments: StatementArguments([number] + (host.map { [$0] } ?? []) + [max(0, limit)]) ?? [])
    return try rows.map { row in
      let reader = RowReader(row: row, what: "change \(row[0] as Int64? ?? 0)")
      return NumberedChange(
        number: try reader.integer(0), vantage: try reader.text(1),
        change: Change(
          host: try reader.text(2), check: try reader.word(3), holds: try reader.integer(4) != 0,
          reason: try reader.word(5), since: Timestamp(microseconds: try reader.integer(6)),
          confirmedAt: Timestamp(microseconds: try reader.integer(7)), run: try reader.text(8)))
    }
  }
}
