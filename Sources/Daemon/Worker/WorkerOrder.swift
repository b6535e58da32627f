import Dashboard
import Foundation
import Glibc
import Inventory
import Observations
import StrictYAML

/// What a worker is to do. It holds the bytes of the configuration and the inventory that are in force, so that a file that
/// is being changed is not read half-way.
struct WorkerOrder: Codable, Sendable {
  /// A file as it was read.
  struct File: Codable, Sendable, Hashable {
    var name: String
    var bytes: Data
  }

  /// The task.
  enum Task: Codable, Sendable, Hashable {
    /// A round over the inventory.
    case round(kind: RoundKind, isRetest: Bool, hosts: [String]?, patience: Double)
    /// One host, now, for a person at a terminal.
    case check(CheckRequest)
    /// One host, now, for a scrape.
    case probe(ProbeRequest)
  }

  /// The configuration files, in order.
  var configuration: [File]
  /// The variables that win over them.
  var environment: [String: String]
  /// The inventory's files.
  var inventory: [File]
  /// What to do.
  var task: Task

  /// Puts it into a file of memory, read from its beginning.
  ///
  /// - Returns: the descriptor, which the caller closes.
  func file() throws(DaemonError) -> Int32 {
    let bytes: Data
    do { bytes = try JSONEncoder().encode(self) } catch {
      throw DaemonError("an order", why: "\(error)", remedy: "report this as a fault of the program")
    }
    return try MemoryFile.make(bytes)
  }

  /// Reads it from a descriptor.
  static func read(from descriptor: Int32) throws(DaemonError) -> WorkerOrder {
    do {
      let bytes = try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
      return try JSONDecoder().decode(WorkerOrder.self, from: bytes)
    } catch {
      throw DaemonError("the order", why: "\(error)", remedy: "workers are started by the daemon alone")
    }
  }
}

/// A check that somebody asks the daemon for.
public struct CheckRequest: Codable, Sendable, Hashable {
  /// The host: a DNS name, an address, or the id of a host in the daemon's inventory.
  public var host: String
  /// Words of the command line that the daemon lets through; see `CheckCommand`.
  public var options: [String]
  /// Variables about the terminal: NO_COLOR, TERM.
  public var environment: [String: String]

  /// A request.
  public init(host: String, options: [String], environment: [String: String]) {
    self.host = host
    self.options = options
    self.environment = environment
  }
}
