import Observations
import PacketIO
import Probing
import Readiness
import Services
import Wire

extension Auditor {
  /// Speaks each service's own protocol with every address where its port is open.
  ///
  /// IPv6 is left alone when the vantage turned out to have none: nothing about a host could be learnt.
  func shakeHands(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws {
    guard settings.policy.asksOpenServices else { return }
    let open = await recorder.openPorts
    let hasIPv6 = await recorder.vantageHasIPv6
    let isUsable = { (address: IPAddress) in
      address.family == .ipv4 || (hasIPv6 && settings.policy.accepts(address.scope))
    }
    var plan = Plan.handshakes(hosts, families, isUsable: isUsable, isOpen: { open.contains($0) })
    if !settings.policy.asksServices { plan.removeAll { $0.question.transport != .udp } }
    let gate = StartGate(settings)
    let endpoints = plan.map(\.question.endpoint).filter { scope.allows($0.address) }
    let capture = try spool.flatMap { spool throws(PacketIOError) in
      endpoints.isEmpty ? nil : try HandshakeCapture(endpoints: endpoints, scope: scope, spool: spool)
    }
    // Its drops make no outcome doubtful: handshakes are the kernel's. The evidence tells them.
    defer { _ = capture?.stop() }
    let handshaker = try Handshaker(
      scope: scope, trust: settings.trust, userAgent: settings.userAgent, maximumSockets: Self.maximumSockets,
      permit: { await gate.wait(for: $0) })
    if visitsPages {
      plan.removeAll { $0.question.service == "http" || $0.question.service == "https" }
      counters.run.handshakes += try await visitPages(
        Plan.visits(hosts, families, isUsable: isUsable, isOpen: { open.contains($0) }), handshaker, scope,
        recorder, spool)
    }
    counters.run.handshakes += try await forEach(plan, phase: .services, recorder) { item in
      let request = item.question
      await gate.wait(for: request.endpoint.address)
      if Task.isCancelled { return nil }
      return await spool.transcribing(item.hosts) {
        let outcome = await handshaker.perform(request)
        // What a cancelled handshake returns is no observation.
        if Task.isCancelled { return nil }
        return .handshake(
          service: request.service, endpoint: request.endpoint, transport: request.transport,
          name: request.name, outcome: outcome)
      }
    }
    counters.run.refusedByScope += UInt64(handshaker.refusedByScope)
  }
}

extension Auditor {
  /// Connections open at once: with all else, well below the 1,024 files that a process may have open by default.
  static let maximumSockets = 384
}

extension AuditSettings {
  /// Says who asks and where to turn to, so that a probe can be told apart from an attack (RFC 9511).
  var userAgent: String {
    "v6audit/\(toolVersion) (" + (contact.isEmpty ? "" : "+\(contact); ") + "IPv6 audit; vantage \(vantage))"
  }
}
