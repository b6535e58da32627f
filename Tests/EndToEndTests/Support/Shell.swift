import Foundation

/// Runs a command outside any lab: other people's tools that read files.
enum Shell {
  /// Runs a program found in `PATH` and waits for it.
  static func run(_ arguments: [String], in room: String) async throws -> Ended {
    let files = ["stdout", "stderr"].map { "\(room)/shell-\(UUID().uuidString).\($0)" }
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Room.file(files[0])
    process.standardError = try Room.file(files[1])
    let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        ended.resume(throwing: error)
      }
    }
    return Ended(
      status: status, stdout: try String(contentsOfFile: files[0], encoding: .utf8),
      stderr: try String(contentsOfFile: files[1], encoding: .utf8))
  }
}
