import Inventory

/// What was found about one system.
public struct SystemVerdict: Sendable, Hashable {
  /// The system as declared.
  public let system: System
  /// Its own answer.
  public let outcome: Outcome
  /// The count of its hosts.
  public let tally: Tally
}

/// What was found about one agency.
public struct AgencyVerdict: Sendable, Hashable {
  /// The agency as declared.
  public let agency: Agency
  /// Its own answer.
  public let outcome: Outcome
  /// The count of its hosts.
  public let tally: Tally
  /// The hosts that keep it from being converted, its systems' first; empty for a converted agency.
  public let missing: [HostVerdict]
}

/// From hosts to systems to agencies. Every answer is asked for twice, with unknown counted as not converted
/// and as converted; where the two differ it is `unknown`.
struct RollUp {
  let systems: [String: System]
  let hostsOfSystem: [String: [HostVerdict]]
  private let hostsOfAgency: [String: [HostVerdict]]
  private let systemsOfAgency: [String: [System]]
  /// What each system amounts to by itself; absent for one that stands for those it depends on.
  private let ownOutcomes: [String: Outcome]
  private let waivers: WaiverBook
  let policy: Policy

  init(inventory: Inventory, hosts: [HostVerdict], waivers: WaiverBook, policy: Policy) {
    systems = Dictionary(inventory.systems.map { ($0.id, $0) }) { first, _ in first }
    let members = Dictionary(grouping: hosts.filter { $0.host.system != nil }) { $0.host.system ?? "" }
    hostsOfSystem = members
    hostsOfAgency = Dictionary(grouping: hosts, by: \.host.agency)
    systemsOfAgency = Dictionary(grouping: inventory.systems.sorted { $0.id < $1.id }, by: \.agency)
    ownOutcomes = systems.compactMapValues { system in
      if waivers.whole(system.id) != nil { return .exempt }
      if let hosts = members[system.id] { return Outcome(components: hosts) }
      return system.dependsOn.isEmpty ? .unknown : nil
    }
    self.waivers = waivers
    self.policy = policy
  }

  func system(_ system: System) -> SystemVerdict {
    SystemVerdict(
      system: system, outcome: outcome(of: system),
      tally: Tally((hostsOfSystem[system.id] ?? []).map { Outcome($0.state) }))
  }

  /// A system without hosts stands for those it depends on; one without either was not measured.
  func outcome(of system: System) -> Outcome {
    ownOutcomes[system.id] ?? Outcome(allOf: dependencies(of: [system]).compactMap { ownOutcomes[$0.id] })
  }

  func agency(_ agency: Agency) -> AgencyVerdict {
    let hosts = hostsOfAgency[agency.id] ?? []
    let (required, others) = demands(of: agency)
    let outcome = outcome(of: agency, hosts: hosts, required: required, others: others)
    return AgencyVerdict(
      agency: agency, outcome: outcome, tally: Tally(hosts.map { Outcome($0.state) }),
      missing: outcome == .converted || outcome == .exempt ? [] : missing(required, others))
  }

  /// What an agency must have in order: its class-1 systems with all they depend on, and its other hosts.
  func demands(of agency: Agency) -> (required: [System], others: [HostVerdict]) {
    let counting = (systemsOfAgency[agency.id] ?? []).filter { $0.importance == 1 }
    let countingIDs = Set(counting.map(\.id))
    let others = (hostsOfAgency[agency.id] ?? []).filter { verdict in
      !(verdict.host.system.map { countingIDs.contains($0) } ?? false)
    }
    return (counting + dependencies(of: counting), others)
  }

  private func outcome(
    of agency: Agency, hosts: [HostVerdict], required: [System], others: [HostVerdict]
  ) -> Outcome {
    if waivers.whole(agency.id) != nil { return .exempt }
    if !hosts.isEmpty && hosts.allSatisfy({ $0.state == .exempt }) { return .exempt }
    let systems = required.map { outcome(of: $0) }
    let tally = Tally(others.map { Outcome($0.state) })
    // Without a host that counts the systems speak alone; without either nothing was measured.
    if tally.eligible == 0 { return Outcome(allOf: systems) }
    return Outcome { unknownCounts in
      let converted = tally.converted + (unknownCounts ? tally.unknown : 0)
      let unknown = unknownCounts ? 0 : tally.unknown
      return systems.allSatisfy { $0.holds(unknownCounts) }
        && 100 * converted >= policy.otherHostsPercent * tally.eligible
        && 100 * unknown <= policy.unknownHostsPercent * tally.eligible
    }
  }

  /// The systems that `systems` cannot work without, directly or through others, without themselves. What is
  /// exempt asks for nothing.
  private func dependencies(of roots: [System]) -> [System] {
    var seen = Set(roots.map(\.id))
    var found: [System] = []
    var open = roots
    while let next = open.popLast() {
      if ownOutcomes[next.id] == .exempt { continue }
      for id in next.dependsOn where seen.insert(id).inserted {
        guard let system = systems[id] else { continue }
        found.append(system)
        open.append(system)
      }
    }
    return found.sorted { $0.id < $1.id }
  }

  /// The hosts to look at: those of the required systems that do not hold, then the other ones.
  private func missing(_ required: [System], _ others: [HostVerdict]) -> [HostVerdict] {
    let inSystems = required.filter { !outcome(of: $0).holds(false) }
      .flatMap { hostsOfSystem[$0.id] ?? [] }
    var seen: Set<String> = []
    return (inSystems + others).filter { verdict in
      !Outcome(verdict.state).holds(false) && seen.insert(verdict.host.id).inserted
    }
  }
}

extension Outcome {
  /// The answer of a condition that may hang on what is unknown.
  fileprivate init(_ holds: (_ unknownCounts: Bool) -> Bool) {
    self = holds(false) ? .converted : holds(true) ? .unknown : .notConverted
  }

  /// Every one is needed. Where all are exempt so is the whole; where there is none nothing was measured.
  fileprivate init(allOf outcomes: [Outcome]) {
    if outcomes.isEmpty {
      self = .unknown
    } else if outcomes.allSatisfy({ $0 == .exempt }) {
      self = .exempt
    } else {
      self.init { unknownCounts in outcomes.allSatisfy { $0.holds(unknownCounts) } }
    }
  }

  /// A system is converted when every mandatory component is. Hosts of one component stand together; a host
  /// without one is a component by itself.
  fileprivate init(components hosts: [HostVerdict]) {
    if hosts.allSatisfy({ $0.state == .exempt }) {
      self = .exempt
      return
    }
    let components = Outcome.components(of: hosts).map { ComponentTally($0) }
    self.init { unknownCounts in components.allSatisfy { $0.holds(unknownCounts) } }
  }

  /// The hosts of a system by the component they play; in no order.
  static func components(of hosts: [HostVerdict]) -> [[HostVerdict]] {
    Array(Dictionary(grouping: hosts) { $0.host.component?.name ?? "\u{0}" + $0.host.id }.values)
  }

  /// Whether it holds nothing up, with unknown counted as converted or not.
  func holds(_ unknownCounts: Bool) -> Bool {
    switch self {
    case .converted, .exempt: true
    case .unknown: unknownCounts
    case .notConverted: false
    }
  }
}

/// How many hosts of a component are needed and how many there are.
struct ComponentTally {
  let required: Int
  let converted: Int
  let unknown: Int

  /// An exempt host leaves the count: of those that remain as many are needed, or all. A host that
  /// `web:2/3` promises and the inventory lacks is one that is not converted.
  init(_ members: [HostVerdict]) {
    let counted = members.filter { $0.state != .exempt }
    let size = max(members.count, members.compactMap { $0.host.component?.total }.max() ?? 0)
    let needed = members.compactMap { $0.host.component?.required }.max() ?? size
    required = min(needed, size - (members.count - counted.count))
    converted = counted.count { $0.state.isConverted }
    unknown = counted.count { $0.state == .unknown }
  }

  func holds(_ unknownCounts: Bool) -> Bool { converted + (unknownCounts ? unknown : 0) >= required }
}
