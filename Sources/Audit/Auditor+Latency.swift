import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Notes the vantage's own addresses, if the policy asks whether it has any of IPv4.
  func lookAtVantage(_ recorder: Recorder) async throws {
    guard settings.policy.asks(.operationIPv6Only) else { return }
    try await recorder.record(.vantage(addresses: NetworkInterface.ownAddresses()), for: [""], at: .now)
  }

  /// Times handshakes with the first port of each host that is open over both families.
  ///
  /// One SYN is one handshake: none is sent again, since the round trip of a retransmission cannot be told. They are
  /// asked in rounds, spread by the pacing, until each port has given as many as a median takes, and a few more at
  /// most where some were lost.
  func timeHandshakes(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws {
    guard settings.policy.asks(.reachLatency), families.count == AddressFamily.allCases.count,
      await recorder.vantageHasIPv6
    else { return }
    let plan = Plan.handshakeTimes(
      hosts, isUsable: { settings.policy.accepts($0.scope) }, isOpen: await recorder.openPorts.contains)
    let needed = settings.policy.thresholds.latencyHandshakes
    var probing = ProbeSettings(settings)
    probing.tries = 1
    // Far slower than what is judged too slow still counts as an answer.
    probing.timeout = 3_000_000_000
    var times = Array(repeating: [Duration64](), count: plan.count)
    var lost = Array(repeating: 0, count: plan.count)
    for _ in 0..<(4 * needed) {
      let open = plan.indices.filter { times[$0].count < needed }
      if open.isEmpty || Task.isCancelled { break }
      let result = try await probe(
        open.map { plan[$0].question }, scope, spool?.on(.latency), phase: .latency, pace: probing,
        done: plan.count - open.count, total: plan.count)
      for (index, outcome) in zip(open, result.outcomes) {
        guard let outcome else { continue }
        if let time = outcome.unambiguousRoundTrip { times[index].append(time) } else { lost[index] += 1 }
      }
      counters.add(result.counters)
      if let failure = result.failure { throw failure }
    }
    for (index, item) in plan.enumerated() where !times[index].isEmpty || lost[index] > 0 {
      guard case .tcpSYN(let port) = item.question.kind else { continue }
      let endpoint = Endpoint(item.question.target, port)
      try await recorder.record(
        .handshakeTimes(endpoint: endpoint, roundTrips: times[index], lost: lost[index]), for: item.hosts,
        at: .now)
    }
  }
}
