import Inventory
import Observations

/// The shortest path to the city's target: which hosts to fix, agency by agency, cheapest first.
///
/// A fix is one check on one host that has to be put right; the checks are those gates that fail or are unknown.
public struct Worklist: Sendable {
  /// A host to fix.
  public struct Fix: Sendable, Hashable {
    /// The host as it is.
    public let host: HostVerdict
    /// What holds it up: the first row of each gate that fails, or, where none does, that is unknown.
    public let rows: [CheckRow]
  }

  /// One agency that becomes converted.
  public struct Step: Sendable, Hashable {
    /// The agency.
    public let agency: Agency
    /// What it is now.
    public let outcome: Outcome
    /// What has to be fixed for it, beyond the steps before.
    public let fixes: [Fix]
    /// Agencies that become converted by the same fixes, since they depend on the same systems.
    public let also: [Agency]
  }

  /// How many more agencies must be converted to meet the target; 0 when it is met.
  public let needed: Int
  /// The steps in order. Empty when the target is met.
  public let steps: [Step]
  /// Whether the target is met when all steps are done. It is not when too many agencies cannot be converted by
  /// fixing hosts: they declare none, or too few.
  public let reachesTarget: Bool
  /// Whether it is certain that no other choice needs fewer fixes. Where agencies share systems, or a host counts
  /// for two conditions, the best of many choices was taken, and a better one cannot be ruled out.
  public let isFewest: Bool

  /// How many checks have to be put right.
  public var fixCount: Int { steps.flatMap(\.fixes).map(\.rows.count).reduce(0, +) }
}

/// The shortest path from a judgement to its policy's target. Pure.
///
/// - Parameter now: the moment at which waivers must hold, as for the judgement.
public func worklist(_ inventory: Inventory, _ judgement: Judgement, now: Timestamp) -> Worklist {
  WorklistSearch(inventory, judgement, WaiverBook(inventory.waivers, on: now.day)).result
}

extension HostVerdict {
  /// What holds it up, at every level: of each gate the first row that fails or, where none does, that is unknown.
  public func holdups(_ policy: Policy) -> [CheckRow] {
    policy.checks.filter(\.isGate).compactMap { check in
      let own = rows.filter { $0.check == check.id }
      return own.first { $0.verdict == .fail } ?? own.first { $0.verdict == .unknown }
    }
  }

  /// The host as it would be with everything put right.
  var fixed: HostVerdict {
    HostVerdict(host: host, state: .operational, rows: rows, score: score, measuredAt: measuredAt)
  }
}

/// The search: greedy by what an agency costs on top of what is fixed already, then without steps that turned out not
/// to be needed, and, where they are few, against every choice of agencies.
private struct WorklistSearch {
  let inventory: Inventory
  let judgement: Judgement
  let waivers: WaiverBook
  let agencies: [Agency]

  init(_ inventory: Inventory, _ judgement: Judgement, _ waivers: WaiverBook) {
    self.inventory = inventory
    self.judgement = judgement
    self.waivers = waivers
    agencies = inventory.agencies.sorted { $0.id < $1.id }
  }

  /// The most choices of agencies that are tried one by one.
  private static let choiceLimit = 2000

  var result: Worklist {
    let needed = needed(judgement.city)
    if needed == 0 { return Worklist(needed: 0, steps: [], reachesTarget: true, isFewest: true) }
    var order = greedy()
    let isReached = self.needed(city(order)) == 0
    var isFewest = isReached && isIndependent
    if isReached {
      order = withoutSpare(order)
      if !isFewest, let better = best(of: needed, than: cost(order)) { order = better }
    } else {
      isFewest = false
    }
    return Worklist(needed: needed, steps: steps(order), reachesTarget: isReached, isFewest: isFewest)
  }

  /// How many more agencies the target asks for.
  private func needed(_ city: Tally) -> Int {
    let wanted = (judgement.policy.targetPerThousand * city.eligible + 999) / 1000
    return max(0, wanted - city.converted)
  }

  private func rollUp(fixing fixed: Set<String>) -> RollUp {
    let hosts = judgement.hosts.map { fixed.contains($0.host.id) ? $0.fixed : $0 }
    return RollUp(inventory: inventory, hosts: hosts, waivers: waivers, policy: judgement.policy)
  }

  /// What fixing for these agencies, one after the other, comes to.
  private func fixes(_ order: [Agency]) -> [(agency: Agency, hosts: [HostVerdict])] {
    var fixed: Set<String> = []
    return order.map { agency in
      let hosts = rollUp(fixing: fixed).cheapest(agency, cost: cost) ?? []
      fixed.formUnion(hosts.map(\.host.id))
      return (agency, hosts)
    }
  }

  private func city(_ order: [Agency]) -> Tally {
    let rollUp = rollUp(fixing: Set(fixes(order).flatMap(\.hosts).map(\.host.id)))
    return Tally(agencies.map { rollUp.agency($0).outcome })
  }

  private func cost(_ host: HostVerdict) -> Int { max(1, host.holdups(judgement.policy).count) }

  private func cost(_ order: [Agency]) -> Int { fixes(order).flatMap(\.hosts).map(cost).reduce(0, +) }

  private var candidates: [Agency] {
    judgement.agencies.filter { [.notConverted, .unknown].contains($0.outcome) }.map(\.agency)
  }

  private func greedy() -> [Agency] {
    var fixed: Set<String> = []
    var order: [Agency] = []
    while true {
      let rollUp = rollUp(fixing: fixed)
      let outcomes = agencies.map { ($0, rollUp.agency($0).outcome) }
      if needed(Tally(outcomes.map(\.1))) == 0 { return order }
      var best: (agency: Agency, hosts: [HostVerdict], cost: Int)?
      for (agency, outcome) in outcomes where [.notConverted, .unknown].contains(outcome) {
        guard let hosts = rollUp.cheapest(agency, cost: cost) else { continue }
        let cost = hosts.map(cost).reduce(0, +)
        if best.map({ cost < $0.cost }) ?? true { best = (agency, hosts, cost) }
      }
      guard let best, !best.hosts.isEmpty else { return order }
      order.append(best.agency)
      fixed.formUnion(best.hosts.map(\.host.id))
    }
  }

  /// A later step may have converted more than one agency, so that an earlier one is not needed any more.
  private func withoutSpare(_ order: [Agency]) -> [Agency] {
    var order = order
    for agency in order.reversed() {
      let less = order.filter { $0.id != agency.id }
      if needed(city(less)) == 0 && cost(less) < cost(order) { order = less }
    }
    return order
  }

  /// The cheapest of all choices of so many agencies, where they are few and one is cheaper than what is known.
  private func best(of count: Int, than known: Int) -> [Agency]? {
    let choices = choices(of: count, from: candidates[...], atMost: Self.choiceLimit)
    guard choices.count < Self.choiceLimit else { return nil }
    var best: (order: [Agency], cost: Int)?
    for choice in choices {
      let order = withoutSpare(choice)
      let cost = cost(order)
      if cost < best?.cost ?? known && needed(city(order)) == 0 { best = (order, cost) }
    }
    return best?.order
  }

  private func choices(of count: Int, from rest: ArraySlice<Agency>, atMost limit: Int) -> [[Agency]] {
    if count == 0 { return [[]] }
    var found: [[Agency]] = []
    for (index, agency) in zip(rest.indices, rest) where found.count < limit {
      found += choices(of: count - 1, from: rest[(index + 1)...], atMost: limit - found.count)
        .map { [agency] + $0 }
    }
    return found
  }

  /// Whether no host counts for two agencies or twice for one: then the cheapest agencies are the fewest fixes.
  private var isIndependent: Bool {
    let rollUp = rollUp(fixing: [])
    var seen: Set<String> = []
    for agency in candidates {
      let (required, others) = rollUp.demands(of: agency)
      let hosts = required.flatMap { rollUp.hostsOfSystem[$0.id] ?? [] } + others
      for host in hosts where !seen.insert(host.host.id).inserted { return false }
    }
    return true
  }

  private func steps(_ order: [Agency]) -> [Worklist.Step] {
    var fixed: Set<String> = []
    return fixes(order).map { agency, hosts in
      let before = rollUp(fixing: fixed)
      fixed.formUnion(hosts.map(\.host.id))
      let after = rollUp(fixing: fixed)
      let also = candidates.filter { other in
        other.id != agency.id && before.agency(other).outcome != .converted
          && after.agency(other).outcome == .converted
      }
      let fixes = hosts.map { Worklist.Fix(host: $0, rows: $0.holdups(judgement.policy)) }
      let outcome = judgement.agencies.first { $0.agency.id == agency.id }?.outcome ?? .unknown
      return Worklist.Step(agency: agency, outcome: outcome, fixes: fixes, also: also)
    }
  }
}
