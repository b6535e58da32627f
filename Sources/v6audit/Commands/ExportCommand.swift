import ArgumentParser
import Daemon
import Foundation
import Observations
import Reporting

/// `v6audit export`: the compliance files of a night.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the latest run's files into a directory of today's date, and remove what is too old.",
    discussion: """
      compliance.csv, hosts.csv, checks.csv, manifest.json and SHA256SUMS appear at once. The directory, for how long it \
      is kept and a program to run afterwards stand in the configuration, under export. Exit code 2 if there is no \
      complete run yet, 1 if the program afterwards failed.
      """)

  @OptionGroup var files: ConfigurationOptions

  func run() async throws {
    let configuration: Configuration
    do {
      configuration = try ConfigurationFiles(
        path: files.config, environment: ProcessInfo.processInfo.environment
      ).configuration()
    } catch let error as SituationErrors {
      throw CommandFailure(.usage, "\(files.config): nothing was written\n\(error)")
    } catch let error as DaemonError {
      throw CommandFailure(.usage, error)
    }
    guard let directory = configuration.export.directory else {
      throw CommandFailure(.usage, "\(files.config): export: directory: it is off; name a directory")
    }
    let stored = try StoredRun(nil, in: configuration.database)
    let today = Daemon.localDay
    let nights = NightlyDirectory(directory)
    let night: String
    do throws(OutputError) {
      night = try nights.write(try allFiles(stored), day: today)
      let first = CivilDate(
        daysSinceEpoch: today.daysSinceEpoch - Int(configuration.export.keep / 86_400))
      for day in try nights.removeDays(before: first) { Terminal.complain("removed \(directory)/\(day)") }
    } catch {
      throw CommandFailure(.internalError, error)
    }
    Terminal.complain("wrote run \(stored.results.run.id) to \(night)")
    guard let program = configuration.export.after else { return }
    do {
      let process = Process()
      process.executableURL = URL(filePath: program)
      process.arguments = [night]
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw CommandFailure(
          .notMet,
          "export: after: \(program) ended with status \(process.terminationStatus); the files are in \(night)"
        )
      }
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure(
        .notMet,
        "export: after: \(program) cannot be run: \((error as NSError).localizedDescription); the files are in \(night)"
      )
    }
  }

  private func allFiles(_ stored: StoredRun) throws(OutputError) -> [ResultFile] {
    do { return try stored.files() } catch {
      throw OutputError(path: "manifest.json", action: "make", why: "\(error)")
    }
  }
}
