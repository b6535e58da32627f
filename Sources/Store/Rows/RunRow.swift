import Foundation
import GRDB
import Observations

/// A row of `run`.
struct RunRow {
  /// The key the other tables know the run by.
  let number: Int64
  let run: Run

  private static let columns = """
    number, id, state, tool_version, vantage, policy, resolver, started_at, finished_at, packets_sent, \
    packets_received, packets_ignored, capture_drops, refused_by_scope, lookups, handshakes, kind, round, is_retest
    """

  private init(_ row: Row) throws {
    let reader = RowReader(row: row, what: "run \(row[1] as String? ?? "?")")
    number = try reader.integer(0)
    var run = Run(
      id: try reader.text(1), toolVersion: try reader.text(3), vantage: try reader.text(4),
      policy: try reader.text(5), startedAt: Timestamp(microseconds: try reader.integer(7)),
      resolver: try reader.text(6))
    run.state = try reader.word(2)
    run.finishedAt = Timestamp(microseconds: try reader.integer(8))
    for (index, counter) in RunCounters.inColumnOrder.enumerated() {
      run.counters[keyPath: counter] = UInt64(bitPattern: try reader.integer(9 + index))
    }
    run.kind = try reader.word(16)
    run.round = try reader.word(17)
    run.isRetest = try reader.integer(18) != 0
    self.run = run
  }

  // MARK: Writing

  static func insert(_ run: Run, into db: Database) throws -> Int64 {
    let fixed: [any DatabaseValueConvertible] = [
      run.id, run.state.rawValue, run.toolVersion, run.vantage, run.policy, run.resolver,
      run.startedAt.microseconds, run.finishedAt.microseconds,
    ]
    try db.execute(
      sql: """
        INSERT INTO run (id, state, tool_version, vantage, policy, resolver, started_at, finished_at, \
        packets_sent, packets_received, packets_ignored, capture_drops, refused_by_scope, lookups, handshakes, \
        kind, round, is_retest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: StatementArguments(
        fixed + run.counters.columnValues + [run.kind.rawValue, run.round.rawValue, run.isRetest]))
    return db.lastInsertedRowID
  }

  static func end(_ number: Int64, as run: Run, manifest: [UInt8], in db: Database) throws {
    let fixed: [any DatabaseValueConvertible] = [
      run.state.rawValue, run.resolver, run.finishedAt.microseconds, Data(manifest),
    ]
    try db.execute(
      sql: """
        UPDATE run SET state = ?, resolver = ?, finished_at = ?, manifest = ?, packets_sent = ?, \
        packets_received = ?, packets_ignored = ?, capture_drops = ?, refused_by_scope = ?, lookups = ?, \
        handshakes = ?
        WHERE number = ?
        """,
      arguments: StatementArguments(fixed + run.counters.columnValues + [number]))
  }

  /// Removes a run; its observations, check rows and references to the inventory go with it, and so does a
  /// file of the inventory that no other run has.
  static func remove(_ number: Int64, from db: Database) throws {
    try db.execute(sql: "DELETE FROM run WHERE number = ?", arguments: [number])
    try db.execute(
      sql: "DELETE FROM inventory_file WHERE sha256 NOT IN (SELECT sha256 FROM run_inventory)")
  }

  /// Removes every run that is marked as running. Only for the holder of the writer's lock, before it begins
  /// a run of its own: then they all belong to processes that are gone.
  static func removeRunning(from db: Database) throws -> [Run] {
    let rows = try fetch(db, "WHERE state = 'running' ORDER BY number")
    for row in rows { try remove(row.number, from: db) }
    return rows.map(\.run)
  }

  // MARK: Reading

  /// Audits of the whole rubric; with `everyRound`, also those of one class of checks and second looks.
  static func complete(limit: Int, everyRound: Bool, in db: Database) throws -> [Run] {
    let round = everyRound ? "" : "AND round = 'full' AND is_retest = 0"
    return try fetch(
      db,
      "WHERE state = 'complete' AND kind = 'audit' \(round) AND number NOT IN leaving ORDER BY number DESC LIMIT ?",
      [max(0, limit)]
    ).map(\.run)
  }

  /// Picks the last complete audit of a kind, second looks left out. `run_by_round` has its conditions word for word.
  static let lastOfKind = """
    WHERE round = ? AND state = 'complete' AND kind = 'audit' AND is_retest = 0 AND number NOT IN leaving
    ORDER BY number DESC LIMIT 1
    """

  static func lastOfEachKind(in db: Database) throws -> [Run] {
    try RoundKind.allCases.compactMap { try fetch(db, lastOfKind, [$0.rawValue]).first?.run }
  }

  static func ended(_ id: String, in db: Database) throws -> RunRow? {
    try fetch(db, "WHERE id = ? AND state <> 'running' AND number NOT IN leaving", [id]).first
  }

  static func isTaken(_ id: String, in db: Database) throws -> Bool {
    try isHeld(id, in: db) || PastRoundRow.isTaken(id, in: db)
  }

  /// Whether it is there in whatever state, also under way or about to be let go.
  static func isHeld(_ id: String, in db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT 1 FROM run WHERE id = ?", arguments: [id]) != nil
  }

  static func isRunning(_ number: Int64, in db: Database) throws -> Bool {
    try String.fetchOne(db, sql: "SELECT state FROM run WHERE number = ?", arguments: [number])
      == RunState.running.rawValue
  }

  static func manifest(_ number: Int64, in db: Database) throws -> [UInt8] {
    let bytes = try Data.fetchOne(db, sql: "SELECT manifest FROM run WHERE number = ?", arguments: [number])
    return [UInt8](bytes ?? Data())
  }

  private static func fetch(
    _ db: Database, _ condition: String, _ arguments: StatementArguments = StatementArguments()
  ) throws -> [RunRow] {
    try Row.fetchAll(db, sql: "SELECT \(columns) FROM run \(condition)", arguments: arguments).map(
      RunRow.init)
  }
}

extension RunCounters {
  /// The counters in the order of their columns. SQLite's integers are signed: the bits are kept.
  fileprivate static var inColumnOrder: [WritableKeyPath<RunCounters, UInt64>] {
    [
      \.packetsSent, \.packetsReceived, \.packetsIgnored, \.captureDrops, \.refusedByScope, \.lookups,
      \.handshakes,
    ]
  }

  fileprivate var columnValues: [any DatabaseValueConvertible] {
    Self.inColumnOrder.map { Int64(bitPattern: self[keyPath: $0]) }
  }
}
