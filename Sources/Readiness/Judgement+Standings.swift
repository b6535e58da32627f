import Inventory
import Observations

/// Where the city stands by the newest word on every check, of whatever round. A check that no round has asked yet is
/// unknown, so that nobody is converted before everything was measured.
///
/// - Parameters:
///   - standings: those of the vantage; hosts that are not in the inventory are left out.
///   - now: the moment at which waivers must hold.
public func judge(
  _ inventory: Inventory, standings: some Sequence<Standing>, policy: Policy, now: Timestamp
) -> Judgement {
  var byHost: [String: [CheckID: Standing]] = [:]
  for standing in standings { byHost[standing.host, default: [:]][standing.check] = standing }
  let vantage =
    byHost[""]?[.vantageIPv6]?.row
    ?? CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: .unknown, reason: .notMeasured)
  let waivers = WaiverBook(inventory.waivers, on: now.day)
  let hosts = inventory.hosts.sorted { $0.id < $1.id }.map { host in
    let known = byHost[host.id] ?? [:]
    let rows = policy.checks.map { check in
      known[check.id]?.row
        ?? CheckRow(host: host.id, check: check.id, subject: "", verdict: .unknown, reason: .notMeasured)
    }
    return HostVerdict(
      host, rows: rows, measuredAt: known.values.compactMap(\.observedAt).max(), policy: policy,
      waivers: waivers)
  }
  return Judgement(
    inventory, vantage: vantage, hosts: hosts, policy: policy, waivers: waivers, on: now.day)
}
