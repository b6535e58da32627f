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
  private let order: RoundOrder

  /// What an audit leaves behind.
  public struct Outcome: Sendable {
    /// The run, its verdicts and what follows from them.
    public let results: Results
    /// The result files, as the store's manifest names them; none of a round that does not ask the whole rubric.
    public let files: [ResultFile]
    /// Everything else about it.
    public let summary: RoundSummary
  }

  /// An audit of `inventory`.
  ///
  /// - Parameters:
  ///   - settings: with the whole policy; the order says which part of it is asked.
  ///   - evidence: the directory that evidence is kept in; `nil` keeps none.
  public init(
    _ inventory: Inventory, settings: AuditSettings, evidence: String?, order: RoundOrder = RoundOrder()
  ) {
    self.inventory = inventory
    self.settings = settings
    self.evidence = evidence
    self.order = order
  }

  /// Whether this process may measure at all; see `Auditor.prepare`. To be asked before a store is made for nothing.
  public func prepare() throws(AuditError) { try Auditor(inventory, settings: settings).prepare() }

  /// Measures, judges and keeps. When the task is cancelled the run ends as incomplete, with what is known.
  ///
  /// - Parameters:
  ///   - path: the store where the run is kept.
  ///   - commits: told how long each write takes.
  ///   - condition: called when the disk begins to refuse or to take what it is given.
  ///   - progress: called as the work goes on, from any thread.
  /// - Throws: `AuditError`, `StoreError` or `EvidenceError`.
  public func run(
    in path: String, commits: CommitTimes = CommitTimes(),
    condition: @escaping @Sendable (StoreCondition) -> Void = { _ in },
    progress: @escaping @Sendable (AuditProgress) -> Void
  ) async throws -> Outcome {
    let policy = settings.policy.limited(to: order.kind)
    var run = Run(
      id: Self.newRunID(), toolVersion: settings.toolVersion, vantage: settings.vantage, policy: policy.id,
      startedAt: .now)
    (run.round, run.isRetest) = (order.kind, order.isRetest)
    run.resolver = settings.resolver?.description ?? ""
    let keeper = RunKeeper(
      path: path, inventory: inventory.storedFiles + settings.policy.storedFiles, patience: order.patience,
      commits: commits, condition: condition)
    try await keeper.begin(run)
    var notes: [String] = []
    var settings = settings
    settings.policy = policy
    settings.holdsWhenFull = order.patience != nil
    let kept = try directory(for: run, abandoned: await keeper.abandoned, &notes)
    settings.spoolDirectory = kept?.spoolDirectory
    let auditor = Auditor(inventory, settings: settings, progress: progress)
    var measured = try await auditor.measure(run, writer: await keeper.writer)
    let ended = measured.run
    let history = try await keeper.read(or: History()) { store throws(StoreError) in
      try store.history(before: ended, policy: policy)
    }
    let judgement = judge(
      inventory, observations: measured.observations, policy: policy, now: measured.run.finishedAt,
      history: history)
    let update = try await update(judgement, measured, keeper)
    let asked = settings.only
    // Nothing, unless the disk refused some: whoever held all of them here would hold them to the end.
    let rest = Array(measured.observations[measured.stored...])
    // The disk takes the rows while files are made of them; nobody sees them before the run is finished.
    async let rows: Void = keeper.append(rest, judgement, asked: asked)
    let summary = try publish(measured, judgement, in: kept, &notes)
    let results = Results(
      judgement, run: measured.run, inventory: inventory, inventorySHA256: inventory.canonicalSHA256,
      observations: measured.observations, evidence: summary.map(EvidencePart.init))
    let durations = ProbeDurations(measured.observations)
    let suppressed = Self.suppressed(measured.observations)
    try await rows
    // Of what was observed only the controls are in the files; the rest makes room for them.
    measured.observations = []
    measured.evidence = nil
    let files = order.kind == .full && !order.isRetest ? try results.files() : []
    try await keeper.finish(measured.run, manifest: files.last?.bytes ?? [], update: update)
    let report = RoundSummary(
      run: run.id, isComplete: measured.run.state == .complete, startedAt: run.startedAt,
      finishedAt: measured.run.finishedAt, hosts: asked?.count ?? inventory.hosts.count,
      doubtful: Set(update.standings.filter(\.isDoubtful).map(\.host)).sorted(),
      changes: update.changes.count, vantage: judgement.vantage.verdict,
      vantageReason: judgement.vantage.reason, counters: measured.run.counters,
      sent: measured.counters.sent, malformed: measured.counters.malformed, suppressed: suppressed,
      durations: durations, commits: commits.histogram, notes: notes)
    return Outcome(results: results, files: files, summary: report)
  }

  /// A place for the evidence. An audit that is to hold out does without rather than end.
  private func directory(
    for run: Run, abandoned: [String], _ notes: inout [String]
  ) throws(EvidenceError) -> EvidenceDirectory? {
    guard let evidence else { return nil }
    do throws(EvidenceError) {
      return try EvidenceDirectory(evidence, run: run.id, abandoned: abandoned)
    } catch {
      guard order.patience != nil else { throw error }
      notes.append("no evidence is kept of this round: \(error)")
      return nil
    }
  }

  private func publish(
    _ measured: Measurement, _ judgement: Judgement, in kept: EvidenceDirectory?, _ notes: inout [String]
  ) throws -> EvidenceSummary? {
    guard let draft = measured.evidence, let kept else { return nil }
    let writer = EvidenceWriter(
      draft, run: measured.run, judgement: judgement, observations: measured.observations)
    do throws(EvidenceError) {
      return try kept.publish(writer)
    } catch {
      guard order.patience != nil else { throw error }
      notes.append("no evidence is kept of this round: \(error)")
      return nil
    }
  }

  /// Where hosts stand after the run. One that was interrupted says nothing of that.
  private func update(
    _ judgement: Judgement, _ measured: Measurement, _ keeper: RunKeeper
  ) async throws -> StandingUpdate {
    guard measured.run.state == .complete else { return StandingUpdate() }
    let vantage = measured.run.vantage
    let known = try await keeper.read(or: []) { store throws(StoreError) in
      try store.standings(vantage: vantage)
    }
    let declared = Set(inventory.hosts.map(\.id))
    return StandingUpdate(
      judgement, observations: measured.observations, run: measured.run, asked: settings.only ?? declared,
      known: known, declared: declared, confirmAfter: order.confirmAfter)
  }

  /// Probes that were not sent, by why not.
  private static func suppressed(_ observations: [Observation]) -> [NotSentReason: UInt64] {
    observations.reduce(into: [:]) { counts, observation in
      switch observation.fact {
      case .echo(_, .notSent(let reason)), .port(_, .notSent(let reason)),
        .datagram(_, .notSent(let reason)), .tunnel(_, _, .notSent(let reason)),
        .handshake(_, _, _, _, .notSent(let reason)):
        counts[reason, default: 0] += 1
      default: break
      }
    }
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
