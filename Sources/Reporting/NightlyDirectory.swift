import CLinux
import Foundation
import Glibc
import Observations

/// A directory that gets a directory a day, each with the files of one run and their sums, kept for a time.
public struct NightlyDirectory: Sendable {
  /// Where the days are.
  public let path: String

  /// The days in `path`, which is made when the first is written.
  public init(_ path: String) { self.path = path }

  /// Writes a day's files with `SHA256SUMS` beside them; all appear at once, in place of those of an earlier try.
  ///
  /// - Returns: the day's directory.
  /// - Throws: `OutputError`; what was there then still stands.
  public func write(_ files: [ResultFile], day: CivilDate) throws(OutputError) -> String {
    let (final, partial) = ("\(path)/\(day)", "\(path)/.\(day).partial")
    try attempt(path, "create") {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    // One at a time: whoever has the lock owns what is half-done.
    let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw failure(path, "open") }
    defer { close(lock) }
    guard flock(lock, LOCK_EX) == 0 else { throw failure(path, "lock") }
    try? FileManager.default.removeItem(atPath: partial)
    try attempt(partial, "create") {
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
    }
    defer { try? FileManager.default.removeItem(atPath: partial) }
    let sums = files.map { "\($0.sha256)  \($0.name)\n" }.joined()
    for file in files + [ResultFile(name: "SHA256SUMS", bytes: Array(sums.utf8))] {
      try file.write(into: partial)
    }
    try synchronise(partial)
    if rename(partial, final) != 0 {
      guard errno == EEXIST || errno == ENOTEMPTY else { throw failure(final, "create") }
      let status = clinux_exchange(partial, final)
      guard status == 0 else {
        errno = -status
        throw failure(final, "replace")
      }
    }
    try synchronise(path)
    return final
  }

  /// Removes the days before one; other names are left alone.
  ///
  /// - Returns: those that were removed.
  public func removeDays(before day: CivilDate) throws(OutputError) -> [CivilDate] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let old = names.compactMap { CivilDate($0) }.filter { $0 < day }.sorted()
    for day in old {
      let directory = "\(path)/\(day)"
      try attempt(directory, "remove") { try FileManager.default.removeItem(atPath: directory) }
    }
    return old
  }

  private func attempt(_ path: String, _ action: String, _ body: () throws -> Void) throws(OutputError) {
    do { try body() } catch {
      throw OutputError(path: path, action: action, why: (error as NSError).localizedDescription)
    }
  }

  private func synchronise(_ directory: String) throws(OutputError) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(directory, "open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(directory, "synchronise") }
  }

  private func failure(_ path: String, _ action: String) -> OutputError {
    OutputError(path: path, action: action, why: String(cString: strerror(errno)))
  }
}
