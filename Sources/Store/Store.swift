import GRDB
import Glibc
import Observations

/// Runs, what they observed and what was found, in one SQLite file.
///
/// There is one writer; any number of readers work beside it. A run becomes visible in one moment, when it is
/// finished: until then nobody sees it, and if its process dies, nobody ever will. What a call has returned
/// from is on disk: it outlives `kill -9` and a power cut.
///
/// The file is closed, and another writer may have it, when the last copy of the value and of the writers it
/// handed out is gone.
///
/// Every call blocks until the disk has answered (a few milliseconds for a batch). All of them may be made
/// from any task; they take turns.
public struct Store: Sendable {
  /// Where the file lies, absolute.
  public let path: String
  /// Runs that were under way when their process died. They were removed when the store was opened.
  public let abandoned: [Run]

  /// How long the disk takes.
  private let commits: CommitTimes

  private let queue: DatabaseQueue
  private let lock: WriterLock?

  /// Opens the store at `path` for writing, or creates it, with the directories above it (mode 0700; the file
  /// has 0600). Brings an older schema forward, and removes what killed processes left half-done.
  ///
  /// - Parameter commits: told how long each write takes.
  /// - Throws: `locked` while another process or another value has it open for writing.
  public init(path: String, commits: CommitTimes = CommitTimes()) throws(StoreError) {
    self.commits = commits
    let place = try StorePath(path)
    if try place.size() == nil { try place.create() }
    try place.demand(R_OK | W_OK, doing: "opening it for writing")
    try place.demandHeader()
    let lock = try WriterLock(of: place.text)
    do {
      queue = try Connection.openForWriting(place)
      abandoned = try queue.write(RunRow.removeRunning)
    } catch {
      throw StoreError(error, path: place.text)
    }
    self.path = place.text
    self.lock = lock
  }

  private init(reading place: StorePath, _ queue: DatabaseQueue) {
    path = place.text
    abandoned = []
    commits = CommitTimes()
    self.queue = queue
    lock = nil
  }

  /// Opens an existing store for reading alone, also beside a writer. It never changes anything.
  public static func openForReading(path: String) throws(StoreError) -> Store {
    let place = try StorePath(path)
    guard let size = try place.size() else { throw StoreError.notFound(path: place.text) }
    guard size > 0 else { throw StoreError.notAStore(path: place.text, why: "it is empty") }
    try place.demand(R_OK, doing: "opening it for reading")
    try place.demandHeader()
    do {
      return Store(reading: place, try Connection.openForReading(place))
    } catch {
      throw StoreError(error, path: place.text)
    }
  }

  /// Begins a run, which stays invisible until it is finished.
  ///
  /// - Parameters:
  ///   - run: what is known of it; its state must be `running`.
  ///   - inventory: the files it measures, kept once for each content.
  /// - Throws: `runExists` if a run of this id was begun before.
  public func begin(_ run: Run, inventory: [StoredFile]) throws(StoreError) -> RunWriter {
    guard run.state == .running else {
      throw .failed(path: path, why: "run \(run.id) cannot begin as \(run.state.rawValue)")
    }
    let number = try write { db in
      if try RunRow.isTaken(run.id, in: db) { throw StoreError.runExists(path: path, run: run.id) }
      let number = try RunRow.insert(run, into: db)
      try InventoryFileRow.insert(inventory, run: number, into: db)
      return number
    }
    return RunWriter(store: self, number: number, run: run)
  }

  /// Reads every page and every index. Takes seconds for a large store.
  ///
  /// - Throws: `corrupt` with the first thing that does not hold together.
  public func checkIntegrity() throws(StoreError) {
    try read { db in
      try demandIntegrity(of: db)
      try db.checkForeignKeys()
    }
  }

  /// Refuses pages that do not hold together, of the store or of a copy of it.
  func demandIntegrity(of db: Database) throws {
    if let complaint = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)"), complaint != "ok" {
      throw StoreError.corrupt(path: path, why: complaint)
    }
  }

  var reader: any DatabaseReader { queue }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try queue.read(body) } catch { throw StoreError(error, path: path) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    guard lock != nil else { throw .readOnly(path: path) }
    do { return try commits.timing { try queue.write(body) } } catch { throw StoreError(error, path: path) }
  }

  /// A transaction that may take itself back.
  func writeAtWill<Value>(
    _ body: (Database) throws -> (Database.TransactionCompletion, Value)
  ) throws(StoreError) -> Value {
    guard lock != nil else { throw .readOnly(path: path) }
    do {
      return try commits.timing {
        try queue.writeWithoutTransaction { db in
          var value: Value?
          try db.inTransaction(.immediate) {
            let (completion, result) = try body(db)
            value = result
            return completion
          }
          guard let value else {
            throw StoreError.failed(path: path, why: "a transaction ended without a result")
          }
          return value
        }
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }
}
