import Inventory

extension RollUp {
  /// The cheapest hosts to put right so that the agency is converted: in each required system as many of a component
  /// as it lacks, then as many of the agency's other hosts as its share lacks. Exact where no host counts for two of
  /// these; `nil` where fixing hosts cannot do it.
  func cheapest(_ agency: Agency, cost: (HostVerdict) -> Int) -> [HostVerdict]? {
    let (required, others) = demands(of: agency)
    var chosen: [String: HostVerdict] = [:]
    for system in required where !outcome(of: system).holds(false) {
      guard let members = hostsOfSystem[system.id] else {
        // It stands for the systems it depends on, and these are required themselves.
        if system.dependsOn.isEmpty { return nil }
        continue
      }
      for component in Outcome.components(of: members) {
        let tally = ComponentTally(component)
        let open = component.filter { !Outcome($0.state).holds(false) }.sorted(by: cost)
        let lacking = tally.required - tally.converted
        if lacking > open.count { return nil }
        for host in open.prefix(max(0, lacking)) { chosen[host.host.id] = host }
      }
    }
    let eligible = others.filter { $0.state != .exempt }
    if required.isEmpty && eligible.isEmpty { return nil }
    let open = eligible.filter { !Outcome($0.state).holds(false) && chosen[$0.host.id] == nil }.sorted(
      by: cost)
    // At least so many must be converted, and at most so many may stay unknown.
    let wanted = (policy.otherHostsPercent * eligible.count + 99) / 100
    let unknown = open.filter { $0.state == .unknown }
    let surplus = unknown.count - policy.unknownHostsPercent * eligible.count / 100
    for host in unknown.prefix(max(0, surplus)) { chosen[host.host.id] = host }
    let converted = eligible.count { $0.state.isConverted || chosen[$0.host.id] != nil }
    for host in open.filter({ chosen[$0.host.id] == nil }).prefix(max(0, wanted - converted)) {
      chosen[host.host.id] = host
    }
    return chosen.values.sorted { $0.host.id < $1.host.id }
  }
}

extension [HostVerdict] {
  /// The cheapest first; of equals the first by id.
  fileprivate func sorted(by cost: (HostVerdict) -> Int) -> [HostVerdict] {
    map { (cost($0), $0) }.sorted { ($0.0, $0.1.host.id) < ($1.0, $1.1.host.id) }.map(\.1)
  }
}
