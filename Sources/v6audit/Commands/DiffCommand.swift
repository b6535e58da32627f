import ArgumentParser
import Observations
import Readiness
import Reporting
import Store

/// `v6audit diff`: what changed between two runs.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what changed since a day or a run: agencies, systems, hosts, checks.",
    discussion: """
      Each run is judged by its own policy. A day stands for the last complete run that began before it, UTC. \
      Exit code 1 if --fail-on was given and such a change is there.
      """)

  /// Which changes make the command fail.
  enum FailOn: String, CaseIterable, ExpressibleByArgument {
    case change, worse
  }

  @Option(
    help: ArgumentHelp(
      "Compare with this run, or with the last one before this day (2026-11-24).", valueName: "date|run"))
  var since: String

  @Option(help: ArgumentHelp("The run to compare. Default: the latest complete one.", valueName: "run"))
  var until: String?

  @Option(help: "table, json or csv. Default: table on a terminal, else csv.")
  var format: DiffFormat?

  @Option(help: "Exit with 1 if anything changed (change), or if something got worse (worse).")
  var failOn: FailOn?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let before = try StoredRun(try firstRun(), in: store.path).results
    let after = try StoredRun(until, in: store.path).results
    let report = DiffReport(from: before, to: after)
    switch format ?? .standard {
    case .table:
      for line in DiffText(before: before, after: after, report: report).lines { Terminal.print(line) }
    case .json: Terminal.print(bytes: try report.json())
    case .csv: Terminal.print(bytes: Array(report.csv.utf8))
    }
    switch failOn {
    case .change where !report.diff.changes.isEmpty: throw ExitStatus.notMet
    case .worse where report.diff.changes.contains(where: \.isWorse): throw ExitStatus.notMet
    case .change, .worse, nil: break
    }
  }

  /// The id of the run that `--since` means.
  private func firstRun() throws -> String {
    guard let day = CivilDate(since) else { return since }
    do {
      let store = try Store.openForReading(path: store.path)
      let runs = try store.runs(limit: .max)
      if let run = runs.first(where: { $0.startedAt.day < day }) { return run.id }
      let first = runs.last.map { "the first one is \($0.id)" } ?? "there is none at all"
      throw CommandFailure(.usage, "--since \(since): no complete run began before this day; \(first)")
    } catch let error as StoreError {
      throw CommandFailure(error.status, error)
    }
  }
}
