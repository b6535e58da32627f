import ArgumentParser
import Readiness
import Reporting

/// `v6audit rejudge`: old observations under another policy.
struct RejudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejudge",
    abstract: "Judge a stored run under another policy and say what that changes.",
    discussion: """
      Nothing is measured and the store stays as it is. A check of the policy that the run did not ask for is \
      unknown. Under the run's own policy nothing changes.
      """)

  @Option(
    help: ArgumentHelp(
      "The policy to judge by: \(Policy.all.map(\.id).joined(separator: ", ")), or a policy file.",
      valueName: "id|file"))
  var policy: String

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run. Default: the latest complete one.", valueName: "id"))
  var runID: String?

  @Option(help: "What changed, as table, json or csv. Default: table on a terminal, else csv.")
  var format: DiffFormat?

  @Option(help: ArgumentHelp("Write the four result files into this directory too.", valueName: "dir"))
  var output: String?

  @Option(help: "The language of causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var store: StoreOptions

  func run() throws {
    let policy = try PolicyArgument.load(policy)
    let before = try StoredRun(runID, in: store.path).results
    let after = try StoredRun(before.run.id, in: store.path, under: policy).results
    if let output {
      do {
        try OutputDirectory(output).publish(try after.files(), run: after.run.id)
      } catch let error as OutputError {
        throw CommandFailure(.usage, error)
      }
    }
    let report = DiffReport(from: before, to: after)
    switch format ?? .standard {
    case .table:
      for line in Summary(results: after, language: lang).lines { Terminal.print(line) }
      Terminal.print("")
      for line in DiffText(before: before, after: after, report: report).lines { Terminal.print(line) }
    case .json: Terminal.print(bytes: try report.json())
    case .csv: Terminal.print(bytes: Array(report.csv.utf8))
    }
  }
}

/// How differences are written to stdout.
enum DiffFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, csv

  /// What is written where nothing else is asked for.
  static var standard: DiffFormat { Terminal.isInteractive ? .table : .csv }
}
