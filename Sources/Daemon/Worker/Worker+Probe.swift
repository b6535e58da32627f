import Audit
import Dashboard
import Inventory
import Observations
import Readiness
import Wire

extension Worker {
  /// Asks one target now, if that is the order.
  public func runProbe() async {
    guard case .probe(let request) = order.task else { return }
    let began = ContinuousClock.now
    do {
      let situation = try situation()
      var settings = try situation.auditSettings(version: version)
      settings.policy = settings.policy.limited(to: request.module.checks)
      let (target, inventory) = try Self.subject(request, situation)
      settings.only = [target.id]
      settings.families = request.module == .rubric ? Set(AddressFamily.allCases) : [.ipv6]
      let run = Run(
        id: "probe", toolVersion: version, vantage: settings.vantage, policy: settings.policy.id,
        startedAt: .now)
      let auditor = Auditor(inventory, settings: settings)
      try auditor.prepare()
      let measured = try await auditor.measure(run, writer: nil)
      let judgement = judge(
        inventory, observations: measured.observations, policy: settings.policy,
        now: measured.run.finishedAt, comparingIPv4: request.module == .rubric)
      let taken = ContinuousClock.now - began
      let rows = (judgement.hosts.first { $0.host.id == target.id }?.worstRows ?? []) + [judgement.vantage]
      report.send(
        .probed(ProbeAnswer(rows: rows, of: request.module, duration: taken.seconds)))
    } catch {
      report.send(.failed(why: "\(error)"))
    }
  }

  /// The host that is meant, in an inventory in which it is the only one to be asked. What is in no inventory is asked
  /// only where the scope allows it.
  private static func subject(
    _ request: ProbeRequest, _ situation: Situation
  ) throws(DaemonError) -> (Host, Inventory) {
    let target = request.target
    var inventory = situation.inventory
    if let host = inventory.hosts.first(where: { $0.answers(to: target) }) { return (host, inventory) }
    let services = ["https", "http"].flatMap { Service.parse($0) ?? [] }
    guard let host = Host(asked: target, services: services) else {
      throw DaemonError(
        "target \(target)", why: "it is no id, name or address of the inventory, and no DNS name or address",
        remedy: "name a host of the inventory")
    }
    // The scope is the inventory's: adding a host must not widen it.
    guard !inventory.prefixes.isEmpty else {
      throw DaemonError(
        "target \(target)", why: "the inventory has neither this host nor a prefixes.csv that allows it",
        remedy: "add it to hosts.csv, or its prefix to prefixes.csv")
    }
    inventory.agencies.append(Agency(id: "-", name: "-"))
    inventory.hosts.append(host)
    return (host, inventory)
  }
}

extension ProbeRequest.Module {
  /// The checks that it asks.
  fileprivate var checks: Set<CheckID> {
    switch self {
    case .icmp: [.reachEcho]
    case .tcp: [.reachTCP]
    case .service: [.reachTCP, .serviceHandshake]
    case .rubric: Set(CheckID.allCases)
    }
  }
}

extension ProbeAnswer {
  /// What the rows of one host say, the worst of each check. Without IPv6 at the vantage nothing succeeds.
  init(rows: [CheckRow], of module: ProbeRequest.Module, duration: Double) {
    let verdicts = Dictionary(rows.map { ($0.check.rawValue, $0.verdict) }) { first, _ in first }
    let asked = rows.filter { $0.check != .vantageIPv6 && $0.verdict != .na && $0.verdict != .exempt }
    let gates = Set(Policy.current.rubric.filter(\.isGate).map(\.check))
    let decisive = module == .rubric ? asked.filter { gates.contains($0.check) } : asked
    self.init(
      isSuccess: !decisive.isEmpty && decisive.allSatisfy { $0.verdict == .pass }, duration: duration,
      verdicts: verdicts,
      log: rows.map { row in
        [row.verdict.rawValue, row.check.rawValue, row.subject, row.reason.rawValue, row.detail]
          .filter { !$0.isEmpty }.joined(separator: "  ")
      })
  }
}
