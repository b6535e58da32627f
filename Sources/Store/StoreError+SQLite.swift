import GRDB
import Glibc

extension StoreError {
  /// The store's word for whatever came out of a database access.
  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError: self.init(error, path: path)
    case let error as UnreadableRow: self = .unreadable(path: path, what: error.what, why: error.why)
    default: self = .failed(path: path, why: String(describing: error))
    }
  }

  /// The store's word for an SQLite result code (https://www.sqlite.org/rescode.html). The extended code is
  /// asked first, where it says more than the primary one.
  private init(_ error: DatabaseError, path: String) {
    let why = error.message ?? "\(error.resultCode)"
    switch error.extendedResultCode {
    // Nothing but a full file system hinders SQLite from growing the index of the write-ahead log.
    case .SQLITE_IOERR_SHMSIZE:
      self = .diskFull(path: path)
      return
    case .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS:
      self = .corrupt(path: path, why: why)
      return
    case .SQLITE_READONLY_DBMOVED:
      self = .failed(path: path, why: "was moved or removed while it was open")
      return
    case .SQLITE_IOERR_ACCESS:
      self = .permission(path: path, why: why)
      return
    default: break
    }
    switch error.resultCode {
    // SQLite has a word for a full file system where it finds one while it writes, but not where it makes a file
    // or syncs one; and the errno is not the one of that call any more.
    case .SQLITE_IOERR, .SQLITE_CANTOPEN:
      self =
        Self.isFull(path)
        ? .diskFull(path: path)
        : .failed(path: path, why: "SQLite \(error.extendedResultCode.rawValue): \(why)")
    case .SQLITE_NOTADB: self = .notAStore(path: path, why: "it is no SQLite database")
    case .SQLITE_CORRUPT: self = .corrupt(path: path, why: why)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .locked(path: path, holder: nil)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_PERM, .SQLITE_AUTH: self = .permission(path: path, why: why)
    default: self = .failed(path: path, why: "SQLite \(error.extendedResultCode.rawValue): \(why)")
    }
  }

  /// Whether the file system that a file lies on has room for hardly a page more, or for no file.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    // The file itself may not be there yet.
    guard let place = try? StorePath(path), statvfs(place.directory, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 65_536
      || status.f_files > 0 && status.f_favail == 0
  }
}

/// A row that SQLite hands out and this version does not understand.
struct UnreadableRow: Error {
  /// The row: `observation 17`.
  var what: String
  /// What is wrong with it.
  var why: String
}
