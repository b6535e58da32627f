import Foundation

/// Where things are: the repository, the program under test, and rooms for what tests write.
enum Room {
  /// The repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The folder of these tests.
  static let tests = repository + "/Tests/EndToEndTests"

  /// The folder the test bundle was built into.
  static let products = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent().path

  /// The program under test: the one built beside the tests, or the one `V6AUDIT_PROGRAM` names.
  static let program = ProcessInfo.processInfo.environment["V6AUDIT_PROGRAM"] ?? products + "/v6audit"

  /// The small inventory and the illustrative city.
  static let small = repository + "/Tests/Lab/inventories/small"
  static let city = repository + "/Inventory/hanoi"

  /// An empty folder of this name. It is emptied when it is asked for, not afterwards, so that what a failed
  /// test left can be looked at.
  static func empty(_ name: String) throws -> String {
    let path = products + "/EndToEnd/" + name
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// A new, empty file, open for writing.
  static func file(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(filePath: path))
    return try FileHandle(forWritingTo: URL(filePath: path))
  }

  /// A copy of an inventory in a room, with lines added to one of its files.
  static func copy(_ inventory: String, to path: String, adding lines: [String], to file: String) throws {
    try FileManager.default.copyItem(atPath: inventory, toPath: path)
    let text = try String(contentsOfFile: path + "/" + file, encoding: .utf8)
    try (text + lines.map { $0 + "\n" }.joined()).write(
      toFile: path + "/" + file, atomically: true, encoding: .utf8)
  }
}

/// How a command ended and what it said.
struct Ended {
  let status: Int32
  let stdout: String
  let stderr: String

  /// Everything, for a failure's comment.
  var text: String { "exit \(status)\n\(stdout)\(stderr)" }
}
