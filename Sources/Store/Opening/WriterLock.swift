import Glibc

/// The right to write to a store, held as long as the store is open.
///
/// SQLite's own locks last for one transaction, and a run takes many. This one lasts for the process, and
/// the kernel lets go of it however the process ends: so whoever holds it knows that every run still marked
/// as running belongs to nobody.
///
/// It is a `flock(2)` on a file of its own. On the database file it could not be: closing a second descriptor
/// of a file drops the POSIX locks that SQLite holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
final class WriterLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the store at `path`, or says who has it.
  init(of path: String) throws(StoreError) {
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError(errno: errno, path: path, doing: "creating its lock file") }
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` closes the descriptor: all stored properties are set.
      guard errno == EWOULDBLOCK else { throw StoreError(errno: errno, path: path, doing: "locking it") }
      throw StoreError.locked(path: path, holder: Self.holder(descriptor))
    }
    // For people and for the message above; the lock itself does not rest on it, so a full disk is no error.
    let line = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, line, line.count, 0) }
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
