import ArgumentParser
import Daemon
import PacketIO

/// The entry point: runs the command and turns how it ended into an exit code.
@main
enum Main {
  static func main() async {
    ProcessMemory.shareHeaps()
    do {
      var command = try V6Audit.parseAsRoot()
      if let rest = try settle(command) {
        try await rest()
      } else if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      Terminal.complain(failure.message)
      Terminal.exit(failure.status)
    } catch let status as ExitStatus {
      Terminal.exit(status)
    } catch {
      // Help and version are asked for through errors too; they are no mistakes.
      let isMistake = V6Audit.exitCode(for: error) != .success
      if isMistake {
        Terminal.complain(V6Audit.fullMessage(for: error))
      } else {
        Terminal.print(V6Audit.fullMessage(for: error))
      }
      Terminal.exit(isMistake ? .usage : .done)
    }
  }

  private static func settled<Value>(_ body: () throws(DaemonError) -> Value) throws -> Value {
    do throws(DaemonError) { return try body() } catch { throw CommandFailure(.internalError, error) }
  }

  /// Lets a command give up the rights that it does not need, first of all: capabilities belong to threads, and as yet
  /// there is one.
  ///
  /// - Returns: what is left to do; `nil` for a command like any other.
  private static func settle(_ command: any ParsableCommand) throws -> (@Sendable () async throws -> Void)? {
    if let daemon = command as? DaemonCommand {
      let beginning = try settled { () throws(DaemonError) in try Daemon.Beginning() }
      let files = daemon.files
      return { try await DaemonCommand.run(beginning, files) }
    }
    if command is WorkerCommand {
      let worker = try settled { () throws(DaemonError) in try Worker(version: Version.text) }
      return { try await WorkerCommand.run(worker) }
    }
    return nil
  }
}

/// The root command.
struct V6Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "v6audit",
    abstract: "Measures how much of a public administration really works over IPv6.",
    discussion: """
      Exit codes: 0 done; 1 done, and --fail-under was not met; 2 bad usage, config or input; \
      3 could not measure (no IPv6 here, no permission); 4 internal error.
      """,
    version: Version.text,
    subcommands: [
      AuditCommand.self, CheckCommand.self, InventoryCommand.self, ReportCommand.self, ExplainCommand.self,
      DiffCommand.self, RejudgeCommand.self, ReplayCommand.self, BackupCommand.self, SweepCommand.self,
      DiscoverCommand.self, DaemonCommand.self, StatusCommand.self, ConfigCommand.self, ExportCommand.self,
      DoctorCommand.self,
      BrokerCommand.self,
      WorkerCommand.self,
    ])
}

/// The version of the program.
enum Version {
  static let text = "0.1.0"
}
