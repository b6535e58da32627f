/// Why the store could not do what was asked. Every case carries where: the path of the store.
///
/// A store that cannot be read is never repaired, replaced or emptied: it may hold the only evidence there is.
public enum StoreError: Error, Sendable, Hashable {
  /// There is no file.
  case notFound(path: String)
  /// There is a file, but this program did not make it: no SQLite database, or another program's.
  case notAStore(path: String, why: String)
  /// It was a store once, and it is damaged: cut off, overwritten, or a page that does not hold together.
  case corrupt(path: String, why: String)
  /// A later version of this program wrote it: these migrations are unknown here.
  case newerSchema(path: String, migrations: [String])
  /// An earlier version wrote it and these migrations are missing, but it was opened for reading only.
  case olderSchema(path: String, migrations: [String])
  /// Another process writes to it; `holder` is its process id, where it could be told.
  case locked(path: String, holder: Int32?)
  /// The file system is full. What was acknowledged is still there, and the failed step left no trace.
  case diskFull(path: String)
  /// The file or its file system is read-only.
  case readOnly(path: String)
  /// The operating system denies access.
  case permission(path: String, why: String)
  /// There is no such run, or it never came to an end.
  case unknownRun(path: String, run: String)
  /// A run of this id is there already.
  case runExists(path: String, run: String)
  /// The run takes nothing more: it is finished or was abandoned.
  case runClosed(path: String, run: String)
  /// A file is there already, and a copy replaces nothing.
  case exists(path: String)
  /// A row holds what this version does not understand, though the schema is known.
  case unreadable(path: String, what: String, why: String)
  /// Anything else that SQLite or the operating system reported, in its words.
  case failed(path: String, why: String)
}

extension StoreError {
  /// The path of the store.
  public var path: String {
    switch self {
    case .notFound(let path), .notAStore(let path, _), .corrupt(let path, _), .newerSchema(let path, _),
      .olderSchema(let path, _), .locked(let path, _), .diskFull(let path), .readOnly(let path),
      .permission(let path, _), .unknownRun(let path, _), .runExists(let path, _), .runClosed(let path, _),
      .exists(let path), .unreadable(let path, _, _), .failed(let path, _):
      path
    }
  }

  /// The thing that is wrong.
  public var what: String {
    switch self {
    case .unknownRun(_, let run), .runExists(_, let run), .runClosed(_, let run): "run \(run)"
    case .unreadable(_, let what, _): what
    case .exists: "copy"
    default: "store"
    }
  }

  /// What is wrong with it.
  public var why: String {
    switch self {
    case .notFound: "does not exist"
    case .notAStore(_, let why): "is not a store of this program: \(why)"
    case .corrupt(_, let why): "is damaged: \(why)"
    case .newerSchema(_, let migrations):
      "was written by a later version (unknown here: \(migrations.joined(separator: ", ")))"
    case .olderSchema(_, let migrations):
      "was written by an earlier version (missing: \(migrations.joined(separator: ", ")))"
    case .locked(_, let holder?): "is in use by another writer, process \(holder)"
    case .locked(_, nil): "is in use by another writer"
    case .diskFull: "could not be written: the file system is full"
    case .readOnly: "could not be written: the file or its file system is read-only"
    case .permission(_, let why): "access denied: \(why)"
    case .unknownRun: "is not in the store"
    case .runExists: "is in the store already"
    case .runClosed: "is closed and takes nothing more"
    case .exists: "is there already"
    case .unreadable(_, _, let why): "cannot be read: \(why)"
    case .failed(_, let why): why
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .notFound: "name the file with --db, or run an audit first"
    case .notAStore: "name another file with --db; this one was left as it is"
    case .corrupt:
      "keep the file as it is, restore a copy, or salvage it with `sqlite3 FILE .recover`, into another file"
    case .newerSchema: "install that version or a later one; the file was left as it is"
    case .olderSchema: "run an audit on it once, which brings it forward; take a copy before"
    case .locked: "wait until it has ended, or name another file with --db"
    case .diskFull: "make room and try again"
    case .readOnly: "name a file in a writable directory with --db"
    case .permission: "run as the user that owns it, or name another file with --db"
    case .unknownRun: "list the runs there are; a run that was killed leaves nothing, and old runs are let go"
    case .runExists: "begin the run under another id"
    case .runClosed: "begin another run"
    case .exists: "name a file that is not there yet; none is replaced"
    case .unreadable: "read it with the version that wrote the run"
    case .failed: "see the system's log for the disk, and try again"
    }
  }
}

extension StoreError: CustomStringConvertible {
  /// One line for a person: `/var/lib/v6audit/store.db: store: what is wrong; what to do`.
  public var description: String { "\(path): \(what): \(why); \(remedy)" }
}
