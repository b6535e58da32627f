import Foundation
import Store

/// A directory of a test's own, gone when the test is.
final class Scratch: Sendable {
  let directory: String

  /// - Parameter inMemory: for tests of thousands of transactions that do not ask whether the disk has them.
  init(inMemory: Bool = false) throws {
    let memory = "/dev/shm/"
    let isThere = inMemory && access(memory, W_OK) == 0
    directory = (isThere ? memory : NSTemporaryDirectory()) + "v6audit-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit {
    // What a test took the permissions from must be removable.
    chmod(directory, 0o700)
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Where a test puts its store.
  var path: String { directory + "/store.db" }

  func write(_ bytes: [UInt8], to name: String = "store.db") throws {
    try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name))
  }

  func bytes(of name: String = "store.db") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
  }

  func mode(of path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return attributes[.posixPermissions] as? Int ?? -1
  }
}
