import Foundation
import Inventory
import Observations
import Readiness

/// A judged run, ready to be written in any of the formats. Every format is a pure function of it: the same run
/// gives the same bytes, now and when it is reported again.
public struct Results: Sendable {
  /// What was found.
  public let judgement: Judgement
  /// The run it was found in.
  public let run: Run
  private let inventory: Inventory
  private let inventorySHA256: String
  private let controls: [Observation]
  /// Where the packets and conversations behind the verdicts are, if any were kept.
  public let evidence: EvidencePart?

  /// The results of a run.
  ///
  /// - Parameters:
  ///   - inventorySHA256: the hash of the inventory's canonical files, for the manifest.
  ///   - observations: those of the run; the manifest lists the controls among them.
  ///   - evidence: where what is behind the verdicts was put.
  public init(
    _ judgement: Judgement, run: Run, inventory: Inventory, inventorySHA256: String,
    observations: [Observation], evidence: EvidencePart? = nil
  ) {
    self.evidence = evidence
    self.judgement = judgement
    self.run = run
    self.inventory = inventory
    self.inventorySHA256 = inventorySHA256
    self.controls = observations.filter { $0.host.isEmpty }
  }

  private var tables: [(name: String, table: CSVTable)] {
    [
      ("compliance", complianceTable(judgement, run: run)), ("hosts", hostsTable(judgement)),
      ("checks", checksTable(judgement)),
    ]
  }

  /// `compliance.csv`, `hosts.csv`, `checks.csv` and `manifest.json`, in this order.
  ///
  /// - Throws: `EncodingError` if the manifest cannot be written as JSON.
  public func files() throws -> [ResultFile] {
    let files = tables.map { ResultFile(name: "\($0.name).csv", pieces: $0.table.pieces) }
    let manifest = Manifest(
      judgement, run: run, inventory: inventory, inventorySHA256: inventorySHA256, controls: controls,
      files: files, evidence: evidence)
    return files + [ResultFile(name: "manifest.json", bytes: try manifest.bytes())]
  }

  /// `compliance.csv` alone.
  public var complianceCSV: [UInt8] { complianceTable(judgement, run: run).bytes }

  /// One JSON document: the rows of all three tables as objects of text, what agencies declare of themselves, the
  /// figure as others count it, and which policy, by id and hash, it all was judged by.
  ///
  /// - Throws: `EncodingError`.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let policy = [["id": judgement.policy.id, "sha256": judgement.policy.sha256]]
    let beside = [
      ("declared", declaredTable(judgement).objects),
      ("parallel_views", parallelViewsTable(judgement).objects),
      ("policy", policy),
    ]
    let document = Dictionary(tables.map { ($0.name, $0.table.objects) } + beside) { first, _ in first
    }
    return Array(try encoder.encode(document)) + Array("\n".utf8)
  }

  /// The rows of all three tables as one JSON object a line; `table` says which table a row is of.
  ///
  /// - Throws: `EncodingError`.
  public func jsonLines() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8] = []
    for (name, table) in tables {
      for object in table.objects {
        bytes += try encoder.encode(object.merging(["table": name]) { own, _ in own })
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    return bytes
  }
}

/// A table that is reported by itself, beside the result files.
public enum ExtraTable: String, Sendable, CaseIterable {
  /// The shortest path to the target.
  case worklist
  /// The figure as others count it.
  case views
  /// What agencies declare beside what was measured.
  case declared
}

extension Results {
  /// The shortest path to the target.
  public var worklist: Worklist { Readiness.worklist(inventory, judgement, now: run.finishedAt) }

  private func table(_ extra: ExtraTable, _ language: Language) -> CSVTable {
    switch extra {
    case .worklist: worklistTable(worklist, language)
    case .views: parallelViewsTable(judgement)
    case .declared: declaredTable(judgement)
    }
  }

  /// The table as CSV, header first.
  public func csv(_ extra: ExtraTable, _ language: Language) -> String { table(extra, language).text }

  /// The table as rows of text, header first, made safe for a terminal.
  public func rows(_ extra: ExtraTable, _ language: Language) -> [[String]] {
    let table = table(extra, language)
    return [table.columns] + table.rows.map { $0.map(SafeText.printable) }
  }

  /// The table as JSON: an array of objects of text, or one object a line.
  ///
  /// - Throws: `EncodingError`.
  public func json(_ extra: ExtraTable, _ language: Language, byLine: Bool) throws -> [UInt8] {
    let objects = table(extra, language).objects
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if byLine {
      return try objects.flatMap { Array(try encoder.encode($0)) + Array("\n".utf8) }
    }
    encoder.outputFormatting.insert(.prettyPrinted)
    return Array(try encoder.encode(objects)) + Array("\n".utf8)
  }
}
