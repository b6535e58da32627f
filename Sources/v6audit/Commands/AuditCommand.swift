import ArgumentParser
import Audit
import Inventory
import Observations
import Readiness
import Reporting
import Session
import Store

/// `v6audit audit`: measure an inventory and write the figures.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Measure the hosts of an inventory and count who is converted.",
    discussion: """
      Nothing outside the scope is touched: the prefixes allowed in prefixes.csv, or, without that file, exactly \
      the addresses declared in hosts.csv. With TARGETs only these are measured; everything else stays unknown.
      """)

  @Argument(
    help: ArgumentHelp(
      "Hosts, systems or agencies of the inventory to measure. Default: all.", valueName: "target"))
  var targets: [String] = []

  @Option(help: ArgumentHelp("The directory with the inventory's CSV files.", valueName: "dir"))
  var inventory: String?

  @Option(help: ArgumentHelp("The directory to put the result files in.", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp("Exit with 1 if fewer percent of the agencies are converted.", valueName: "percent"))
  var failUnder: Percent?

  @Option(
    help: ArgumentHelp(
      "Keep the packets and conversations behind verdicts there. Default: beside the store, DB.evidence.",
      valueName: "dir"))
  var evidence: String?

  @Flag(help: "Keep no packets and conversations.")
  var noEvidence = false

  @Option(help: "The language of causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var store: StoreOptions

  // Checked here and not by the parser, which would name this one before a misspelt option.
  func validate() throws {
    if inventory == nil { throw ValidationError("Missing expected argument '--inventory <dir>'") }
    if noEvidence && evidence != nil {
      throw ValidationError("--evidence and --no-evidence exclude each other")
    }
  }

  func run() async throws {
    let loaded = try LoadedInventory(directory: inventory ?? "")
    var settings = try measure.settings()
    settings.only = try loaded.hosts(matching: targets)
    let directory = output.map { OutputDirectory($0) }
    do {
      try directory?.prepare()
    } catch {
      throw CommandFailure(.usage, error)
    }
    let session = AuditSession(
      loaded.inventory, settings: settings, evidence: noEvidence ? nil : evidence ?? store.path + ".evidence")
    let (outcome, signal) = try await run(session)
    let (results, files) = (outcome.results, outcome.files)
    let isPublished = results.run.state == .complete && directory != nil
    if isPublished {
      do {
        try directory?.publish(files, run: results.run.id)
      } catch {
        let again = "v6audit report --run \(results.run.id) --db \(store.path) --output DIR"
        throw CommandFailure(.internalError, "\(error); the run is kept, write it with: \(again)")
      }
    }
    for line in Summary(results: results, language: lang).lines { Terminal.print(line) }
    if let output, isPublished {
      Terminal.complain("wrote \(files.map(\.name).joined(separator: ", ")) to \(output)")
    }
    try finish(results, signal: signal)
  }

  /// Runs the session under a progress bar; a signal ends it early, as incomplete.
  private func run(_ session: AuditSession) async throws -> (AuditSession.Outcome, signal: Int32?) {
    let bar = ProgressBar()
    defer { bar.clear() }
    do {
      return try await Interruption.guarding {
        try session.prepare()
        return try await session.run(in: store.path) { bar.show($0) }
      }
    } catch let error as StoreError {
      throw CommandFailure(error.status, error)
    } catch let error as AuditError {
      throw CommandFailure(error.status, error)
    } catch let error as EvidenceError {
      throw CommandFailure(.usage, error)
    }
  }

  private func finish(_ results: Results, signal: Int32?) throws {
    if let signal { throw ExitStatus(code: 128 + signal) }
    if results.judgement.vantage.preventsMeasuring { throw ExitStatus.cannotMeasure }
    if let failUnder, !failUnder.isMet(by: results.judgement.city) { throw ExitStatus.notMet }
  }
}

extension CheckRow {
  /// Whether the vantage's own IPv6 is why hosts are unknown. An inventory without any IPv6 address has
  /// nothing to ask it for, and is measured all the same.
  var preventsMeasuring: Bool { verdict == .fail || (verdict == .unknown && reason != .noControl) }
}
