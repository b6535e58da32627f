import Discovery
import Observations
import Services
import Wire

/// Looks names up, at a pace: which addresses they lead to.
public struct NameSurvey: Sendable {
  /// What came of it.
  public struct Report: Sendable {
    /// Addresses, with the names that lead to them.
    public var traits: [ObservedTrait] = []
    /// Questions that nobody answered or that were refused; that a name has no such address is an answer.
    public var withoutAnswer = 0
  }

  private let resolver: Resolver
  private let gate: StartGate

  private static let atOnce = 128

  /// Asks one resolver.
  ///
  /// - Parameter rate: questions per second.
  public init(asking server: Endpoint, rate: Double) {
    resolver = Resolver(server: server, maximumSockets: Self.atOnce)
    gate = StartGate(rate: rate, hostRate: rate, prefixRate: rate)
  }

  /// Asks for both kinds of addresses of each name, until the task is cancelled.
  public func ask(
    _ names: [String], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async -> Report {
    let questions = names.flatMap { name in RecordType.allCases.map { (name: name, type: $0) } }
    var (report, done) = (Report(), 0)
    await askEach(questions, atOnce: Self.atOnce) { question in
      await gate.wait(for: resolver.server.address)
      return await resolver.lookup(question.name, question.type)
    } take: { question, outcome in
      let now = Timestamp.now
      switch outcome {
      case .answer(let addresses, _):
        report.traits += addresses.map {
          ObservedTrait($0, .name, question.name, source: "lookup", firstSeen: now, lastSeen: now)
        }
      case .noData, .nxDomain: break
      default: report.withoutAnswer += 1
      }
      done += 1
      progress(done, questions.count)
    }
    return report
  }
}
