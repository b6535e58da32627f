import Foundation

/// A lab that stays up while a test types commands into it.
///
/// It ends when `close` is called or when this process is gone: its keeper reads from a pipe that ends with us,
/// and with the keeper the kernel takes the namespaces down. Packets leave only inside it.
actor Lab {
  /// Why a lab is not there. A test that needs one fails by this; it is never skipped.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The folder commands run in, with whatever they write.
  nonisolated let room: String

  private let requests: FileHandle
  private let messages: String
  private var waiting: [String: CheckedContinuation<Int32, any Error>] = [:]
  private var isUp = true
  private var jobs = 0

  /// What every command finds: the program as `v6audit`, and the options that lead to this lab,
  /// in `$lab` under the first policy, in `$rubric` under the whole rubric.
  private static let prelude = """
    where=(--resolver "$LAB_RESOLVER" --root "$LAB_ROOT" --ca-file "$LAB_CA" --control "$LAB_CONTROL" --dark "$LAB_DARK"
      --rate 2000 --vantage lab)
    lab=(--policy 2026-0-lab "${where[@]}")
    rubric=(--policy 2026-1-lab "${where[@]}")

    """

  /// Reads the name of a job a line, runs it beside the others, and tells its name and exit code when it is
  /// done. Job control gives each job the signal dispositions of a terminal: without it SIGINT is ignored.
  private static let keeper = """
    set -m
    echo up 0
    while read -r job; do
      { bash "jobs/$job/script" </dev/null >"jobs/$job/stdout" 2>"jobs/$job/stderr"; echo "$job $?"; } &
    done
    """

  /// Builds the network of an inventory and waits until all of it answers.
  ///
  /// - Parameter faults: rows of `host,fault`, as `lab-faults.csv` has them.
  static func start(_ name: String, inventory: String, faults: [String] = []) async throws -> Lab {
    guard FileManager.default.isExecutableFile(atPath: Room.program) else {
      throw Failure(description: "there is no program at \(Room.program): build the product v6audit first")
    }
    let room = try Room.empty(name)
    for folder in ["bin", "jobs"] {
      try FileManager.default.createDirectory(atPath: "\(room)/\(folder)", withIntermediateDirectories: false)
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(room)/bin/v6audit", withDestinationPath: URL(filePath: Room.program).path)
    try ("host,fault\n" + faults.map { $0 + "\n" }.joined()).write(
      toFile: "\(room)/faults.csv", atomically: true, encoding: .utf8)
    return try await Lab(room: room, inventory: inventory)
  }

  private init(room: String, inventory: String) async throws {
    self.room = room
    messages = "\(room)/lab.stderr"
    let (input, output) = (Pipe(), Pipe())
    requests = input.fileHandleForWriting
    let process = Process()
    process.executableURL = URL(filePath: Room.repository + "/Tests/Lab/lab")
    process.arguments = [
      "run", "--inventory", inventory, "--faults", "\(room)/faults.csv", "--", "bash", "-c", Self.keeper,
    ]
    process.currentDirectoryURL = URL(filePath: room)
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "PATH": "\(room)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
        "V6AUDIT_DB": "\(room)/v6audit.db", "LC_ALL": "C.UTF-8",
      ], uniquingKeysWith: { _, own in own })
    process.standardInput = input
    process.standardOutput = output
    process.standardError = try Room.file(messages)
    let (chunks, reader) = AsyncStream.makeStream(of: Data.self)
    output.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
        reader.finish()
      } else {
        reader.yield(data)
      }
    }
    try process.run()
    Task { await listen(to: chunks) }
    let code = try await withCheckedThrowingContinuation { waiting["up"] = $0 }
    guard code == 0 else { throw Failure(description: "the lab did not come up") }
  }

  /// Runs a bash script in the lab, beside others that run there.
  func run(_ script: String) async throws -> Ended {
    guard isUp else { throw down() }
    jobs += 1
    let job = "\(jobs)"
    let folder = "\(room)/jobs/\(job)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try (Self.prelude + script + "\n").write(toFile: folder + "/script", atomically: false, encoding: .utf8)
    let status = try await withCheckedThrowingContinuation { continuation in
      waiting[job] = continuation
      do {
        try requests.write(contentsOf: Data("\(job)\n".utf8))
      } catch {
        waiting[job] = nil
        continuation.resume(throwing: error)
      }
    }
    func said(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
    }
    return Ended(status: status, stdout: try said("stdout"), stderr: try said("stderr"))
  }

  /// Takes the lab down.
  func close() { try? requests.close() }

  private func listen(to chunks: AsyncStream<Data>) async {
    var rest = Data()
    for await chunk in chunks {
      rest += chunk
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let words = String(decoding: rest[rest.startIndex..<end], as: UTF8.self).split(separator: " ")
        rest = Data(rest[rest.index(after: end)...])
        guard words.count == 2, let code = Int32(words[1]) else { continue }
        waiting.removeValue(forKey: String(words[0]))?.resume(returning: code)
      }
    }
    isUp = false
    for continuation in waiting.values { continuation.resume(throwing: down()) }
    waiting = [:]
  }

  private func down() -> Failure {
    let said = (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
    return Failure(description: "the lab in \(room) is down: \(said)")
  }
}
