import Foundation
import Glibc
import Observations

/// Why evidence cannot be kept.
public struct EvidenceError: Error, Sendable, CustomStringConvertible {
  /// The directory.
  public var path: String
  /// What is wrong with it.
  public var why: String

  /// What and why, and what to do.
  public var description: String {
    "\(path): evidence cannot be kept there: \(why); name another place with --evidence DIR, or go without by "
      + "--no-evidence"
  }
}

/// The directory that holds the evidence of runs, a directory a run.
///
/// A run's files are written beside, in a directory that only its process has locked, and shown by one `rename(2)`:
/// whoever looks finds all of a run's evidence or none. What a killed process left is removed by the next one.
public final class EvidenceDirectory: Sendable {
  /// Where the runs' directories are.
  public let path: String
  private let partial: String
  private let lock: Int32

  /// Makes a place for the evidence of a run that begins.
  ///
  /// - Parameter abandoned: runs that never came to be visible; their evidence goes too.
  public init(_ path: String, run: String, abandoned: [String]) throws(EvidenceError) {
    self.path = path
    partial = "\(path)/.\(run).partial"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      for run in abandoned { try? FileManager.default.removeItem(atPath: "\(path)/\(run)") }
      Self.removeRemains(in: path)
      try FileManager.default.createDirectory(
        atPath: partial, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw EvidenceError(path: path, why: (error as NSError).localizedDescription)
    }
    lock = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw EvidenceError(path: partial, why: String(cString: strerror(errno)))
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: partial)
    close(lock)
  }

  /// Where to spool while measuring; nothing with a name is put there.
  public var spoolDirectory: String { partial }

  /// The run's directory once it is shown.
  public static func directory(in path: String, run: String) -> String { "\(path)/\(run)" }

  /// The runs whose evidence is in a directory.
  public static func runs(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.wholeMatch(of: /[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}/) != nil }
  }

  /// Writes a run's evidence and shows it.
  public func publish(_ writer: EvidenceWriter) throws(EvidenceError) -> EvidenceSummary {
    let final = Self.directory(in: path, run: writer.run.id)
    let summary: EvidenceSummary
    do {
      summary = try writer.write(to: partial, final: final)
    } catch {
      throw EvidenceError(path: partial, why: "\(error)")
    }
    // The names of the files are on disk before the directory is shown under its name.
    fsync(lock)
    guard rename(partial, final) == 0 else {
      throw EvidenceError(path: final, why: String(cString: strerror(errno)))
    }
    return summary
  }

  /// Removes what processes that are gone have left: a directory that nobody has locked.
  private static func removeRemains(in path: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(".partial") {
      let remains = "\(path)/\(name)"
      let descriptor = open(remains, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: remains) }
      close(descriptor)
    }
  }
}
