import Inventory
import Observations

/// Judges the city by the newest word on every check, of whatever round, as it comes host by host. A check that no round
/// has asked yet is unknown, so that nobody is converted before everything was measured.
public struct StandingJudge {
  private let inventory: Inventory
  private let declared: [String: Host]
  private let policy: Policy
  private let now: Timestamp
  private let waivers: WaiverBook
  private var vantage = CheckRow(
    host: "", check: .vantageIPv6, subject: "", verdict: .unknown, reason: .notMeasured)
  private var verdicts: [String: HostVerdict] = [:]

  /// Knows nothing yet.
  ///
  /// - Parameter now: the moment at which waivers must hold.
  public init(_ inventory: Inventory, policy: Policy, now: Timestamp) {
    (self.inventory, self.policy, self.now) = (inventory, policy, now)
    declared = Dictionary(uniqueKeysWithValues: inventory.hosts.map { ($0.id, $0) })
    waivers = WaiverBook(inventory.waivers, on: now.day)
    verdicts.reserveCapacity(inventory.hosts.count)
  }

  /// Takes all standings of one host, or of the vantage, whose name is empty. A host that is not in the inventory is left
  /// out.
  public mutating func add(host: String, _ standings: some Sequence<Standing>) {
    if host.isEmpty {
      if let standing = standings.first(where: { $0.check == .vantageIPv6 }) { vantage = standing.row }
    } else if let host = declared[host] {
      verdicts[host.id] = verdict(host, standings)
    }
  }

  /// Where the city stands by what was added.
  public var judgement: Judgement {
    let hosts = inventory.hosts.sorted { $0.id < $1.id }.map { verdicts[$0.id] ?? verdict($0, []) }
    return Judgement(
      inventory, vantage: vantage, hosts: hosts, policy: policy, waivers: waivers, on: now.day)
  }

  private func verdict(_ host: Host, _ standings: some Sequence<Standing>) -> HostVerdict {
    let known = Dictionary(standings.map { ($0.check, $0) }) { _, last in last }
    let rows = policy.checks.map { check in
      known[check.id]?.row
        ?? CheckRow(host: host.id, check: check.id, subject: "", verdict: .unknown, reason: .notMeasured)
    }
    return HostVerdict(
      host, rows: rows, measuredAt: known.values.compactMap(\.observedAt).max(), policy: policy,
      waivers: waivers)
  }
}
