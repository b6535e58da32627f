import Foundation
import Inventory
import Logging
import Observations
import Readiness
import Reporting
import Schedule
import Store

/// Where everything stands by the newest word on each host, as far as the daemon has to have it at hand. Made from the
/// store, and small.
struct Picture: Sendable {
  /// The last round of each kind.
  private(set) var rounds: [RoundStatus] = []
  /// The figure.
  private(set) var city = CityStatus()
  /// The part of the metrics that only a round changes.
  private(set) var metrics: [UInt8] = []
  /// Everything; `nil` until a round has ended.
  private(set) var judgement: Judgement?
  /// Why the newest round could not tell whether IPv6 works at the vantage; `nil` where it could.
  private(set) var vantageDoubt: Reason?
  /// Why the store could not be read.
  private(set) var failure: String?
  /// When a round of each kind last began.
  private(set) var lastStarts: [RoundKind: Timestamp] = [:]

  /// Reads the store. One that is not there yet says nothing, and is made by the first round.
  init(reading situation: Situation, log: Logger) {
    let path = situation.configuration.database
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
    guard let size, size > 0 else { return }
    do {
      try read(try Store.openForReading(path: path), situation)
    } catch StoreError.olderSchema {
      // A round makes it, or brings it forward, when it begins.
    } catch {
      failure = "\(error)"
      log.critical("the store cannot be read: \(error)")
    }
  }

  private mutating func read(_ store: Store, _ situation: Situation) throws {
    for run in try store.lastRounds() {
      lastStarts[run.round] = run.startedAt
      rounds.append(
        RoundStatus(
          kind: run.round, run: run.id, startedAt: run.startedAt, finishedAt: run.finishedAt))
    }
    // The whole rubric has asked what every other kind asks.
    if let full = lastStarts[.full] {
      for kind in RoundKind.allCases { lastStarts[kind] = max(lastStarts[kind] ?? full, full) }
    }
    rounds.sort { $0.kind < $1.kind }
    var judge = StandingJudge(situation.inventory, policy: try situation.policy(), now: .now)
    var probes: [Standing] = []
    try store.eachHost(vantage: situation.configuration.vantageName) { host, standings in
      judge.add(host: host, standings)
      probes += standings.filter { StandingMetrics.probes.contains($0.check) }
    }
    let judgement = judge.judgement
    city = CityStatus(judgement)
    let vantage = judgement.vantage
    if !rounds.isEmpty, vantage.verdict == .unknown, vantage.reason != .noControl {
      vantageDoubt = vantage.reason
    }
    metrics = StandingMetrics(judgement, standings: probes, latest: rounds.map(\.finishedAt).max()).text
    if !rounds.isEmpty { self.judgement = judgement }
  }
}

extension CityStatus {
  init(_ judgement: Judgement) {
    self.init()
    eligible = judgement.city.eligible
    converted = judgement.city.converted
    notConverted = judgement.city.notConverted
    unknown = judgement.city.unknown
    isVantageUp =
      switch judgement.vantage.verdict {
      case .pass: true
      case .fail: false
      case .unknown, .na, .exempt: nil
      }
  }
}
