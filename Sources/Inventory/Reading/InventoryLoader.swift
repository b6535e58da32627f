import Observations
import Wire

/// One reading of an inventory: goes through the files in order, and at the end through the references.
///
/// Faulty rows are read on with what can be read of them, so that each complaint is made once and in one run;
/// the result is thrown away if there is any.
final class InventoryLoader {
  let report = Report()
  let registry: Registry
  let knownChecks: [String]
  private let keep: (InventoryRow) -> Void
  /// Whether what rows refer to must be in the same files.
  let isWhole: Bool

  /// Whether hosts.csv declares the agencies it names.
  var hasAgencyFile = true
  /// References that must not lead back to where they start.
  var parents = ReferenceGraph()
  var dependencies = ReferenceGraph()
  var components = ComponentTable()
  var addresses = AddressTable()
  var prefixes: [Prefix: PrefixPlace] = [:]
  var zoneLines: [String: Int] = [:]
  var waiverLines: [WaiverKey: Int] = [:]

  /// A loader that hands rows to `keep` as it reads them, as long as nothing is wrong.
  ///
  /// - Parameter isWhole: `false` for a part of an inventory: what its rows refer to may be elsewhere.
  init(knownChecks: [String], isWhole: Bool = true, keep: @escaping (InventoryRow) -> Void) {
    self.knownChecks = knownChecks
    self.isWhole = isWhole
    self.keep = keep
    registry = Registry(report: report)
  }

  /// Hands on a row. Of an inventory with a fault nothing is kept in the end.
  func take(_ row: InventoryRow) {
    if !report.hasProblems { keep(row) }
  }

  /// Reads every file that `open` finds.
  ///
  /// - Returns: the notices.
  func load(
    _ open: (InventoryFile) throws(FileFailure) -> TableSource
  ) throws(InventoryErrors) -> [InventoryProblem] {
    for file in InventoryFile.allCases {
      do throws(FileFailure) {
        read(file, from: try open(file))
      } catch {
        if error == .missing && file == .agencies { hasAgencyFile = false }
        if error == .missing && !(file.isRequired && isWhole) { continue }
        report.problem(file: file.name, what: "file", error.complaint)
        if let kind = file.kind { registry.markIncomplete(kind) }
      }
    }
    finish()
    guard !report.hasProblems else { throw report.errors }
    return report.sortedNotices
  }

  /// Points at files that look like ones an inventory is made of and would be left out without a word.
  func noteMisnamedFiles(_ names: [String]) {
    let known = InventoryFile.allCases.map { String($0.name.dropLast(4)) }
    for name in names where name.lowercased().hasSuffix(".csv") {
      let stem = name.lowercased().dropLast(4)
      guard let stem = closest(to: String(stem), among: known), !names.contains(stem + ".csv") else {
        continue
      }
      let likely = stem + ".csv"
      report.notice(
        InventoryProblem(
          file: name, line: 0, column: 0, what: "file",
          why: "it is not part of an inventory and was not read",
          remedy: "rename it to \(likely) if it is meant"))
    }
  }

  private func read(_ file: InventoryFile, from source: TableSource) {
    guard let table = Table(file, from: source.bytes, form: source.form, report: report) else {
      if let kind = file.kind { registry.markIncomplete(kind) }
      return
    }
    while table.next() {
      switch file {
      case .agencies: readAgency(table)
      case .systems: readSystem(table)
      case .hosts: readHost(table)
      case .prefixes: readPrefix(table)
      case .zones: readZone(table)
      case .waivers: readWaiver(table)
      }
    }
    if table.hidesRows, let kind = file.kind { registry.markIncomplete(kind) }
  }

  private func finish() {
    guard isWhole else { return }
    registry.resolve(hasAgencyFile: hasAgencyFile)
    parents.reportCycles(of: .parent, in: .agencies, to: report)
    dependencies.reportCycles(of: .dependsOn, in: .systems, to: report)
    components.reportCounts(to: report)
    notePrefixes()
  }
}

extension InventoryFile {
  /// What the file declares that others can refer to.
  var kind: Kind? { Kind.allCases.first { $0.file == self } }
}
