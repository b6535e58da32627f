import ArgumentParser
import Readiness
import Reporting

/// `v6audit report`: a stored run again, in any format.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the results of a stored run again, byte for byte.")

  /// How results are written to stdout.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, jsonl, csv
  }

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run. Default: the latest complete one.", valueName: "id"))
  var runID: String?

  @Option(help: "table, json, jsonl or csv (compliance.csv). Default: table on a terminal, else csv.")
  var format: Format?

  @Option(
    help: ArgumentHelp(
      "Write the four result files into this directory instead of to stdout.", valueName: "dir"))
  var output: String?

  @Option(help: "The language of causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var store: StoreOptions

  func run() throws {
    let results = try StoredRun(runID, in: store.path).results
    if let output {
      do {
        try OutputDirectory(output).publish(try results.files(), run: results.run.id)
      } catch let error as OutputError {
        throw CommandFailure(.usage, error)
      }
      return
    }
    switch format ?? (Terminal.isInteractive ? .table : .csv) {
    case .table: for line in Summary(results: results, language: lang).lines { Terminal.print(line) }
    case .csv: Terminal.print(bytes: results.complianceCSV)
    case .json: Terminal.print(bytes: try results.json())
    case .jsonl: Terminal.print(bytes: try results.jsonLines())
    }
  }
}
