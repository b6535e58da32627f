import ArgumentParser
import Audit
import Foundation
import Readiness
import Reporting

/// `v6audit explain`: the facts, the rule, the verdict, and how to fix it.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a host's state from a stored run: facts, rule, verdict, remedy.")

  @Argument(help: ArgumentHelp("The id of the host, or one of its names or addresses.", valueName: "host"))
  var host: String

  @Argument(
    help: ArgumentHelp(
      "Only this check. Default: all of them, those that hold something up first.", valueName: "check"))
  var check: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run. Default: the latest complete one.", valueName: "id"))
  var runID: String?

  @Option(help: "The language of rules, causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var store: StoreOptions

  func run() throws {
    let stored = try StoredRun(runID, in: store.path)
    let verdicts = stored.results.judgement.hosts
    let wanted = verdicts.first { $0.host.id == host } ?? verdicts.first { $0.host.answers(to: host) }
    guard let verdict = wanted else {
      throw CommandFailure(
        .usage,
        "host \(host): not in the inventory of run \(stored.results.run.id); see hosts.csv for its hosts")
    }
    let only = try check.map { text in
      guard let id = CheckID(rawValue: text) else {
        let known = CheckID.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "check \(text): no such check; known are: \(known)")
      }
      return id
    }
    let evidence = Self.evidence(of: verdict.host.id, stored.results)
    let explanation = HostExplanation(
      verdict: verdict, judgement: stored.results.judgement, observations: stored.observations,
      language: lang,
      files: evidence.map { URL(filePath: $0).lastPathComponent }.filter {
        $0.hasPrefix(verdict.host.id + ".")
      })
    for line in explanation.lines(only: only) { Terminal.print(line) }
    if evidence.isEmpty { return }
    for line in ["", Terminal.styled("Evidence", .bold)] + evidence.map({ "  \($0)" }) {
      Terminal.print(line)
    }
  }

  /// The host's evidence files that are there, and the vantage's where that is what failed.
  private static func evidence(of host: String, _ results: Results) -> [String] {
    guard let directory = results.evidence?.directory else { return [] }
    let hosts = [host] + (results.judgement.vantage.verdict == .pass ? [] : [EvidenceWriter.vantageName])
    return hosts.flatMap { ["\($0).pcapng", "\($0).txt"] }.map { "\(directory)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }
}
