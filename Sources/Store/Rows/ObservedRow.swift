import Foundation
import GRDB
import Observations
import Wire

/// Rows of `observed`.
enum ObservedRow {
  /// Enters what was seen; what was seen before was seen longer.
  static func enter(_ trait: ObservedTrait, into db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO observed (address, kind, value, source, first_seen, last_seen)
        VALUES (?, ?, CAST(? AS TEXT), ?, ?, ?)
        ON CONFLICT (address, kind, value, source) DO UPDATE SET
          first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        """)
    try statement.execute(arguments: [
      trait.address.description, trait.kind.rawValue, Data(trait.value.utf8), trait.source,
      trait.firstSeen.microseconds, trait.lastSeen.microseconds,
    ])
  }

  /// Lets go of some of what was last seen before a moment, and says of how much.
  static func remove(before moment: Timestamp, in db: Database) throws -> Int {
    try db.execute(
      sql: """
        DELETE FROM observed WHERE (address, kind, value, source) IN (
          SELECT address, kind, value, source FROM observed WHERE last_seen < ? LIMIT ?)
        """, arguments: [moment.microseconds, TidyStep.rows])
    return db.changesCount
  }

  /// What was seen after a moment, address by address.
  static func each(
    since moment: Timestamp, from db: Database, _ body: (ObservedTrait) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT address, kind, value, source, first_seen, last_seen FROM observed WHERE last_seen >= ?
        ORDER BY address, kind, value, source
        """,
      arguments: [moment.microseconds])
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "what was seen of \(row[0] as String? ?? "?")")
      let text = try reader.text(0)
      guard let address = IPAddress(text) else {
        throw UnreadableRow(what: reader.what, why: "\"\(text)\" is no address")
      }
      try body(
        ObservedTrait(
          address, try reader.word(1), try reader.text(2), source: try reader.text(3),
          firstSeen: Timestamp(microseconds: try reader.integer(4)),
          lastSeen: Timestamp(microseconds: try reader.integer(5))))
    }
  }
}
