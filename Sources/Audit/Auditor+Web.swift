import Observations
import PacketIO
import Readiness
import Services
import Wire

extension Auditor {
  /// Whether the policy asks what pages are, so that web services are visited instead of only greeted.
  var visitsPages: Bool {
    [.serviceContent, .serviceLinks, .serviceResources].contains { settings.policy.asks($0) }
  }

  /// Visits every web service: its handshake, its page, and where that leads.
  func visitPages(
    _ plan: [Planned<WebVisit>], _ handshaker: Handshaker, _ scope: Scope, _ recorder: Recorder,
    _ spool: PacketSpool?
  ) async throws -> UInt64 {
    let zones = Set(inventory.zones.map(\.name))
    let visitor = WebVisitor(
      handshaker, scope: scope, resolver: settings.resolver.map { Resolver(server: $0) },
      references: Set(
        [(CheckID.serviceLinks, ReferenceKind.links), (.serviceResources, .resources)]
          .filter { settings.policy.asks($0.0) }.map(\.1))
    ) { Plan.domain(of: $0, zones: zones) }
    return try await forEach(
      plan, phase: .pages, recorder,
      all: { item in
        if Task.isCancelled { return [] }
        let facts = await spool.transcribing(item.hosts, all: { await visitor.perform(item.question) })
        return Task.isCancelled ? [] : facts
      })
  }
}
