import ArgumentParser
import Foundation
import Observations
import PacketIO
import Probing
import Sweep
import Wire

/// `v6audit sweep`: which of many addresses answer.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Ask very many addresses one question each, and list those that answer.",
    discussion: """
      Nothing is touched that is not allowed: name what may be, with --allow or --inventory. Whole subnets are never \
      swept; in each subnet of a PREFIX the addresses of --iid are asked, in random order. Targets that answer are \
      written as they are found; Ctrl-C ends the sweep, and with --state the same command goes on where it left off.
      """)

  @Argument(
    help: ArgumentHelp(
      "Prefixes to generate targets from: 2001:db8::/44, 198.18.0.0/24.", valueName: "prefix"))
  var prefixes: [String] = []

  @OptionGroup(title: "Targets") var targets: SweepTargetOptions
  @OptionGroup(title: "Pace") var pace: SweepPaceOptions

  @Option(
    help: ArgumentHelp("What to ask: icmp, tcp:PORT or udp:PORT.", valueName: "probe"))
  var probe = "icmp"

  @Option(help: ArgumentHelp("Send and capture on this interface only.", valueName: "name"))
  var interface: String?

  @Option(help: ArgumentHelp("The file to write to. Default: standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("csv or jsonl, one object a line.", valueName: "format"))
  var format = SweepFormat.csv

  @Flag(help: "List the targets that stay silent as well.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Keep the position in this file, and go on from there if it is there. Needs --output.",
      valueName: "file"))
  var state: String?

  @Flag(help: "Say what would be asked and how long it would take, and send nothing.")
  var dryRun = false

  func validate() throws {
    if prefixes.isEmpty == (targets.targets == nil) {
      throw ValidationError("name what to sweep: either PREFIXes or --targets FILE")
    }
    if state != nil, output == nil {
      throw ValidationError("--state needs --output: what is written is part of it")
    }
  }

  func run() async throws {
    let job = try job()
    if dryRun {
      for line in try SweepDryRun(job: job).lines() { Terminal.print(line) }
      return
    }
    let bar = SweepBar()
    let began = ContinuousClock.now
    let (report, signal): (SweepJob.Report, Int32?)
    do {
      (report, signal) = try await Interruption.guarding { try await job.run { bar.show($0) } }
      bar.clear()
    } catch let error as SweepError {
      bar.clear()
      throw CommandFailure(error.status, error)
    }
    for line in SweepSummary(report: report, job: job, took: ContinuousClock.now - began).lines {
      Terminal.complain(line)
    }
    if let signal { throw ExitStatus(code: 128 + signal) }
    if report.total.sent == 0 && report.total.notSent > 0 { throw ExitStatus.cannotMeasure }
  }

  private func job() throws -> SweepJob {
    guard let question = SweepProbe(probe) else {
      throw CommandFailure(.usage, "--probe \(probe): unknown; write icmp, tcp:443 or udp:53")
    }
    let source = try targets.source(prefixes)
    var settings = SweepSettings()
    try pace.apply(to: &settings)
    settings.interface = interface
    var job = SweepJob(source, probe: question, scope: try targets.scope(), settings: settings)
    job.tries = try pace.checkedTries()
    job.shard = try targets.checkedShard()
    job.limit = try targets.checkedLimit()
    job.seed = targets.seed
    job.output = output
    job.format = format
    job.includesSilent = all
    job.state = state
    job.identity = targets.identity(prefixes).merging(
      [
        "--probe": question.description, "--tries": "\(job.tries)", "--format": format.rawValue,
        "--all": "\(all)",
      ],
      uniquingKeysWith: { $1 })
    if state != nil && targets.targets == "-" {
      throw CommandFailure(
        .usage, "--state: standard input cannot be gone on with; put the targets into a file")
    }
    return job
  }
}

extension SweepFormat: ExpressibleByArgument {}

extension SweepError {
  /// How a command ends.
  var status: ExitStatus {
    switch self {
    case .packets(.noPermission): .cannotMeasure
    case .packets(.unknownInterface), .target, .targets, .outputShort, .state, .stateOfAnother: .usage
    case .packets, .output: .internalError
    }
  }
}
