import GRDB
import Observations
import Readiness

extension Store {
  /// The complete audit of the whole rubric that was begun last; `nil` if there is none.
  public func latestRun() throws(StoreError) -> Run? { try runs(limit: 1).first }

  /// Complete audits, the one begun last first, at most `limit`.
  ///
  /// - Parameter everyRound: also those that asked one class of checks, and second looks.
  public func runs(limit: Int = 100, everyRound: Bool = false) throws(StoreError) -> [Run] {
    try read { try RunRow.complete(limit: limit, everyRound: everyRound, in: $0) }
  }

  /// The last complete audit of each kind there is one of, second looks left out. It costs the same whatever the store
  /// holds.
  public func lastRounds() throws(StoreError) -> [Run] { try read { try RunRow.lastOfEachKind(in: $0) } }

  /// The run of this id, of whatever kind, complete or interrupted; `nil` if there is none, or if it never came to an end.
  public func run(_ id: String) throws(StoreError) -> Run? {
    try read { try RunRow.ended(id, in: $0)?.run }
  }

  /// What was observed in a run, by sequence; of one host, if it is named.
  ///
  /// - Throws: `unknownRun`.
  public func observations(run: String, host: String? = nil) throws(StoreError) -> [Observation] {
    try read { db in
      let row = try ended(run, in: db)
      return try ObservationRow.fetch(run: row.number, vantage: row.run.vantage, host: host, from: db)
    }
  }

  /// What was found in a run, in the order it was handed over; of one host, if it is named (the empty name
  /// stands for the vantage).
  ///
  /// - Throws: `unknownRun`.
  public func checkRows(run: String, host: String? = nil) throws(StoreError) -> [CheckRow] {
    try read { db in try CheckRowRow.fetch(run: ended(run, in: db).number, host: host, from: db) }
  }

  /// The inventory a run measured, by file name.
  ///
  /// - Throws: `unknownRun`; `corrupt` if a file's content no longer matches its SHA-256.
  public func inventoryFiles(run: String) throws(StoreError) -> [StoredFile] {
    try read { db in try InventoryFileRow.fetch(run: ended(run, in: db).number, from: db, path: path) }
  }

  /// The `manifest.json` of a run, byte for byte; also of a round that was let go, for as long as roll-ups tell of it.
  ///
  /// - Throws: `unknownRun`.
  public func manifest(run: String) throws(StoreError) -> [UInt8] {
    try read { db in
      if let past = try PastRoundRow.manifest(run, in: db) { return past }
      return try RunRow.manifest(ended(run, in: db).number, in: db)
    }
  }

  /// Those of the ids whose runs are gone: the store does not hold them, neither ended nor under way, and it tells of
  /// rounds that began before them. A store that was begun anew says of no earlier run that it is gone.
  public func gone(of ids: [String]) throws(StoreError) -> [String] {
    try read { db in
      let first = try String.fetchOne(
        db, sql: "SELECT min(id) FROM (SELECT id FROM run UNION ALL SELECT id FROM past_round)")
      guard let first else { return [] }
      return try ids.filter { try $0 > first && !RunRow.isHeld($0, in: db) }
    }
  }

  private func ended(_ id: String, in db: Database) throws -> RunRow {
    guard let row = try RunRow.ended(id, in: db) else { throw StoreError.unknownRun(path: path, run: id) }
    return row
  }
}
