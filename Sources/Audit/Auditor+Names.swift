import Inventory
import Observations
import PacketIO
import Probing
import Services

extension Auditor {
  /// Asks the resolver for every declared name; returns how many questions were put.
  func askNames(_ hosts: [Host], _ recorder: Recorder, _ spool: PacketSpool?) async throws -> UInt64 {
    let plan = Plan.lookups(hosts, families)
    if plan.isEmpty { return 0 }
    guard let server = settings.resolver else { throw AuditError.noResolver }
    let resolver = Resolver(server: server)
    let gate = StartGate(rate: settings.rate, hostRate: settings.rate, prefixRate: settings.rate)
    return try await forEach(plan, phase: .names, recorder) { item in
      await gate.wait(for: server.address)
      if Task.isCancelled { return nil }
      return await spool.transcribing(item.hosts) {
        let outcome = await resolver.lookup(item.question.name, item.question.type)
        if Task.isCancelled { return nil }
        return .lookup(name: item.question.name, type: item.question.type, outcome: outcome)
      }
    }
  }
}
