import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Probes in one run of the packet core, so that memory does not grow with the inventory.
  private static let probesAtOnce = 150_000

  /// Asks for what should not answer: ports beside the declared ones, tunnel ends, and addresses that nobody uses.
  /// Last of all, so that a host that limits what it takes has been measured by then.
  func surveyExposure(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ evidence: inout EvidenceDraft?,
    _ counters: inout RunCounters
  ) async throws {
    let policy = settings.policy
    let asksPorts = policy.asks(.exposurePorts) || policy.asks(.exposureManagement)
    guard asksPorts || policy.asks(.exposureTunnels), families.contains(.ipv6) else { return }
    guard vantageHasIPv6(await recorder.observations) else { return }
    let isUsable: (IPAddress) -> Bool = { policy.accepts($0.scope) }
    let thresholds = policy.thresholds
    if asksPorts {
      let ports = Set(thresholds.exposedTCPPorts + thresholds.managementTCPPorts).sorted()
      try await survey(
        Plan.surveys(hosts, ports: ports, isUsable: isUsable), scope, recorder, evidence?.spool, &counters)
      if Task.isCancelled { return }
      let open = Dictionary(await recorder.observations.compactMap(\.openPorts)) { first, _ in first }
      if families.contains(.ipv4) {
        let comparisons = Plan.comparisons(hosts) { open[$0] ?? [] }
        try await survey(comparisons, scope, recorder, evidence?.spool, &counters)
      }
    }
    if Task.isCancelled { return }
    let plans =
      aliases(hosts, scope, isUsable)
      + (asksPorts ? datagrams(hosts, isUsable) : [])
      + (policy.asks(.exposureTunnels) ? tunnels(hosts, isUsable) : [])
    for asked in plans { evidence?.noteElsewhere(asked.probe, asked.fact(.silent(tries: 1))) }
    try await ask(plans, scope, recorder, evidence?.spool, &counters)
  }

  /// An echo to an address of each /64 that nobody uses, which stands for all addresses there. Where exactly the
  /// declared addresses are allowed, no other one may be asked.
  private func aliases(
    _ hosts: [HostAddressing], _ scope: Scope, _ isUsable: (IPAddress) -> Bool
  ) -> [Asked] {
    Plan.networks(hosts, isUsable: isUsable).flatMap { network, addresses -> [Asked] in
      let unused = IPAddress(ipv6High: network.address.high, low: .random(in: 1 << 48 ... .max))
      guard scope.allows(unused) else { return [] }
      return addresses.map { item in
        Asked(probe: Probe(target: unused, kind: .echo), item.hosts) {
          .alias(address: item.question, outcome: $0)
        }
      }
    }
  }

  private func datagrams(_ hosts: [HostAddressing], _ isUsable: (IPAddress) -> Bool) -> [Asked] {
    Plan.datagrams(hosts, ports: settings.policy.thresholds.managementUDPPorts, isUsable: isUsable).map {
      item in
      let probe = Probe(target: item.question.address, kind: .datagram(port: item.question.port))
      return Asked(probe: probe, item.hosts) { .datagram(endpoint: item.question, outcome: $0) }
    }
  }

  private func tunnels(_ hosts: [HostAddressing], _ isUsable: (IPAddress) -> Bool) -> [Asked] {
    Plan.tunnels(hosts, families, isUsable: isUsable).map { item in
      Asked(probe: item.question.probe, item.hosts) {
        .tunnel(kind: item.question.kind, address: item.question.address, outcome: $0)
      }
    }
  }

  /// Asks each address for its ports and records one fact an address.
  private func survey(
    _ plan: [Planned<SurveyQuestion>], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout RunCounters
  ) async throws {
    var start = 0
    while start < plan.count, !Task.isCancelled {
      var end = start
      var count = 0
      while end < plan.count, end == start || count + plan[end].question.ports.count <= Self.probesAtOnce {
        count += plan[end].question.ports.count
        end += 1
      }
      let probes = plan[start..<end].flatMap { item in
        item.question.ports.map { Probe(target: item.question.address, kind: .tcpSYN(port: $0)) }
      }
      let result = try await send(probes, scope, spool?.on(.ports), &counters)
      var place = 0
      for item in plan[start..<end] {
        let outcomes = item.question.ports.enumerated().map {
          (port: $1, outcome: result.outcomes[place + $0])
        }
        place += item.question.ports.count
        let survey = PortSurvey(outcomes)
        if survey.count == 0 { continue }
        try await recorder.record(
          .portSurvey(address: item.question.address, survey: survey), for: item.hosts, at: .now)
      }
      if let failure = result.failure { throw failure }
      start = end
    }
  }

  private func ask(
    _ plan: [Asked], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout RunCounters
  ) async throws {
    for start in stride(from: 0, to: plan.count, by: Self.probesAtOnce) where !Task.isCancelled {
      let some = plan[start..<min(plan.count, start + Self.probesAtOnce)]
      // Facts may share a probe: an unused address stands for all of its /64.
      var index: [Probe: Int] = [:]
      var probes: [Probe] = []
      for asked in some where index[asked.probe] == nil {
        index[asked.probe] = probes.count
        probes.append(asked.probe)
      }
      let result = try await send(probes, scope, spool?.on(.strays), &counters)
      for asked in some {
        guard let outcome = index[asked.probe].flatMap({ result.outcomes[$0] }) else { continue }
        try await recorder.record(asked.fact(outcome), for: asked.hosts, at: .now)
      }
      if let failure = result.failure { throw failure }
    }
  }

  private func send(
    _ probes: [Probe], _ scope: Scope, _ spool: PacketSpool?, _ counters: inout RunCounters
  ) async throws -> ProbeReport {
    let prober = PacketProber(
      scope: scope, settings: ProbeSettings(settings), interface: settings.interface)
    let report = report
    let result = try await prober.probe(probes, spool: spool) { progress in
      report(AuditProgress(phase: .exposure, done: progress.finished, total: progress.total))
    }
    counters.add(result.counters)
    return result
  }
}

/// A probe, for whom it is sent, and the fact that its outcome is.
private struct Asked {
  let probe: Probe
  let hosts: [String]
  let fact: (ProbeOutcome) -> Fact

  init(probe: Probe, _ hosts: [String], _ fact: @escaping (ProbeOutcome) -> Fact) {
    self.probe = probe
    self.hosts = hosts
    self.fact = fact
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
