import Foundation
import Glibc

/// `store-testtool`, run in a process of its own.
struct TestTool {
  /// It lies beside the test program.
  static let path: String = {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("store-testtool")
      .path
  }()

  let process = Process()
  private let output = Pipe()
  /// What was read of a line that is not whole yet: a pipe that is full takes a line in pieces.
  private let rest = Rest()

  private final class Rest {
    var bytes = Data()
  }

  /// Starts it, under the command `prefix` if there is one.
  init(_ arguments: [String], under prefix: [String] = []) throws {
    try self.init(command: prefix + [Self.path] + arguments)
  }

  private init(command: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = output
    try process.run()
  }

  /// Runs it to its end.
  static func run(_ arguments: [String], under prefix: [String] = []) throws -> (
    lines: [String], status: Int32
  ) {
    try TestTool(arguments, under: prefix).finish()
  }

  /// Runs a shell script to its end; its `$0` is `argument`, its `$1` the path of the tool.
  static func shell(
    _ script: String, _ argument: String, under prefix: [String]
  ) throws -> (lines: [String], status: Int32) {
    try TestTool(command: prefix + ["sh", "-c", script, argument, path]).finish()
  }

  /// Waits until it has printed at least so many lines, and returns what it had printed by then, whole lines alone.
  func waitForLines(_ count: Int) -> [String] {
    var lines: [String] = []
    while lines.count < count {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      rest.bytes += data
      let whole = rest.bytes.prefix((rest.bytes.lastIndex(of: 0x0a) ?? rest.bytes.startIndex - 1) + 1)
      lines += String(decoding: whole, as: UTF8.self).split(separator: "\n").map(String.init)
      rest.bytes = Data(rest.bytes.dropFirst(whole.count))
    }
    return lines
  }

  /// `kill -9`. Returns all that it had printed and was not read yet; whole lines alone.
  func kill() throws -> [String] {
    Glibc.kill(process.processIdentifier, SIGKILL)
    return try finish().lines
  }

  private func finish() throws -> (lines: [String], status: Int32) {
    let end = try output.fileHandleForReading.readToEnd() ?? Data()
    let text = String(decoding: rest.bytes + end, as: UTF8.self)
    process.waitUntilExit()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    return (lines, process.terminationStatus)
  }
}
