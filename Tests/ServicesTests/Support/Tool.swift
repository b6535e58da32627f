import Foundation
import NIOCore
import NIOPosix
import Observations
import Services

/// A program of the system that a test takes as server or as oracle.
struct Tool: Sendable {
  let path: String

  /// `nil` when it is not installed.
  init?(_ name: String) {
    let places = ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"].map { $0 + name }
    guard let path = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      return nil
    }
    self.path = path
  }

  static func isInstalled(_ names: String...) -> Bool { names.allSatisfy { Tool($0) != nil } }

  /// Runs a program to its end and returns what it wrote to standard output.
  @discardableResult
  static func run(_ name: String, _ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
    try runAll(name, arguments, input: input)
  }

  /// The same with the arguments as a list.
  @discardableResult
  static func runAll(_ name: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = try process(name, arguments)
    let output = Pipe()
    let source = Pipe()
    process.standardOutput = output
    process.standardInput = source
    try process.run()
    try source.fileHandleForWriting.write(contentsOf: Data(input))
    try source.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(bytes)
  }

  /// Starts a server, waits until it takes TCP connections at `port` on ::1, and ends it by its id after
  /// `body`.
  static func serving<Result>(
    _ name: String, _ arguments: [String], port: UInt16, _ body: (Endpoint) async throws -> Result
  ) async throws -> Result {
    let process = try ServerProcess(name, arguments)
    defer { process.end() }
    for _ in 0..<100 {
      let channel = try? await ClientBootstrap(group: NetworkLoop.shared)
        .connect(host: "::1", port: Int(port)).get()
      if let channel {
        try? await channel.close().get()
        return try await body(Endpoint(Loopback.ipv6, port))
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ToolError(message: "\(name) does not listen on port \(port)")
  }

  private static func process(_ name: String, _ arguments: [String]) throws -> Process {
    guard let tool = Tool(name) else { throw ToolError(message: "\(name) is not installed") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool.path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    return process
  }
}

/// A server in a process group of its own, which is ended as a whole.
///
/// Foundation's `Process` hands the blocked signals of its thread down, and a server that never sees SIGTERM
/// cannot be ended politely.
private struct ServerProcess {
  private let id: pid_t

  init(_ name: String, _ arguments: [String]) throws {
    guard let tool = Tool(name) else { throw ToolError(message: "\(name) is not installed") }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words = ([tool.path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var id: pid_t = 0
    guard posix_spawn(&id, tool.path, &actions, &attributes, &words, environ) == 0 else {
      throw ToolError(message: "\(name) does not start")
    }
    self.id = id
  }

  /// Asks the group to end, and insists after two seconds.
  func end() {
    kill(-id, SIGTERM)
    for _ in 0..<40 {
      if waitpid(id, nil, WNOHANG) != 0 { return }
      usleep(50_000)
    }
    kill(-id, SIGKILL)
    waitpid(id, nil, 0)
  }
}

struct ToolError: Error {
  let message: String
}

/// A directory that is gone when the test is over.
struct Scratch {
  let path: String

  static func with<Result>(_ body: (Scratch) async throws -> Result) async throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("v6audit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(Scratch(path: url.path))
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Reads a file.
  func read(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: file(name)), encoding: .utf8)
  }
}
