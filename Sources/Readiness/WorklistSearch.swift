import Inventory

/// The search. Where agencies share nothing the cheapest ones are taken. Otherwise it is greedy by what an agency costs on
/// top of what is fixed already, then drops steps that turned out not to be needed, and, where they are few, compares
/// every choice of agencies.
struct WorklistSearch {
  /// An agency and the hosts that are fixed for it.
  typealias Stage = (agency: Agency, hosts: [HostVerdict])

  let inventory: Inventory
  let judgement: Judgement
  let waivers: WaiverBook
  let agencies: [Agency]
  let candidates: [Agency]

  init(_ inventory: Inventory, _ judgement: Judgement, _ waivers: WaiverBook) {
    self.inventory = inventory
    self.judgement = judgement
    self.waivers = waivers
    agencies = inventory.agencies.sorted { $0.id < $1.id }
    candidates = judgement.agencies.filter { $0.outcome.isOpen }.map(\.agency)
  }

  /// How many hosts may be rolled up in all to compare choices: about a second.
  private static let effort = 500_000

  var result: Worklist {
    let needed = needed(judgement.city)
    if needed == 0 { return Worklist(needed: 0, steps: [], reachesTarget: true, isFewest: true) }
    let isIndependent = isIndependent
    var stages = isIndependent ? cheapest(needed) : withoutSpare(greedy())
    let isReached = self.needed(city(fixing: stages)) == 0
    if isReached && !isIndependent, let better = best(of: needed, than: cost(stages)) { stages = better }
    return Worklist(
      needed: needed, steps: steps(stages, sharing: !isIndependent), reachesTarget: isReached,
      isFewest: isReached && isIndependent)
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

  private func city(fixing stages: [Stage]) -> Tally {
    let rollUp = rollUp(fixing: Set(stages.flatMap(\.hosts).map(\.host.id)))
    return Tally(agencies.map { rollUp.agency($0).outcome })
  }

  private func cost(_ host: HostVerdict) -> Int { max(1, host.holdups(judgement.policy).count) }

  private func cost(_ hosts: [HostVerdict]) -> Int { hosts.map { cost($0) }.reduce(0, +) }

  private func cost(_ stages: [Stage]) -> Int { cost(stages.flatMap(\.hosts)) }

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

  /// The cheapest agencies by themselves.
  private func cheapest(_ count: Int) -> [Stage] {
    let rollUp = rollUp(fixing: [])
    let stages = candidates.compactMap { agency -> (stage: Stage, cost: Int)? in
      rollUp.cheapest(agency, cost: cost).map { ((agency, $0), cost($0)) }
    }
    return stages.sorted { ($0.cost, $0.stage.agency.id) < ($1.cost, $1.stage.agency.id) }.prefix(count).map(
      \.stage)
  }

  private func greedy() -> [Stage] {
    var fixed: Set<String> = []
    var stages: [Stage] = []
    while true {
      let rollUp = rollUp(fixing: fixed)
      let outcomes = agencies.map { ($0, rollUp.agency($0).outcome) }
      if needed(Tally(outcomes.map(\.1))) == 0 { return stages }
      var best: (stage: Stage, cost: Int)?
      for (agency, outcome) in outcomes where outcome.isOpen {
        guard let hosts = rollUp.cheapest(agency, cost: cost) else { continue }
        let cost = cost(hosts)
        if best.map({ cost < $0.cost }) ?? true { best = ((agency, hosts), cost) }
      }
      guard let best, !best.stage.hosts.isEmpty else { return stages }
      stages.append(best.stage)
      fixed.formUnion(best.stage.hosts.map(\.host.id))
    }
  }

  /// A later step may have converted more than one agency, so that an earlier one is not needed any more.
  private func withoutSpare(_ stages: [Stage]) -> [Stage] {
    var kept = stages
    if needed(city(fixing: kept)) > 0 { return kept }
    for stage in stages.reversed() {
      let less = kept.filter { $0.agency.id != stage.agency.id }
      if needed(city(fixing: less)) == 0 { kept = less }
    }
    return kept
  }

  /// The cheapest of all choices of so many agencies, where they are few and one is cheaper than what is known.
  private func best(of count: Int, than known: Int) -> [Stage]? {
    let limit = Self.effort / (max(1, judgement.hosts.count) * (2 * count + 2))
    let choices = choices(of: count, from: candidates[...], atMost: limit)
    guard choices.count < limit else { return nil }
    var best: (stages: [Stage], cost: Int)?
    for choice in choices {
      guard let all = stages(choice), cost(all) < best?.cost ?? .max else { continue }
      let stages = withoutSpare(all)
      let cost = cost(stages)
      if cost < best?.cost ?? known && needed(city(fixing: stages)) == 0 { best = (stages, cost) }
    }
    return best?.stages
  }

  /// What fixing for these agencies, one after the other, comes to; `nil` where one cannot be converted.
  private func stages(_ order: [Agency]) -> [Stage]? {
    var fixed: Set<String> = []
    var stages: [Stage] = []
    for agency in order {
      guard let hosts = rollUp(fixing: fixed).cheapest(agency, cost: cost) else { return nil }
      stages.append((agency, hosts))
      fixed.formUnion(hosts.map(\.host.id))
    }
    return stages.filter { !$0.hosts.isEmpty }
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

  private func steps(_ stages: [Stage], sharing: Bool) -> [Worklist.Step] {
    var fixed: Set<String> = []
    var open = candidates
    return stages.map { agency, hosts in
      fixed.formUnion(hosts.map(\.host.id))
      open.removeAll { $0.id == agency.id }
      var also: [Agency] = []
      if sharing {
        let after = rollUp(fixing: fixed)
        also = open.filter { after.agency($0).outcome == .converted }
        open.removeAll { other in also.contains { $0.id == other.id } }
      }
      let fixes = hosts.map { Worklist.Fix(host: $0, rows: $0.holdups(judgement.policy)) }
      let outcome = judgement.agencies.first { $0.agency.id == agency.id }?.outcome ?? .unknown
      return Worklist.Step(agency: agency, outcome: outcome, fixes: fixes, also: also)
    }
  }
}

extension Outcome {
  /// Whether an agency of this outcome could still become converted.
  fileprivate var isOpen: Bool { self == .notConverted || self == .unknown }
}
