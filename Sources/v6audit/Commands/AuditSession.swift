import Audit
import Inventory
import Observations
import PacketIO
import Readiness
import Reporting
import Store

/// One audit from the command line: measured under a progress bar, kept in the store, judged.
struct AuditSession: Sendable {
  let loaded: LoadedInventory
  let settings: AuditSettings
  /// The store's file; `nil` keeps nothing.
  let store: String?
  /// The directory that evidence is kept in; `nil` keeps none.
  var evidence: String?

  /// What an audit leaves behind.
  struct Outcome: Sendable {
    let results: Results
    /// The result files, as the store's manifest names them.
    let files: [ResultFile]
  }

  /// Measures and judges; a signal ends the run early, as incomplete.
  func run() async throws -> (result: Outcome, signal: Int32?) {
    do {
      return try await Interruption.guarding { try await measureAndKeep() }
    } catch let error as StoreError {
      throw CommandFailure(error.status, error)
    } catch let error as AuditError {
      throw CommandFailure(error.status, error)
    } catch let error as EvidenceError {
      throw CommandFailure(.usage, error)
    }
  }

  private func measureAndKeep() async throws -> Outcome {
    var run = Run(
      id: Self.newRunID(), toolVersion: settings.toolVersion, vantage: settings.vantage,
      policy: settings.policy.id, startedAt: .now)
    run.resolver = settings.resolver?.description ?? ""
    let bar = ProgressBar()
    defer { bar.clear() }
    // Before the store, which is not to be made for nothing.
    try Auditor(loaded.inventory, settings: settings).prepare()
    var settings = settings
    let writing = try store.map { try Store(path: $0) }
    let kept = try evidence.map { path throws(EvidenceError) in
      try EvidenceDirectory(path, run: run.id, abandoned: writing?.abandoned.map(\.id) ?? [])
    }
    settings.spoolDirectory = kept?.spoolDirectory
    let auditor = Auditor(loaded.inventory, settings: settings) { bar.show($0) }
    let writer = try writing?.begin(run, inventory: loaded.files + settings.policy.files)
    var measured = try await auditor.measure(run, writer: writer)
    let judgement = judge(
      loaded.inventory, observations: measured.observations, policy: settings.policy,
      now: measured.run.finishedAt,
      history: try writing?.history(before: measured.run, policy: settings.policy) ?? History())
    // The disk takes the rows while files are made of them; nobody sees them before the run is finished.
    async let rows: Void? = writer?.append(rows: judgement.everyRow)
    let summary = try measured.evidence.flatMap { draft -> EvidenceSummary? in
      let evidence = EvidenceWriter(
        draft, run: measured.run, judgement: judgement, observations: measured.observations)
      return try kept?.publish(evidence)
    }
    let results = Results(
      judgement, run: measured.run, inventory: loaded.inventory, inventorySHA256: loaded.sha256,
      observations: measured.observations, evidence: summary.map(EvidencePart.init))
    // Of what was observed only the controls are in the files; the rest makes room for them.
    measured.observations = []
    measured.evidence = nil
    let files = try results.files()
    try await rows
    try writer?.finish(measured.run, manifest: files.last?.bytes ?? [])
    return Outcome(results: results, files: files)
  }

  /// When it began, to the second, and four random digits: sorts by time and does not repeat.
  static func newRunID() -> String {
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

extension AuditError {
  /// How a command ends that could not measure.
  var status: ExitStatus {
    switch self {
    case .packets(.noPermission): .cannotMeasure
    case .packets(.unknownInterface), .noResolver: .usage
    case .packets, .store, .services: .internalError
    }
  }
}

extension StoreError {
  /// How a command ends whose store is not as it should be: what the user named, or what the machine lacks.
  var status: ExitStatus {
    switch self {
    case .notFound, .notAStore, .newerSchema, .olderSchema, .locked, .readOnly, .permission, .unknownRun:
      .usage
    case .corrupt, .diskFull, .runExists, .runClosed, .unreadable, .failed: .internalError
    }
  }
}
