import ArgumentParser
import Daemon
import Dashboard

/// Which configuration a command is about.
struct ConfigurationOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "The configuration. Files in FILE.d that end in .yaml are read after it.", valueName: "file"))
  var config = ConfigurationFiles.defaultPath
}

/// `v6audit daemon`: measure for years.
struct DaemonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon",
    abstract: "Measure round after round, and answer whoever asks.",
    discussion: """
      SIGHUP reads the configuration again and keeps the old one if there is anything wrong with the new one. SIGTERM \
      ends within ten seconds; what was measured is stored. Under systemd: systemctl start v6audit.
      """)

  @OptionGroup var files: ConfigurationOptions

  static func run(_ beginning: Daemon.Beginning, _ files: ConfigurationOptions) async throws {
    do {
      try await Daemon.run(beginning, configuration: files.config, version: Version.text)
    } catch let error as SituationErrors {
      throw CommandFailure(
        .usage, "\(files.config): \(error.lines.count) problem\(error.lines.count == 1 ? "" : "s")\n\(error)")
    } catch let error as DaemonError {
      throw CommandFailure(.internalError, error)
    } catch let error as DashboardError {
      throw CommandFailure(.usage, error)
    }
  }
}

/// `v6audit broker`: a part of the daemon, started by it or by systemd.
struct BrokerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "broker", abstract: "Open packet sockets for the daemon's workers.", shouldDisplay: false)

  func run() throws {
    do throws(DaemonError) {
      var broker = try Broker()
      broker.run()
    } catch {
      throw CommandFailure(.internalError, error)
    }
  }
}

/// `v6audit worker`: a part of the daemon, started by it alone.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Carry out one order of the daemon.", shouldDisplay: false)

  static func run(_ worker: Worker) async throws {
    worker.dieWithDaemon()
    do {
      if let request = worker.check {
        return try await CheckCommand.run(request, try worker.situation())
      }
      _ = try await Interruption.guarding {
        await worker.runRound()
        await worker.runProbe()
      }
    } catch let error as DaemonError {
      throw CommandFailure(.internalError, error)
    }
  }
}
