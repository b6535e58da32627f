import Observations
import Readiness
import Store
import Wire

extension StandingUpdate {
  /// What a complete run says of where hosts stand.
  ///
  /// - Parameters:
  ///   - judgement: of the run.
  ///   - hosts: the ids of those that were asked.
  ///   - known: the standings before.
  ///   - declared: the ids of all hosts of the inventory.
  init(
    _ judgement: Judgement, observations: [Observation], run: Run, asked hosts: Set<String>,
    known: [Standing], declared: Set<String>, confirmAfter: Int
  ) {
    self.init()
    var before: [String: [CheckID: Standing]] = [:]
    for standing in known { before[standing.host, default: [:]][standing.check] = standing }
    let ipv4 = IPv4Successes(observations)
    func see(_ row: CheckRow, overIPv4: Bool?) {
      var standing = before[row.host]?[row.check] ?? Standing(host: row.host, check: row.check)
      let change = standing.see(
        row, overIPv4: overIPv4, in: run.id, at: run.finishedAt, confirmAfter: confirmAfter)
      standings.append(standing)
      if let change { changes.append(change) }
    }
    see(judgement.vantage, overIPv4: nil)
    for verdict in judgement.hosts where hosts.contains(verdict.host.id) {
      for row in verdict.worstRows { see(row, overIPv4: ipv4[verdict.host.id, row.check]) }
    }
    gone = before.keys.filter { !$0.isEmpty && !declared.contains($0) }.sorted()
  }
}

/// Whether what a check asks over IPv6 came off over IPv4, by host: every question got its answer.
private struct IPv4Successes {
  private struct Key: Hashable {
    var host: String
    var check: CheckID
  }

  private var successes: [Key: Bool] = [:]

  init(_ observations: [Observation]) {
    for observation in observations {
      switch observation.fact {
      case .echo(let address, let outcome) where address.family == .ipv4:
        note(observation.host, .reachEcho, outcome.isAnswer)
      case .port(let endpoint, let outcome) where endpoint.address.family == .ipv4:
        note(observation.host, .reachTCP, outcome.isAnswer)
      case .handshake(_, let endpoint, _, _, let outcome) where endpoint.address.family == .ipv4:
        note(observation.host, .serviceHandshake, outcome.isAnswer)
      default: break
      }
    }
  }

  private mutating func note(_ host: String, _ check: CheckID, _ answered: Bool?) {
    guard let answered else { return }
    let key = Key(host: host, check: check)
    successes[key] = successes[key, default: true] && answered
  }

  subscript(host: String, check: CheckID) -> Bool? { successes[Key(host: host, check: check)] }
}

extension ProbeOutcome {
  /// Whether the answer came; `nil` where it could not be told.
  fileprivate var isAnswer: Bool? {
    switch self {
    case .answered: true
    case .closed, .rejected, .silent: false
    case .notSent, .unmeasured: nil
    }
  }
}

extension HandshakeOutcome {
  /// Whether the service answered; `nil` where it was not spoken to.
  fileprivate var isAnswer: Bool? {
    switch self {
    case .completed: true
    case .refused, .unreachable, .timeout, .closedEarly, .protocolError: false
    case .notSent: nil
    }
  }
}
