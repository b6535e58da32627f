import Inventory
import Observations
import Readiness
import Reporting
import Session
import Store

/// A run read back from the store and judged again, under its own policy or another one: the same facts and the same
/// rules give the same results.
struct StoredRun {
  let results: Results
  let observations: [Observation]
  let inventory: Inventory
  /// The result files, if they were made to be compared.
  private let compared: [ResultFile]?

  /// The run of this id; the latest complete one if none is given.
  ///
  /// - Parameter other: the policy to judge by; `nil`: the one it was judged by.
  init(_ id: String?, in path: String, under other: Policy? = nil) throws {
    do {
      let store = try Store.openForReading(path: path)
      guard let run = try id.map({ try store.run($0) }) ?? store.latestRun() else {
        let missing = id.map { "no run \($0) in \(path)" } ?? "no complete run in \(path)"
        throw CommandFailure(.usage, "\(missing); start one with: v6audit audit --inventory DIR --db \(path)")
      }
      guard run.kind == .audit else {
        throw CommandFailure(
          .usage,
          "run \(run.id) is of a capture, which has no verdicts; audits use its observations by themselves")
      }
      let files = try store.inventoryFiles(run: run.id)
      let policy = try (other ?? PolicyArgument.ofRun(run, files)).limited(to: run.round)
      inventory = try Self.inventory(files)
      observations = try store.observations(run: run.id)
      let judgement = judge(
        inventory, observations: observations, policy: policy, now: run.finishedAt,
        history: try store.history(before: run, policy: policy))
      let manifest = try store.manifest(run: run.id)
      results = Results(
        judgement, run: run, inventory: inventory, inventorySHA256: inventory.canonicalSHA256,
        observations: observations, evidence: EvidencePart(manifest: manifest))
      let isComparable = other == nil && run.state == .complete && run.round == .full && !run.isRetest
      compared = isComparable ? try results.files() : nil
      if let compared, manifest != compared.last?.bytes {
        Terminal.complain(
          "note: version \(run.toolVersion) wrote other bytes for run \(run.id) than this version "
            + "(\(Version.text)) does")
      }
    } catch let error as StoreError {
      throw CommandFailure(error.status, error)
    } catch let error as InventoryErrors {
      throw CommandFailure(.internalError, "the inventory kept in \(path) cannot be read: \(error)")
    }
  }

  /// `compliance.csv`, `hosts.csv`, `checks.csv` and `manifest.json`.
  func files() throws -> [ResultFile] { try compared ?? results.files() }

  private static func inventory(_ stored: [StoredFile]) throws -> Inventory {
    var files: [InventoryFile: [UInt8]] = [:]
    for file in InventoryFile.allCases { files[file] = stored.first { $0.name == file.name }?.bytes }
    return try InventoryReader.read(files: files).inventory
  }
}
