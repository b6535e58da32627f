import Glibc
import Probing
import Synchronization

/// Where a sweep's lines go: a file, or standard output.
final class SweepOutput: Sendable {
  private struct State {
    var text: [UInt8] = []
    /// Bytes written since the file began, what waits in `text` not included.
    var length: Int
  }

  private let path: String
  private let descriptor: Int32
  private let probe: SweepProbe
  private let format: SweepFormat
  private let includesSilent: Bool
  private let state: Mutex<State>

  /// Writes wait until there is so much of it, in bytes, or until they are asked for.
  private static let chunk = 64 * 1024

  /// Opens the output and writes the header.
  ///
  /// - Parameters:
  ///   - path: `nil` for standard output.
  ///   - kept: how much of a file that is there already stays, when a sweep is resumed; the rest is cut off. `nil` for a
  ///     new file.
  init(
    path: String?, keeping kept: Int?, probe: SweepProbe, format: SweepFormat, includesSilent: Bool
  ) throws(SweepError) {
    self.path = path ?? "standard output"
    self.probe = probe
    self.format = format
    self.includesSilent = includesSilent
    if let path {
      descriptor = open(path, O_WRONLY | O_CLOEXEC | (kept == nil ? O_CREAT | O_TRUNC : 0), 0o644)
      if descriptor < 0, errno == ENOENT, let kept { throw .outputShort(path, kept: kept) }
      guard descriptor >= 0 else { throw .output(path, "cannot be opened", reason: errno) }
    } else {
      descriptor = STDOUT_FILENO
    }
    var first = State(length: kept ?? 0)
    // A whole chunk and the line that makes it one.
    first.text.reserveCapacity(Self.chunk + 256)
    state = Mutex(first)
    guard let kept else {
      state.withLock { $0.text += SweepRow.header(format) }
      return
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= kept, ftruncate(descriptor, kept) == 0,
      lseek(descriptor, kept, SEEK_SET) == kept
    else { throw .outputShort(self.path, kept: kept) }
  }

  deinit {
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }

  /// Adds the lines of findings.
  func take(_ findings: [SweepFinding]) throws(SweepError) {
    try state.withLock { state throws(SweepError) in
      for finding in findings where includesSilent || finding.outcome != .silent {
        SweepRow.append(finding, probe, format, to: &state.text)
        if state.text.count >= Self.chunk { try write(&state) }
      }
      // Whoever reads along wants to see what is there, when there is little.
      if findings.count < 256 { try write(&state) }
    }
  }

  /// Writes everything out; how long the file then is.
  func flush(synchronising: Bool = false) throws(SweepError) -> Int {
    try state.withLock { state throws(SweepError) in
      try write(&state)
      // Not every descriptor can be synchronised: pipes and terminals cannot, and need not be.
      if synchronising, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
        throw .output(path, "cannot be written", reason: errno)
      }
      return state.length
    }
  }

  private func write(_ state: inout State) throws(SweepError) {
    var start = 0
    while start < state.text.count {
      let written = state.text.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .output(path, "cannot be written", reason: errno) }
      start += written
      state.length += written
    }
    state.text.removeAll(keepingCapacity: true)
  }
}
