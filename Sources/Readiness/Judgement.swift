import Inventory
import Observations

/// Everything one run says: the vantage, each host, and the roll-up to systems, agencies and the city.
public struct Judgement: Sendable {
  /// The policy it was found under.
  public let policy: Policy
  /// The row of `vantage.ipv6`.
  public let vantage: CheckRow
  /// One verdict a host, in the order of the host's id.
  public let hosts: [HostVerdict]
  /// One for each system, in the order of the id.
  public let systems: [SystemVerdict]
  /// One for each agency, in the order of the id.
  public let agencies: [AgencyVerdict]
  /// The count of agencies: the city figure.
  public let city: Tally
  /// Waivers that were past their last day, by subject.
  public let expiredWaivers: [Waiver]

  /// Every check row, the vantage's first.
  public var rows: [CheckRow] { [vantage] + hosts.flatMap(\.rows) }
}

/// Judges a run: the same input gives the same output, in whatever order the observations come.
///
/// - Parameters:
///   - inventory: what is declared.
///   - observations: what was seen in the run.
///   - policy: the rules.
///   - now: the moment at which waivers must hold.
///   - comparingIPv4: `false` where IPv4 was left out on purpose: hosts then count as having none.
public func judge(
  _ inventory: Inventory, observations: [Observation], policy: Policy, now: Timestamp,
  comparingIPv4: Bool = true
) -> Judgement {
  let vantage = judgeVantage(observations)
  let run = RunContext(
    vantage: vantage, resolverAnswered: observations.contains(where: \.isZoneData),
    comparesIPv4: comparingIPv4, registry: PrefixRegistry(inventory))
  let byHost = Dictionary(grouping: observations, by: \.host)
  let waivers = WaiverBook(inventory.waivers, on: now.day)
  let hosts = inventory.hosts.sorted { $0.id < $1.id }.map { host in
    let seen = byHost[host.id] ?? []
    let context = HostContext(host: host, observations: seen, policy: policy, run: run)
    return HostVerdict(context, observations: seen, waivers: waivers)
  }
  let rollUp = RollUp(inventory: inventory, hosts: hosts, waivers: waivers, policy: policy)
  let agencies = inventory.agencies.sorted { $0.id < $1.id }.map { rollUp.agency($0) }
  return Judgement(
    policy: policy, vantage: vantage, hosts: hosts,
    systems: inventory.systems.sorted { $0.id < $1.id }.map { rollUp.system($0) },
    agencies: agencies, city: Tally(agencies.map(\.outcome)),
    expiredWaivers: inventory.waivers.filter { $0.expires < now.day }.sorted { $0.subject < $1.subject })
}
