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
  var inventory = Inventory()

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

  init(knownChecks: [String]) {
    self.knownChecks = knownChecks
    registry = Registry(report: report)
  }

  /// Reads every file that `open` finds.
  func load(
    _ open: (InventoryFile) throws(FileFailure) -> TableSource
  ) throws(InventoryErrors) -> ReadInventory {
    for file in InventoryFile.allCases {
      do throws(FileFailure) {
        read(file, from: try open(file))
      } catch {
        if error == .missing && file == .agencies { hasAgencyFile = false }
        if error == .missing && !file.isRequired { continue }
        report.problem(file: file.name, what: "file", error.complaint)
        if let kind = file.kind { registry.markIncomplete(kind) }
      }
    }
    finish()
    guard !report.hasProblems else { throw report.errors }
    sort()
    return ReadInventory(inventory: inventory, notices: report.sortedNotices)
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
    registry.resolve(hasAgencyFile: hasAgencyFile)
    parents.reportCycles(of: .parent, in: .agencies, to: report)
    dependencies.reportCycles(of: .dependsOn, in: .systems, to: report)
    components.reportCounts(to: report)
    notePrefixes()
  }

  private func sort() {
    inventory.agencies.sortUnlessSorted { $0.id < $1.id }
    inventory.systems.sortUnlessSorted { $0.id < $1.id }
    inventory.hosts.sortUnlessSorted { $0.id < $1.id }
    inventory.prefixes.sortUnlessSorted { $0.prefix < $1.prefix }
    inventory.zones.sortUnlessSorted { $0.name < $1.name }
    inventory.waivers.sortUnlessSorted {
      ($0.subject, $0.check ?? "", $0.expires) < ($1.subject, $1.check ?? "", $1.expires)
    }
  }
}

extension InventoryFile {
  /// What the file declares that others can refer to.
  var kind: Kind? { Kind.allCases.first { $0.file == self } }
}

extension Array {
  /// Sorts by moving indices: rows are wide, and most files are in order already.
  fileprivate mutating func sortUnlessSorted(by precedes: (Element, Element) -> Bool) {
    if zip(self, dropFirst()).allSatisfy({ !precedes($1, $0) }) { return }
    self = indices.sorted { precedes(self[$0], self[$1]) }.map { self[$0] }
  }
}
