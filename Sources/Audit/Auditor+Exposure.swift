import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Probes in one run of the packet core, so that memory does not grow with the inventory.
  private static let probesAtOnce = 75_000

  /// Asks for what should not answer: ports beside the declared ones, tunnel ends, and addresses that nobody uses.
  /// Last of all, so that a host that limits what it takes has been measured by then. All of it together, so that
  /// silence is waited for once; only what IPv4 is compared with depends on what came of that.
  func surveyExposure(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ evidence: inout EvidenceDraft?,
    _ counters: inout AuditCounters
  ) async throws {
    let policy = settings.policy
    let asksPorts = policy.asks(.exposurePorts) || policy.asks(.exposureManagement)
    guard asksPorts || policy.asks(.exposureTunnels), families.contains(.ipv6) else { return }
    guard await recorder.vantageHasIPv6 else { return }
    let isUsable: (IPAddress) -> Bool = { policy.accepts($0.scope) }
    let thresholds = policy.thresholds
    var plan = aliases(hosts, scope, isUsable)
    if policy.asks(.exposureTunnels) {
      plan += Plan.tunnels(hosts, families, isUsable: isUsable).map(Asked.tunnel)
    }
    if asksPorts {
      let ports = Set(thresholds.exposedTCPPorts + thresholds.managementTCPPorts).sorted()
      plan += Plan.datagrams(hosts, ports: thresholds.managementUDPPorts, isUsable: isUsable).map(
        Asked.datagram)
      plan += Plan.surveys(hosts, ports: ports, isUsable: isUsable).map(Asked.survey)
    }
    for asked in plan { asked.note(in: &evidence) }
    let spool = evidence?.spool.on(.exposure)
    try await ask(plan, scope, recorder, spool, &counters)
    guard asksPorts, families.contains(.ipv4), !Task.isCancelled else { return }
    let open = await recorder.read { Dictionary($0.lazy.compactMap(\.openPorts)) { first, _ in first } }
    let comparisons = Plan.comparisons(hosts) { open[$0] ?? [] }
    try await ask(comparisons.map(Asked.survey), scope, recorder, spool, &counters)
  }

  /// An echo to an address of each /64 that nobody uses, which stands for all addresses there. Where exactly the
  /// declared addresses are allowed, no other one may be asked.
  private func aliases(
    _ hosts: [HostAddressing], _ scope: Scope, _ isUsable: (IPAddress) -> Bool
  ) -> [Asked] {
    Plan.networks(hosts, isUsable: isUsable).compactMap { network, addresses -> Asked? in
      let unused = IPAddress(ipv6High: network.address.high, low: .random(in: 1 << 48 ... .max))
      return scope.allows(unused) ? .alias(unused: unused, of: addresses) : nil
    }
  }

  private func ask(
    _ plan: [Asked], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws {
    let total = plan.reduce(0) { $0 + $1.count }
    var (start, done) = (0, 0)
    while start < plan.count, !Task.isCancelled {
      var end = start
      var count = 0
      while end < plan.count, end == start || count + plan[end].count <= Self.probesAtOnce {
        count += plan[end].count
        end += 1
      }
      var probes: [Probe] = []
      probes.reserveCapacity(count)
      for asked in plan[start..<end] { probes += asked.probes }
      let result = try await probe(
        probes, scope, spool, phase: .exposure, done: done, total: total)
      counters.add(result.counters)
      var place = 0
      for asked in plan[start..<end] {
        for (hosts, fact) in asked.facts(result.outcomes[place..<place + asked.count]) {
          try await recorder.record(fact, for: hosts, at: .now)
        }
        place += asked.count
      }
      if let failure = result.failure { throw failure }
      start = end
      done += count
    }
  }
}

/// What is asked at once, and for whom.
private enum Asked {
  case survey(Planned<SurveyQuestion>)
  /// One unused address stands for every used one of its /64.
  case alias(unused: IPAddress, of: [Planned<IPAddress>])
  case datagram(Planned<Endpoint>)
  case tunnel(Planned<TunnelQuestion>)

  /// How many probes it takes.
  var count: Int {
    if case .survey(let item) = self { item.question.ports.count } else { 1 }
  }

  var probes: [Probe] {
    switch self {
    case .survey(let item):
      item.question.ports.map { Probe(target: item.question.address, kind: .tcpSYN(port: $0)) }
    case .alias(let unused, _): [Probe(target: unused, kind: .echo)]
    case .datagram(let item):
      [Probe(target: item.question.address, kind: .datagram(port: item.question.port))]
    case .tunnel(let item): [item.question.probe]
    }
  }

  /// Tells the evidence where packets go that no fact names.
  func note(in evidence: inout EvidenceDraft?) {
    switch self {
    case .survey, .datagram: break
    case .alias(let unused, let items):
      for item in items {
        evidence?.noteElsewhere(
          Probe(target: unused, kind: .echo), .alias(address: item.question, outcome: .silent(tries: 1)))
      }
    case .tunnel(let item):
      evidence?.noteElsewhere(
        item.question.probe,
        .tunnel(kind: item.question.kind, address: item.question.address, outcome: .silent(tries: 1)))
    }
  }

  /// What the outcomes of its probes say. One fact an address, however many ports it has.
  func facts(_ outcomes: ArraySlice<ProbeOutcome?>) -> [(hosts: [String], fact: Fact)] {
    if case .survey(let item) = self {
      let survey = PortSurvey(zip(item.question.ports, outcomes).map { (port: $0, outcome: $1) })
      return survey.count == 0
        ? [] : [(item.hosts, .portSurvey(address: item.question.address, survey: survey))]
    }
    guard let outcome = outcomes.first ?? nil else { return [] }
    return switch self {
    case .survey: []
    case .alias(_, let items):
      items.map { ($0.hosts, .alias(address: $0.question, outcome: outcome)) }
    case .datagram(let item): [(item.hosts, .datagram(endpoint: item.question, outcome: outcome))]
    case .tunnel(let item):
      [
        (
          item.hosts,
          .tunnel(kind: item.question.kind, address: item.question.address, outcome: outcome)
        )
      ]
    }
  }
}

extension Observation {
  /// The open ports that a survey over IPv6 found.
  fileprivate var openPorts: (IPAddress, [UInt16])? {
    if case .portSurvey(let address, let survey) = fact, address.family == .ipv6 {
      (address, survey.open)
    } else {
      nil
    }
  }
}
