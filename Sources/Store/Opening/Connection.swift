import GRDB
import GRDBSQLite
import Glibc

/// How the one SQLite connection of a store is opened.
///
/// A queue and not a pool: the store has one writer, and a pool's readers would each bring a page cache of
/// their own to a program that must stay small. Who wants to read while an audit writes opens the store a
/// second time for reading; SQLite's write-ahead log lets them work side by side, in one process or in two.
enum Connection {
  /// The connection's page cache in KiB: enough for the inner pages of every index, and no more, because
  /// observations are appended and read in order.
  private static let cacheKiB = 2048

  /// How long a transaction waits for another connection, in seconds. With one writer only the short moments
  /// of recovery after a crash and of opening and closing can be contended.
  private static let busyTimeout = 5.0

  /// Opens the database at `path` for writing; makes an empty file a store.
  static func openForWriting(_ path: StorePath) throws -> DatabaseQueue {
    var configuration = common
    configuration.prepareDatabase { db in
      try limit(db)
      try claim(db, path: path)
      try checkLength(db, path: path)
      try Schema.check(db, path: path.text, complete: false)
      // GRDB can switch to the write-ahead log by itself, but then sets `synchronous` to NORMAL after this
      // closure, and a run that was reported as stored could be lost with the power.
      guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
        throw StoreError.failed(path: path.text, why: "its file system does not support a write-ahead log")
      }
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try keepLogFiles(db)
    }
    let queue = try DatabaseQueue(path: path.text, configuration: configuration)
    try Schema.bringForward(queue)
    return queue
  }

  /// Opens the database at `path` for reading alone.
  static func openForReading(_ path: StorePath) throws -> DatabaseQueue {
    var configuration = common
    configuration.readonly = true
    configuration.prepareDatabase { db in
      try limit(db)
      guard try applicationID(db) == Schema.applicationID else {
        throw StoreError.notAStore(path: path.text, why: "it is another program's database")
      }
      try checkLength(db, path: path)
      try Schema.check(db, path: path.text, complete: true)
    }
    do {
      return try DatabaseQueue(path: path.text, configuration: configuration)
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
    {
      // A copy of the file alone, on a medium that cannot take the log's side files. The writer leaves its
      // log in place when it closes, so where there is none, no writer is at work.
      guard try path.size("-wal") ?? 0 == 0, access(path.directory, W_OK) != 0 else { throw error }
      return try DatabaseQueue(path: path.immutableURI, configuration: configuration)
    }
  }

  private static var common: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeout)
    configuration.label = "store"
    return configuration
  }

  private static func limit(_ db: Database) throws {
    // `cell_size_check` finds a damaged page when it is read, not when it is believed; `trusted_schema` keeps
    // a doctored file from running functions.
    try db.execute(
      sql: """
        PRAGMA cache_size = -\(cacheKiB);
        PRAGMA mmap_size = 0;
        PRAGMA cell_size_check = ON;
        PRAGMA trusted_schema = OFF;
        """)
  }

  private static func applicationID(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
  }

  /// Refuses another program's database before anything is written to it, and marks an empty one as ours.
  private static func claim(_ db: Database, path: StorePath) throws {
    let id = try applicationID(db)
    if id == Schema.applicationID { return }
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    guard id == 0, isEmpty else {
      throw StoreError.notAStore(path: path.text, why: "it is another program's database")
    }
    // Space that old runs give back can be returned to the file system, if it is asked for before the first
    // table.
    try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
    try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
  }

  /// Finds a file that was cut off in the middle of its last page, which SQLite would read as zeros. While
  /// the log holds pages the file may rightly be shorter.
  private static func checkLength(_ db: Database, path: StorePath) throws {
    guard try path.size("-wal") ?? 0 == 0, let size = try path.size() else { return }
    let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
    if size < pages * pageSize || size % pageSize != 0 {
      throw StoreError.corrupt(path: path.text, why: "\(size) bytes of \(pages * pageSize) are there")
    }
  }

  /// Leaves the side files of the log in place, empty, when the last connection closes: so that whoever may
  /// read the store but not write to its directory can still open it.
  private static func keepLogFiles(_ db: Database) throws {
    try db.execute(sql: "PRAGMA journal_size_limit = 0")
    var keep: CInt = 1
    sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keep)
  }
}
