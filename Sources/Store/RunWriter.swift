import GRDB
import Observations
import Readiness

/// The pen for one run: appends what is observed and at last makes the run visible.
///
/// It may be used from several tasks; each call is one transaction. When it is dropped without an end, the run
/// stays invisible and is removed when the store is next opened for writing.
public struct RunWriter: Sendable {
  private let store: Store
  private let number: Int64
  private let run: Run

  init(store: Store, number: Int64, run: Run) {
    self.store = store
    self.number = number
    self.run = run
  }

  /// The id of the run.
  public var id: String { run.id }

  /// Adds observations, all or none. A few hundred at a time are cheap; each call waits for the disk once.
  ///
  /// - Throws: `runClosed` after `finish` or `abandon`; after `diskFull` the same batch may be tried again.
  public func append(_ observations: [Observation]) throws(StoreError) {
    if observations.isEmpty { return }
    try write { db in
      try ObservationRow.insert(observations, run: number, vantage: run.vantage, into: db)
    }
  }

  /// Adds what was found, all rows or none, in the order they are to be read back; once a run. They are seen when the
  /// run is finished.
  ///
  /// - Throws: `runClosed` after `finish` or `abandon`.
  public func append(rows: some Sequence<CheckRow>) throws(StoreError) {
    try write { try CheckRowRow.insert(rows, run: number, into: $0) }
  }

  /// Ends the run and makes it visible, in one transaction.
  ///
  /// - Parameters:
  ///   - ended: the run as it ended, `complete` or `incomplete`. Its end, its counters and its resolver are
  ///     taken over; what was known when it began stays as it was begun.
  ///   - rows: what was found, in the order it is to be read back, if it was not added before.
  ///   - manifest: the bytes of `manifest.json`.
  ///   - update: what the run says of where hosts stand by now.
  /// - Throws: `runClosed` after `finish` or `abandon`.
  public func finish(
    _ ended: Run, rows: some Sequence<CheckRow> = [], manifest: [UInt8],
    update: StandingUpdate = StandingUpdate()
  ) throws(StoreError) {
    guard ended.id == id, ended.state != .running else {
      throw .failed(path: store.path, why: "run \(id) cannot end as run \(ended.id), \(ended.state.rawValue)")
    }
    try write { db in
      try CheckRowRow.insert(rows, run: number, into: db)
      try StandingRow.remove(hosts: update.gone, vantage: run.vantage, from: db)
      try StandingRow.upsert(update.standings, vantage: run.vantage, into: db)
      try ChangeRow.insert(update.changes, vantage: run.vantage, into: db)
      try RunRow.end(number, as: ended, manifest: manifest, in: db)
    }
  }

  /// Removes the run with everything it holds.
  ///
  /// - Throws: `runClosed` after `finish` or `abandon`.
  public func abandon() throws(StoreError) {
    try write { try RunRow.remove(number, from: $0) }
  }

  private func write(_ body: (Database) throws -> Void) throws(StoreError) {
    try store.write { db in
      guard try RunRow.isRunning(number, in: db) else {
        throw StoreError.runClosed(path: store.path, run: id)
      }
      try body(db)
    }
  }
}
