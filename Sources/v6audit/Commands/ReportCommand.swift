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

  @Flag(
    help:
      "The shortest path to the target instead: the fewest fixes, agency by agency, with hosts and remedies.")
  var worklist = false

  @Flag(help: "The figure as others count it instead: internet.nl, NIST, OMB M-21-07, VNNIC.")
  var views = false

  @Flag(help: "What agencies declare of themselves beside what was measured instead.")
  var declared = false

  @Option(help: "The language of causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var store: StoreOptions

  private var extra: ExtraTable? {
    worklist ? .worklist : views ? .views : declared ? .declared : nil
  }

  func validate() throws {
    if [worklist, views, declared].count(where: { $0 }) > 1 {
      throw ValidationError("--worklist, --views and --declared exclude each other; ask for one at a time")
    }
    if extra != nil && output != nil {
      throw ValidationError("--output writes the four result files; for this table redirect stdout instead")
    }
  }

  func run() throws {
    let stored = try StoredRun(runID, in: store.path)
    let results = stored.results
    if let extra { return try print(extra, of: results) }
    if let output {
      do {
        try OutputDirectory(output).publish(try stored.files(), run: results.run.id)
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

  private func print(_ extra: ExtraTable, of results: Results) throws {
    switch format ?? (Terminal.isInteractive ? .table : .csv) {
    case .table where extra == .worklist:
      for line in WorklistText(results: results, language: lang).lines { Terminal.print(line) }
    case .table: for line in Columns.lines(results.rows(extra, lang), indent: 0) { Terminal.print(line) }
    case .csv: Terminal.print(bytes: Array(results.csv(extra, lang).utf8))
    case .json: Terminal.print(bytes: try results.json(extra, lang, byLine: false))
    case .jsonl: Terminal.print(bytes: try results.json(extra, lang, byLine: true))
    }
  }
}
