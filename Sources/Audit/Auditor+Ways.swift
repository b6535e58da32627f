import Inventory
import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Most networks are nearer than this; the rest is asked for only where the way goes on.
  private static let nearLimit: UInt8 = 8
  private static let farLimit: UInt8 = 24

  /// Asks the routers on the way to hosts behind the WAN who they are, in both families.
  func traceWays(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws {
    guard settings.policy.asks(.reachPath) else { return }
    let hasIPv6 = await recorder.vantageHasIPv6
    let registry = PrefixRegistry(inventory)
    let alive = await recorder.read { Set($0.lazy.compactMap(\.aliveAddress)) }
    let plan = Plan.ways(
      hosts.filter { registry.isBehindWAN($0.host) }, families,
      isUsable: { address in
        scope.allows(address)
          && (address.family == .ipv4 || hasIPv6 && settings.policy.accepts(address.scope))
      }, isAlive: { alive.contains($0) })
    if plan.isEmpty { return }
    var near = try await hops(plan.map(\.question), 1...Self.nearLimit, scope, spool, &counters)
    let unfinished = near.paths.filter { $0.goesOn(isAlive: alive.contains($0.target)) }.map(\.target)
    if !unfinished.isEmpty, !Task.isCancelled {
      let far = try await hops(unfinished, Self.nearLimit + 1...Self.farLimit, scope, spool, &counters)
      near.add(far)
    }
    let paths = Dictionary(near.paths.map { ($0.target, $0) }) { first, _ in first }
    for item in plan {
      guard let path = paths[item.question] else { continue }
      try await recorder.record(.path(path), for: item.hosts, at: .now)
    }
  }

  private func hops(
    _ targets: [IPAddress], _ limits: ClosedRange<UInt8>, _ scope: Scope, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws -> Sightings {
    var pace = ProbeSettings(settings)
    pace.tries = 2
    let probes = targets.flatMap { target in limits.map { Probe(target: target, kind: .hop(limit: $0)) } }
    let result = try await probe(probes, scope, spool?.on(.ways), phase: .ways, pace: pace)
    counters.add(result.counters)
    if let failure = result.failure { throw failure }
    return Sightings(probes: probes, outcomes: result.outcomes, roundTrips: result.roundTrips)
  }
}

/// Hop probes and what came of them.
private struct Sightings {
  var probes: [Probe]
  var outcomes: [ProbeOutcome?]
  var roundTrips: [Duration64?]

  var paths: [HopPath] { HopPath.paths(of: probes, outcomes: outcomes, roundTrips: roundTrips) }

  mutating func add(_ other: Sightings) {
    probes += other.probes
    outcomes += other.outcomes
    roundTrips += other.roundTrips
  }
}

extension HopPath {
  /// Whether there is more to see beyond the limits that were asked.
  fileprivate func goesOn(isAlive: Bool) -> Bool {
    switch end {
    case .unfinished: true
    case .lost: isAlive
    case .reached, .refused, .looping, .unmeasured: false
    }
  }
}

extension Observation {
  /// The address, if it answered an echo.
  fileprivate var aliveAddress: IPAddress? {
    if case .echo(let address, .answered) = fact { address } else { nil }
  }
}
