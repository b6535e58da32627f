import Audit
import Inventory
import Observations
import Readiness
import Reporting
import Store

/// One audit from its beginning to the run that is shown: measured, judged, its evidence and its result files made.
public struct AuditSession: Sendable {
  private let inventory: Inventory
  private let settings: AuditSettings
  private let evidence: String?

  /// What an audit leaves behind.
  public struct Outcome: Sendable {
    /// The run, its verdicts and what follows from them.
    public let results: Results
    /// The result files, as the store's manifest names them.
    public let files: [ResultFile]
  }

  /// An audit of `inventory`.
  ///
  /// - Parameter evidence: the directory that evidence is kept in; `nil` keeps none.
  public init(_ inventory: Inventory, settings: AuditSettings, evidence: String?) {
    self.inventory = inventory
    self.settings = settings
    self.evidence = evidence
  }

  /// Whether this process may measure at all; see `Auditor.prepare`. To be asked before a store is made for nothing.
  public func prepare() throws(AuditError) { try Auditor(inventory, settings: settings).prepare() }

  /// Measures, judges and keeps. When the task is cancelled the run ends as incomplete, with what is known.
  ///
  /// - Parameters:
  ///   - store: where the run is kept, open for writing.
  ///   - progress: called as the work goes on, from any thread.
  /// - Throws: `AuditError`, `StoreError` or `EvidenceError`.
  public func run(
    in store: Store, progress: @escaping @Sendable (AuditProgress) -> Void
  ) async throws -> Outcome {
    var run = Run(
      id: Self.newRunID(), toolVersion: settings.toolVersion, vantage: settings.vantage,
      policy: settings.policy.id, startedAt: .now)
    run.resolver = settings.resolver?.description ?? ""
    var settings = settings
    let kept = try evidence.map { path throws(EvidenceError) in
      try EvidenceDirectory(path, run: run.id, abandoned: store.abandoned.map(\.id))
    }
    settings.spoolDirectory = kept?.spoolDirectory
    let auditor = Auditor(inventory, settings: settings, progress: progress)
    let writer = try store.begin(run, inventory: inventory.storedFiles + settings.policy.storedFiles)
    var measured = try await auditor.measure(run, writer: writer)
    let judgement = judge(
      inventory, observations: measured.observations, policy: settings.policy, now: measured.run.finishedAt,
      history: try store.history(before: measured.run, policy: settings.policy))
    // The disk takes the rows while files are made of them; nobody sees them before the run is finished.
    async let rows: Void = writer.append(rows: judgement.everyRow)
    let summary = try measured.evidence.flatMap { draft -> EvidenceSummary? in
      let evidence = EvidenceWriter(
        draft, run: measured.run, judgement: judgement, observations: measured.observations)
      return try kept?.publish(evidence)
    }
    let results = Results(
      judgement, run: measured.run, inventory: inventory, inventorySHA256: inventory.canonicalSHA256,
      observations: measured.observations, evidence: summary.map(EvidencePart.init))
    // Of what was observed only the controls are in the files; the rest makes room for them.
    measured.observations = []
    measured.evidence = nil
    let files = try results.files()
    try await rows
    try writer.finish(measured.run, manifest: files.last?.bytes ?? [])
    return Outcome(results: results, files: files)
  }

  /// When it began, to the second, and four random digits: sorts by time and does not repeat.
  public static func newRunID() -> String {
    let moment = Timestamp.now.text.filter { $0 != "-" && $0 != ":" }
    let suffix = String(UInt16.random(in: .min ... .max), radix: 16)
    return "\(moment)-" + String(repeating: "0", count: 4 - suffix.count) + suffix
  }
}

extension EvidencePart {
  init(_ summary: EvidenceSummary) {
    self.init(
      directory: summary.directory, files: summary.files, bytes: summary.bytes, cutHosts: summary.cut,
      sumsSha256: summary.sumsSHA256)
  }
}
