import Discovery
import Observations
import PacketIO
import Probing
import Synchronization
import Wire

/// Asks likely addresses on the real network, within a scope and at a pace.
public struct PatternSweep: Sendable {
  /// How it went.
  public struct Report: Sendable {
    /// Packets that were sent.
    public var sent: UInt64 = 0
    /// Addresses that the scope refused.
    public var refusedByScope: UInt64 = 0
    /// Addresses whose silence says nothing: the capture dropped packets.
    public var unknown: UInt64 = 0
    /// Addresses that could not be sent to.
    public var notSent: UInt64 = 0
    /// Whether it came to its end.
    public var isComplete = true
  }

  private let scope: Scope
  private let settings: SweepSettings
  private let probes: [SweepProbe]

  /// Packets to an address that stays silent. A single lost one must not make an aliased prefix look like hosts.
  private static let tries = 2

  /// A sweep.
  ///
  /// - Parameter probes: what is asked of each, one after the other; what answers one need not answer another.
  public init(scope: Scope, settings: SweepSettings, probes: [SweepProbe]) {
    (self.scope, self.settings, self.probes) = (scope, settings, probes)
  }

  /// Asks the guesses of a survey, and then what tells hosts from aliased prefixes. Cancelling the task ends it early: what was
  /// found until then is in the survey.
  public func run(
    _ survey: PatternSurvey, progress: @escaping @Sendable (SweepProgress) -> Void = { _ in }
  ) async throws(PacketIOError) -> (survey: PatternSurvey, report: Report) {
    let sweeper = try Sweeper(scope: scope, settings: settings)
    var (survey, report) = (survey, Report())
    var random = SystemRandomNumberGenerator()
    let answered = try await ask(survey.guesses, sweeper, &report, progress)
    survey.take(answered: answered, using: &random)
    if report.isComplete {
      survey.take(testsAnswered: try await ask(survey.tests, sweeper, &report, progress))
    }
    return (survey, report)
  }

  private func ask(
    _ addresses: [IPAddress], _ sweeper: Sweeper, _ report: inout Report,
    _ progress: @escaping @Sendable (SweepProgress) -> Void
  ) async throws(PacketIOError) -> Set<IPAddress> {
    var list = AddressList(capacity: max(1, addresses.count), key: .random())
    for address in addresses { list.append(address) }
    let found = Found()
    for probe in probes where !addresses.isEmpty && report.isComplete {
      let plan = SweepPlan(
        .list(list), probe: probe, tries: Self.tries, seed: .random(in: .min ... .max))
      let sink = SweepSink(take: { found.take($0) })
      let one = try await sweeper.sweep(plan, sink: sink, progress: progress)
      report.sent += one.sent
      report.refusedByScope = max(report.refusedByScope, one.refusedByScope)
      report.unknown += one.unknown
      report.notSent += one.notSent
      if one.interruptedAt != nil { report.isComplete = false }
      if case .packets(let error) = one.failure { throw error }
    }
    return found.addresses
  }

  /// Who answered, from whatever thread.
  private final class Found: Sendable {
    private let state = Mutex<Set<IPAddress>>([])

    var addresses: Set<IPAddress> { state.withLock { $0 } }

    /// A port that is closed is closed by somebody.
    func take(_ findings: [SweepFinding]) {
      state.withLock { addresses in
        for finding in findings where finding.outcome == .answered || finding.outcome == .closed {
          addresses.insert(finding.target)
        }
      }
    }
  }
}
