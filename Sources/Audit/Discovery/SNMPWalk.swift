import Discovery
import Foundation
import Observations
import Synchronization
import Wire

/// Asks routers for their tables by SNMP, through Net-SNMP's `snmpbulkwalk`, one question at a time.
///
/// Credentials are Net-SNMP's own affair: `snmp.conf`, and `hosts/ADDRESS.conf` for one router, in the directory that is named.
/// So no secret passes through this program or stands in a list of processes.
public struct SNMPWalk: Sendable {
  /// Why a router told nothing.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// In words, for whoever asked.
    public let description: String
  }

  private let scope: Scope
  private let directory: String
  private let program: String

  /// Debian's package snmp has it.
  public static let program = "/usr/bin/snmpbulkwalk"

  /// - Parameters:
  ///   - scope: what may be asked.
  ///   - directory: where Net-SNMP finds its configuration.
  public init(scope: Scope, configuration directory: String, program: String = SNMPWalk.program) {
    (self.scope, self.directory, self.program) = (scope, directory, program)
  }

  /// Asks a router for all tables. What it does not have is not there.
  public func ask(_ router: Endpoint) async throws(Failure) -> RouterTables {
    guard scope.allows(router.address) else {
      throw Failure(
        description: "\(router.address) is outside the scope; allow it with --allow or --inventory")
    }
    var text = ""
    for subtree in RouterTables.subtrees {
      text += try await walk(router, subtree.object, subtree.name) + "\n"
    }
    return RouterTables(SNMPOutput(text))
  }

  private func walk(_ router: Endpoint, _ object: [UInt32], _ name: String) async throws(Failure) -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    let family = router.address.family == .ipv6 ? "udp6:[\(router.address)]" : "udp:\(router.address)"
    // Numbers alone, whatever MIBs are installed; -Cc: agents whose tables are not in order are read all the same.
    process.arguments = [
      "-m", "", "-On", "-OU", "-Ox", "-Oe", "-Cc", "-Cr25", "-t", "2", "-r", "2", "\(family):\(router.port)",
      object.map { ".\($0)" }.joined(),
    ]
    process.environment = ["SNMPCONFPATH": directory, "MIBS": "", "LC_ALL": "C", "HOME": directory]
    let (output, complaints) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, complaints)
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch {
      throw Failure(description: "\(program) cannot be run: install the package snmp")
    }
    let running = Running(process)
    let result: (bytes: [UInt8], errors: [UInt8]) = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Both ends are read, or a program that has much to complain of waits for ever.
        let errors = Task.detached { Self.all(complaints) }
        Task.detached {
          let bytes = Self.all(output)
          let complaints = await errors.value
          running.wait()
          continuation.resume(returning: (bytes, complaints))
        }
      }
    } onCancel: {
      running.stop()
    }
    guard running.status == 0 else {
      let why =
        String(decoding: result.errors.prefix(500), as: UTF8.self)
        .split(separator: "\n").first.map(String.init) ?? "it ended with status \(running.status)"
      throw Failure(description: "\(router.address) does not give \(name): \(why)")
    }
    return String(decoding: result.bytes, as: UTF8.self)
  }

  /// All that a program prints, at most 64 MiB of it: the tables of 500,000 neighbours.
  private static func all(_ pipe: Pipe) -> [UInt8] {
    var bytes: [UInt8] = []
    while let some = try? pipe.fileHandleForReading.read(upToCount: 1 << 16), !some.isEmpty {
      if bytes.count < 64 << 20 { bytes += some }
    }
    return bytes
  }

  /// A process that somebody may stop while somebody else waits for it.
  private final class Running: Sendable {
    private let process: Mutex<Process>
    private let id: Int32

    init(_ process: sending Process) {
      id = process.processIdentifier
      self.process = Mutex(process)
    }

    func wait() { process.withLock { $0.waitUntilExit() } }
    func stop() { kill(id, SIGTERM) }
    var status: Int32 { process.withLock { $0.terminationStatus } }
  }
}
