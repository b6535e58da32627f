import Foundation
import Testing

/// A folder of `Rounds`: an inventory, what is planted in it, and what is true of each of its hosts, written down
/// before anything was measured.
struct Conditions: CustomTestStringConvertible, Sendable {
  /// The folder's name.
  let name: String
  /// The state of each host that is not `operational`, by id.
  let states: [String: String]
  /// Every `check=reason` that must fail or be unknown, and no other, by host and verdict.
  let findings: [String: [String: Set<String>]]

  /// The outcome of each agency and system that is told, by `scope id`; `outcomes.csv` in the folder.
  let outcomes: [String: String]

  var testDescription: String { name }
  var folder: String { "\(Room.tests)/Rounds/\(name)" }

  /// The round's own inventory, or the small one.
  var inventory: String {
    let own = folder + "/inventory"
    return FileManager.default.fileExists(atPath: own) ? own : Room.small
  }

  /// Options of this round's audit beside those of every lab, one line of bash; `options` in the folder.
  var options: String {
    ((try? String(contentsOfFile: folder + "/options", encoding: .utf8)) ?? "").split(separator: "\n").joined(
      separator: " ")
  }

  /// Every round there is.
  static let all: [Conditions] = {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: Room.tests + "/Rounds").filter {
        !$0.hasPrefix(".")
      }.sorted().map {
        try Conditions($0)
      }
    } catch {
      fatalError("the rounds cannot be read: \(error)")
    }
  }()

  private init(_ name: String) throws {
    let folder = "\(Room.tests)/Rounds/\(name)"
    self.name = name
    states = Dictionary(
      try Table(folder + "/states.csv").rows.map { ($0.cell("host"), $0.cell("state")) }
    ) { _, last in last }
    var findings: [String: [String: Set<String>]] = [:]
    for row in try Table(folder + "/findings.csv").rows {
      findings[row.cell("host"), default: [:]][row.cell("verdict"), default: []].insert(
        "\(row.cell("check"))=\(row.cell("reason"))")
    }
    self.findings = findings
    let isTold = FileManager.default.fileExists(atPath: folder + "/outcomes.csv")
    outcomes = Dictionary(
      (isTold ? try Table(folder + "/outcomes.csv").rows : []).map {
        ("\($0.cell("scope")) \($0.cell("id"))", $0.cell("outcome"))
      }
    ) { _, last in last }
  }

  /// The faults as the lab reads them, without their notes.
  func faults() throws -> [String] {
    try Table(folder + "/lab-faults.csv").rows.map { "\($0.cell("host")),\($0.cell("fault"))" }
  }

  /// What differs from the truth in the results of an audit, one line a difference.
  func differences(_ results: ResultFiles) -> [String] {
    var lines: [String] = []
    for row in results.hosts.rows {
      let host = row.cell("host")
      let state = states[host] ?? "operational"
      if row.cell("state") != state { lines.append("\(host): state \(row.cell("state")), not \(state)") }
      for verdict in ["fail", "unknown"] {
        let seen = results.findings(host, verdict)
        let told = findings[host]?[verdict] ?? []
        for extra in seen.subtracting(told).sorted() { lines.append("\(host): \(verdict) \(extra), untold") }
        for missing in told.subtracting(seen).sorted() {
          lines.append("\(host): no \(verdict) \(missing)")
        }
      }
    }
    let rows = results.compliance.rows.map { ("\($0.cell("scope")) \($0.cell("id"))", $0.cell("outcome")) }
    for (subject, outcome) in outcomes.sorted(by: <)
    where !rows.contains(where: { $0 == (subject, outcome) }) {
      lines.append("\(subject): not \(outcome)")
    }
    for host in Set(states.keys).union(findings.keys).subtracting(results.hosts.rows.map { $0.cell("host") })
    {
      lines.append("\(host): not in the inventory")
    }
    return lines
  }
}
