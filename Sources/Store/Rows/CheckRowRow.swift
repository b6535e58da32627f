import Foundation
import GRDB
import Observations
import Readiness

/// Rows of `check_row`.
enum CheckRowRow {
  static func insert(_ rows: some Sequence<CheckRow>, run: Int64, into db: Database) throws {
    // The subject and the detail may hold text from the network, and GRDB binds a string up to its first NUL:
    // they are bound as bytes.
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO check_row
        (run, ordinal, host, check_id, subject, verdict, reason, detail, observed_at, evidence)
        VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, CAST(? AS TEXT), ?, ?)
        """)
    for (index, row) in rows.enumerated() {
      try statement.execute(arguments: [
        run, index + 1, row.host, row.check.rawValue, Data(row.subject.utf8), row.verdict.rawValue,
        row.reason.rawValue, Data(row.detail.utf8), row.observedAt?.microseconds,
        row.evidence.map(String.init).joined(separator: " "),
      ])
    }
  }

  static func fetch(run: Int64, host: String?, from db: Database) throws -> [CheckRow] {
    var arguments: StatementArguments = [run]
    if let host { arguments += [host] }
    // Without statistics SQLite would rather walk through the whole run.
    let byHost = host == nil ? "" : "INDEXED BY check_row_by_host"
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT ordinal, host, check_id, subject, verdict, reason, detail, observed_at, evidence FROM check_row \(byHost)
        WHERE run = ? \(host == nil ? "" : "AND host = ?") ORDER BY ordinal
        """,
      arguments: arguments)
    var result: [CheckRow] = []
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "check row \(row[0] as Int64? ?? 0)")
      result.append(
        CheckRow(
          host: try reader.text(1), check: try reader.word(2), subject: try reader.text(3),
          verdict: try reader.word(4), reason: try reader.word(5), detail: try reader.text(6),
          observedAt: (row[7] as Int64?).map(Timestamp.init(microseconds:)),
          evidence: try evidence(reader)))
    }
    return result
  }

  private static func evidence(_ reader: RowReader) throws -> [Int] {
    let text = try reader.text(8)
    return try text.split(separator: " ").map { word in
      guard let sequence = Int(word) else {
        throw UnreadableRow(what: reader.what, why: "evidence \"\(text)\" is no list of numbers")
      }
      return sequence
    }
  }
}
