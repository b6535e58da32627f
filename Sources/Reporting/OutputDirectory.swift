import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why results could not be written.
public struct OutputError: Error, CustomStringConvertible {
  /// The file or directory.
  public let path: String
  /// What was tried.
  public let action: String
  /// The operating system's reason.
  public let why: String

  /// An error of these parts.
  public init(path: String, action: String, why: String) {
    self.path = path
    self.action = action
    self.why = why
  }

  /// `DIR/compliance.csv: cannot write: No space left on device; …`
  public var description: String {
    "\(path): cannot \(action): \(why); choose another directory with --output or free this one"
  }
}

/// A directory of result files that changes from one run's to the next run's in one step.
///
/// The files a reader sees are symbolic links through `.current`, which names the folder of one run; putting
/// a run in place is a single `rename(2)` of `.current` (the kubelet writes mounted volumes the same way).
/// Whenever the program is killed, all files are the old run's or all are the new run's.
public struct OutputDirectory: Sendable {
  /// The directory's path.
  public let path: String

  /// The directory at `path`; it is made when first written.
  public init(_ path: String) { self.path = path }

  /// Makes the directory and sees that it can be written, before hours are spent on what goes into it.
  ///
  /// - Throws: `OutputError`.
  public func prepare() throws(OutputError) {
    try makeDirectory(path)
    guard access(path, W_OK | X_OK) == 0 else { throw failure(path, "write into") }
  }

  /// Puts `files` in place of those that are there. Files of other names are left alone.
  ///
  /// Programs that publish into one directory take turns, for as long as it takes to write.
  ///
  /// - Parameter run: the id of the run, which names the hidden folder.
  /// - Throws: `OutputError`; the old files then still stand.
  public func publish(_ files: [ResultFile], run: String) throws(OutputError) {
    try makeDirectory(path)
    let directory = try lock()
    defer { close(directory) }
    // Before, for the room it takes; afterwards, whatever became of this run.
    clearAbandoned()
    defer { clearAbandoned() }
    // The run that is in place is not touched, even to be written again.
    let folder = current == ".run-\(run)" ? ".run-\(run).again" : ".run-\(run)"
    try makeDirectory("\(path)/\(folder)")
    for file in files { try file.write(into: "\(path)/\(folder)") }
    try synchronise("\(path)/\(folder)")
    if current == nil { try adopt(files.map(\.name)) }
    for file in files { try link(file.name, to: ".current/\(file.name)") }
    try link(".current", to: folder)
    try synchronise(path)
  }

  /// The folder of the run in place.
  private var current: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "\(path)/.current")
  }

  /// The directory, open and locked until it is closed, by whatever end.
  private func lock() throws(OutputError) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "open") }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        defer { close(descriptor) }
        throw failure(path, "lock")
      }
    }
    return descriptor
  }

  /// Clears away what a run left that was killed or failed: under the lock it is nobody's.
  private func clearAbandoned() {
    let kept = current
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where (name.hasPrefix(".run-") && name != kept) || name.hasPrefix(".link-") {
      try? remove(name)
    }
  }

  /// Lets result files that are plain files, as a copy of a directory has them, become a run in place, so that
  /// they too are replaced in one step. What a reader sees does not change.
  private func adopt(_ names: [String]) throws(OutputError) {
    let plain = names.filter { access("\(path)/\($0)", F_OK) == 0 }
    if plain.isEmpty { return }
    let folder = ".run-before"
    try makeDirectory("\(path)/\(folder)")
    for name in plain {
      guard Glibc.link("\(path)/\(name)", "\(path)/\(folder)/\(name)") == 0 else {
        throw failure("\(path)/\(name)", "replace")
      }
    }
    try link(".current", to: folder)
    for name in plain { try link(name, to: ".current/\(name)") }
  }

  /// Makes `name` a symbolic link to `destination`, replacing what is there in one step.
  private func link(_ name: String, to destination: String) throws(OutputError) {
    let target = "\(path)/\(name)"
    if (try? FileManager.default.destinationOfSymbolicLink(atPath: target)) == destination { return }
    let temporary = "\(path)/.link-\(getpid())-\(name)"
    unlink(temporary)
    guard symlink(destination, temporary) == 0 else { throw failure(temporary, "create") }
    guard rename(temporary, target) == 0 else { throw failure(target, "replace") }
  }

  private func makeDirectory(_ path: String) throws(OutputError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: path, action: "create", why: (error as NSError).localizedDescription)
    }
  }

  private func remove(_ name: String) throws(OutputError) {
    let target = "\(path)/\(name)"
    do {
      try FileManager.default.removeItem(atPath: target)
    } catch {
      throw OutputError(path: target, action: "remove", why: (error as NSError).localizedDescription)
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

extension ResultFile {
  /// Writes the file into a directory, on disk.
  func write(into directory: String) throws(OutputError) {
    let target = "\(directory)/\(name)"
    func failure(_ action: String) -> OutputError {
      OutputError(path: target, action: action, why: String(cString: strerror(errno)))
    }
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create") }
    defer { close(descriptor) }
    for piece in pieces {
      var rest = piece[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw failure("write") }
        rest = rest.dropFirst(written)
      }
    }
    guard fsync(descriptor) == 0 else { throw failure("write") }
  }
}
