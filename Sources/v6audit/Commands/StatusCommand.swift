import ArgumentParser
import Daemon
import Foundation
import Observations
import Readiness
import Reporting

/// `v6audit status`: how the daemon is.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how the daemon is: what it does, what is wrong, where the city stands.",
    discussion: "Exit code 0 if all is well, 1 if something is wrong, 3 if no daemon answers.")

  @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "file"))
  var socket = ControlClient.defaultPath

  @Flag(help: "As one JSON object.")
  var json = false

  func run() throws {
    let status: DaemonStatus
    do throws(DaemonError) {
      status = try ControlClient(path: socket).status()
    } catch {
      throw CommandFailure(.cannotMeasure, error)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      Terminal.print(bytes: Array(try encoder.encode(status)) + [0x0a])
    } else {
      for line in Self.lines(status) { Terminal.print(line) }
    }
    if !status.troubles.isEmpty { throw ExitStatus.notMet }
  }

  private static func lines(_ status: DaemonStatus) -> [String] {
    let city = status.city
    var lines = [
      "v6audit \(status.version) at \(SafeText.printable(status.vantage)), since \(status.startedAt.text)",
      "  \(status.doing)",
      "  \(status.hosts) hosts of \(status.agencies) agencies, policy \(SafeText.printable(status.policy))",
    ]
    if city.eligible > 0 {
      let low = percentText(10_000 * city.converted / city.eligible)
      let unknown = city.unknown > 0 ? ", \(city.unknown) could not be measured" : ""
      lines.append("  agencies converted: \(city.converted) of \(city.eligible) = \(low) %\(unknown)")
    }
    let rounds = status.rounds.map { [$0.kind.rawValue, $0.startedAt.text, $0.finishedAt.text, $0.run] }
    if !rounds.isEmpty {
      lines.append("")
      lines += Columns.lines([["round", "began", "ended", "run"]] + rounds)
    }
    for (kind, count) in status.missed.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "  \(count) \(kind.rawValue) round\(count == 1 ? "" : "s") left out, since others took too long")
    }
    if !status.troubles.isEmpty {
      lines += ["", Terminal.styled("Wrong:", .red)] + status.troubles.map { "  " + SafeText.printable($0) }
    }
    return lines
  }
}
