import Inventory
import Observations
import Wire

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
  public var rows: [CheckRow] { Array(everyRow) }

  /// The same, one at a time.
  public var everyRow: some Sequence<CheckRow> {
    // The vantage's row takes the place before the first host.
    (-1..<hosts.count).lazy.flatMap { [vantage, hosts] index in index < 0 ? [vantage] : hosts[index].rows }
  }
}

/// Judges a run: the same input gives the same output, in whatever order the observations come.
///
/// - Parameters:
///   - inventory: what is declared.
///   - observations: what was seen in the run.
///   - policy: the rules.
///   - now: the moment at which waivers must hold.
///   - history: what earlier rounds and the passive capture say, as of this run.
///   - comparingIPv4: `false` where IPv4 was left out on purpose: hosts then count as having none.
public func judge(
  _ inventory: Inventory, observations: [Observation], policy: Policy, now: Timestamp,
  history: History = History(), comparingIPv4: Bool = true
) -> Judgement {
  let vantage = judgeVantage(observations)
  let run = RunContext(
    vantage: vantage, resolverAnswered: observations.contains(where: \.isZoneData),
    nameServers: NameServerBook(observations), synthesis: Synthesis(observations),
    comparesIPv4: comparingIPv4, vantageAddresses: vantageAddresses(observations),
    registered: registeredPrefixes(inventory), history: history, now: now,
    neighbourhood: Neighbourhood(inventory, observations: observations),
    registry: PrefixRegistry(inventory))
  // Places and not copies: a run of many hosts has hundreds of thousands of observations.
  let byHost = Dictionary(grouping: observations.indices) { observations[$0].host }
  let waivers = WaiverBook(inventory.waivers, on: now.day)
  let hosts = inventory.hosts.sorted { $0.id < $1.id }.concurrentMap { host in
    let seen = (byHost[host.id] ?? []).map { observations[$0] }
    let context = HostContext(host: host, observations: seen, policy: policy, run: run)
    return HostVerdict(context, observations: seen, waivers: waivers)
  }
  return Judgement(
    inventory, vantage: vantage, hosts: hosts, policy: policy, waivers: waivers, on: now.day)
}

extension Judgement {
  /// Rolls hosts up.
  init(
    _ inventory: Inventory, vantage: CheckRow, hosts: [HostVerdict], policy: Policy, waivers: WaiverBook,
    on day: CivilDate
  ) {
    let rollUp = RollUp(inventory: inventory, hosts: hosts, waivers: waivers, policy: policy)
    let agencies = inventory.agencies.sorted { $0.id < $1.id }.map { rollUp.agency($0) }
    self.init(
      policy: policy, vantage: vantage, hosts: hosts,
      systems: inventory.systems.sorted { $0.id < $1.id }.map { rollUp.system($0) },
      agencies: agencies, city: Tally(agencies.map(\.outcome)),
      expiredWaivers: inventory.waivers.filter { $0.expires < day }.sorted { $0.subject < $1.subject })
  }
}

/// The latest word on the vantage's own addresses.
private func vantageAddresses(_ observations: [Observation]) -> [IPAddress]? {
  let seen = observations.filter { if case .vantage = $0.fact { true } else { false } }
  guard let latest = seen.max(by: { $0.isBefore($1) }),
    case .vantage(let addresses) = latest.fact
  else { return nil }
  return addresses
}

/// The IPv6 prefixes that are registered to each agency and may be used.
private func registeredPrefixes(_ inventory: Inventory) -> [String: [Prefix]] {
  var prefixes: [String: [Prefix]] = [:]
  for rule in inventory.prefixes where rule.rule == .allow && rule.prefix.family == .ipv6 {
    if let agency = rule.agency { prefixes[agency, default: []].append(rule.prefix) }
  }
  return prefixes.mapValues { $0.sorted() }
}
