import Observations
import Store

extension Auditor {
  /// Questions under way at once: enough to hide a round trip, few enough for the memory of a small machine.
  static let concurrency = 96

  /// Asks each question, at most `atOnce` at once, and records the answers as they come.
  ///
  /// - Returns: how many questions got an answer; fewer than planned when the task was cancelled.
  func forEach<Question>(
    _ plan: [Planned<Question>], phase: AuditProgress.Phase, atOnce: Int = concurrency, _ recorder: Recorder,
    ask: @escaping @Sendable (Planned<Question>) async -> Fact?
  ) async throws(StoreError) -> UInt64 {
    try await forEach(plan, phase: phase, atOnce: atOnce, recorder, all: { await ask($0).map { [$0] } ?? [] })
  }

  /// The same for questions whose answer is several facts. One without any got none.
  func forEach<Question>(
    _ plan: [Planned<Question>], phase: AuditProgress.Phase, atOnce: Int = concurrency, _ recorder: Recorder,
    all ask: @escaping @Sendable (Planned<Question>) async -> [Fact]
  ) async throws(StoreError) -> UInt64 {
    report(AuditProgress(phase: phase, done: 0, total: plan.count))
    var answered: UInt64 = 0
    try await askEach(plan, atOnce: atOnce, ask: ask) { planned, facts throws(StoreError) in
      if facts.isEmpty { return }
      answered += 1
      for fact in facts { try await recorder.record(fact, for: planned.hosts, at: .now) }
      report(AuditProgress(phase: phase, done: Int(answered), total: plan.count))
    }
    return answered
  }
}
