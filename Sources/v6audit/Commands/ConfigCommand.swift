import ArgumentParser
import Daemon
import Foundation

/// `v6audit config`: what the daemon is told.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Work with the daemon's configuration.", subcommands: [Check.self])

  /// `v6audit config check`: everything that is wrong at once.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract:
        "Check the daemon's configuration, with the inventory, the policy and the roots that it names.",
      discussion:
        "Each problem is one line: file:line:column: what: why; remedy. Exit code 2 if there is any.")

    @OptionGroup var files: ConfigurationOptions

    func run() throws {
      do {
        let read = try ConfigurationFiles(
          path: files.config, environment: ProcessInfo.processInfo.environment)
        let situation = try read.situation()
        let beside = read.files.count > 1 ? " and \(read.files.count - 1) beside it" : ""
        Terminal.print(
          "\(files.config)\(beside): \(situation.inventory.hosts.count) hosts of "
            + "\(situation.inventory.agencies.count) agencies, policy \(situation.configuration.policy): no problem found"
        )
      } catch let error as SituationErrors {
        for line in error.lines { Terminal.print(line) }
        throw CommandFailure(
          .usage, "\(files.config): \(error.lines.count) problem\(error.lines.count == 1 ? "" : "s")")
      } catch let error as DaemonError {
        throw CommandFailure(.usage, error)
      }
    }
  }
}
