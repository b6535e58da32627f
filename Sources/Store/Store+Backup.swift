import GRDB
import Glibc

extension Store {
  /// Copies the store into a file that is not there yet, while others read and write: all runs that are visible when it
  /// begins, checked page by page. The copy is one file without a log beside it, for its owner alone (mode 0600).
  ///
  /// It appears whole or not at all, and what was acknowledged is on disk. A writer is never held up; a copy takes as
  /// long as reading the store twice.
  ///
  /// - Returns: the size of the copy in bytes.
  /// - Throws: `exists` if there is such a file; `corrupt`, about the store itself, if the copy does not hold together.
  @discardableResult
  public func backup(to path: String) throws(StoreError) -> Int64 {
    let place = try StorePath(path)
    if try place.size() != nil { throw StoreError.exists(path: place.text) }
    var partial = try PartialFile(for: place)
    do {
      try copy(to: partial.path)
    } catch {
      throw Self.blaming(StoreError(error, path: place.text), source: self.path)
    }
    return try partial.show(as: place)
  }

  private func copy(to path: String) throws {
    var configuration = Configuration()
    configuration.label = "backup"
    let copy = try DatabaseQueue(path: path, configuration: configuration)
    try reader.backup(to: copy)
    try copy.writeWithoutTransaction { db in
      // The log's mode is copied with the pages; without it the file needs nothing beside itself.
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
      try demandIntegrity(of: db)
    }
    try copy.close()
  }

  /// What is damaged is the store, whatever file was being written.
  private static func blaming(_ error: StoreError, source: String) -> StoreError {
    switch error {
    case .corrupt(_, let why): .corrupt(path: source, why: why)
    case .notAStore(_, let why): .notAStore(path: source, why: why)
    default: error
    }
  }
}

/// A file under another name beside the place it is meant for, until it is whole. What a killed process left there is
/// taken over by the next.
private struct PartialFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  /// Whether the name is still ours to take away.
  private var isPartial = true

  init(for place: StorePath) throws(StoreError) {
    path = place.text + ".partial"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(errno: errno, path: place.text, doing: "creating \(path)")
    }
    // Whoever has the lock is alive.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK
        ? .locked(path: place.text, holder: nil)
        : StoreError(errno: code, path: place.text, doing: "locking \(path)")
    }
    for suffix in ["-journal", "-wal", "-shm"] { unlink(path + suffix) }
    guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, 0o600) == 0 else {
      let code = errno
      throw StoreError(errno: code, path: place.text, doing: "emptying \(path)")
    }
  }

  /// Gives the file its name, on disk.
  mutating func show(as place: StorePath) throws(StoreError) -> Int64 {
    var status = stat()
    guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
      throw StoreError(errno: errno, path: place.text, doing: "writing it to the disk")
    }
    // A link, unlike a new name, replaces nothing that has come there meanwhile.
    guard link(path, place.text) == 0 else {
      throw errno == EEXIST
        ? .exists(path: place.text) : StoreError(errno: errno, path: place.text, doing: "naming it")
    }
    unlink(path)
    isPartial = false
    let directory = open(place.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
    return Int64(status.st_size)
  }

  deinit {
    if isPartial { for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) } }
    close(descriptor)
  }
}
