import Observations
import PacketIO
import Probing
import Readiness
import Services
import Store
import Wire

extension Auditor {
  /// Connections watched at once: each mostly waits for pauses of its server.
  private static let pagesAtOnce = 400
  /// Hosts asked by echo at once: the driver looks at each of them whenever anything happens.
  private static let echoesAtOnce = 512
  /// What evidence holds of each packet of a page: its sizes are in its headers.
  private static let keptOfPages: Int32 = 256

  /// Tells every address that its packets are too big, by its web service or else by echo.
  ///
  /// - Returns: what was counted.
  func tellTooBig(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?
  ) async throws -> AuditCounters {
    var counters = AuditCounters()
    guard asksForSizes, await recorder.vantageHasIPv6 else { return counters }
    let open = await recorder.openPorts
    let plan = Plan.pages(
      hosts, isUsable: { settings.policy.accepts($0.scope) }, isOpen: { open.contains($0) })
    let spool = spool?.on(.sizes)
    try await drawPages(
      plan.filter { !$0.question.requests.isEmpty }, scope, recorder, spool, &counters)
    if Task.isCancelled { return counters }
    let decided = await recorder.read { Set($0.lazy.compactMap(\.measuredSizes)) }
    let left = plan.filter { !decided.contains($0.question.address) }
    for start in stride(from: 0, to: left.count, by: Self.echoesAtOnce) where !Task.isCancelled {
      let some = left[start..<min(left.count, start + Self.echoesAtOnce)]
      try await askLargeEchoes(Array(some), scope, recorder, spool, &counters)
    }
    return counters
  }

  /// Whether the policy wants to know what hosts make of a packet that is too big.
  var asksForSizes: Bool {
    (settings.policy.asks(.reachPMTU) || settings.policy.asks(.exposureICMP)) && families.contains(.ipv6)
  }

  private func drawPages(
    _ plan: [Planned<PageQuestion>], _ scope: Scope, _ recorder: Recorder,
    _ spool: PacketSpool?, _ counters: inout AuditCounters
  ) async throws {
    if plan.isEmpty { return }
    let watcher = try PathMTUWatcher(
      scope: scope, pace: ProbeSettings(settings), interface: settings.interface)
    let drawer = try PageDrawer(
      scope: scope, userAgent: settings.userAgent, maximumSockets: Self.pagesAtOnce)
    let endpoints = plan.flatMap { $0.question.requests.map(\.endpoint) }.filter { scope.allows($0.address) }
    let capture = try spool.flatMap { spool throws(PacketIOError) in
      endpoints.isEmpty
        ? nil
        : try HandshakeCapture(
          endpoints: endpoints, scope: scope, spool: spool, length: Self.keptOfPages)
    }
    defer { _ = capture?.stop() }
    let gate = StartGate(settings)
    let mtu = settings.policy.thresholds.pathMTU
    async let transfer = watcher.run(over: plan.map(\.question.address))
    counters.run.handshakes += try await forEach(plan, phase: .sizes, atOnce: Self.pagesAtOnce, recorder) {
      item in
      let question = item.question
      var best: (port: UInt16, outcome: PathMTUOutcome)?
      for request in question.requests {
        let draw = {
          await gate.wait(for: question.address)
          return Task.isCancelled ? nil : await drawer.outcome(of: request, mtu: mtu, watcher)
        }
        guard var outcome = await draw() else { continue }
        // What looks broken is looked at twice: packets get lost.
        if outcome.looksBroken, let second = await draw(), second.showsSizes { outcome = second }
        if best?.outcome.showsSizes != true, outcome.showsSizes || best == nil || outcome.looksBroken {
          best = (request.endpoint.port, outcome)
        }
        if outcome.showsSizes { break }
      }
      if Task.isCancelled { return nil }
      // Where no connection came about there was nothing to see, which is an answer too.
      let answer = best ?? (question.requests[0].endpoint.port, .tooShort(largest: 0))
      return .pathMTU(address: question.address, port: answer.port, mtu: mtu, outcome: answer.outcome)
    }
    watcher.finish()
    counters.add(try await transfer)
    counters.run.refusedByScope += UInt64(drawer.refusedByScope)
  }

  private func askLargeEchoes(
    _ plan: [Planned<PageQuestion>], _ scope: Scope, _ recorder: Recorder,
    _ spool: PacketSpool?, _ counters: inout AuditCounters
  ) async throws {
    var told = PathMTUSettings()
    told.mtu = UInt16(clamping: settings.policy.thresholds.pathMTU)
    let prober = PathMTUProber(
      scope: scope, settings: told, pace: ProbeSettings(settings), interface: settings.interface)
    let addresses = plan.map(\.question.address)
    report(AuditProgress(phase: .sizes, done: 0, total: plan.count))
    let first = try await prober.ask(addresses, spool: spool)
    counters.add(first.counters)
    var outcomes = first.outcomes
    let doubtful = outcomes.indices.filter { outcomes[$0]?.looksBroken ?? false }
    if !Task.isCancelled, !doubtful.isEmpty {
      let again = try await prober.ask(doubtful.map { addresses[$0] }, spool: spool)
      counters.add(again.counters)
      for (place, outcome) in zip(doubtful, again.outcomes) {
        if let outcome, outcome.showsSizes { outcomes[place] = outcome }
      }
    }
    for (item, outcome) in zip(plan, outcomes) {
      guard let outcome else { continue }
      let fact = Fact.pathMTU(
        address: item.question.address, port: nil, mtu: Int(told.mtu), outcome: outcome)
      try await recorder.record(fact, for: item.hosts, at: .now)
    }
    report(AuditProgress(phase: .sizes, done: plan.count, total: plan.count))
    if let failure = first.failure { throw failure }
  }
}

extension PageDrawer {
  /// What came of telling one web server, over one connection; `nil` if there was none to watch.
  fileprivate func outcome(
    of request: HandshakeRequest, mtu: Int, _ watcher: PathMTUWatcher
  ) async -> PathMTUOutcome? {
    let drawing = await draw(request) { connection in
      let roundTrip = UInt64(max(0, connection.roundTrip.microseconds)) * 1000
      var settings = PathMTUSettings()
      settings.mtu = UInt16(clamping: mtu)
      settings.settling = max(50_000_000, 2 * roundTrip)
      settings.quiet = max(settings.quiet, 3 * roundTrip)
      return await watcher.watch(local: connection.local, remote: request.endpoint, settings: settings) {
        cue in
        switch cue {
        case .ask: connection.ask()
        case .readOn: connection.readOn()
        }
      }
    }
    return switch drawing {
    case .watched(let outcome): outcome
    case .mute: .silent(tries: 1)
    case .failed: nil
    }
  }
}

extension PathMTUOutcome {
  /// Whether it may be the network's chance, so that a second look is worth it.
  fileprivate var looksBroken: Bool {
    switch self {
    case .ignored, .blackHole, .fragmentsLost, .silent, .vanished: true
    case .shrank, .fragmented, .alreadySmall, .tooShort, .rejected, .notSent, .offloaded, .unmeasured: false
    }
  }
}

extension Observation {
  /// The address whose packet sizes it shows.
  fileprivate var measuredSizes: IPAddress? {
    if case .pathMTU(let address, _, _, let outcome) = fact, outcome.showsSizes { address } else { nil }
  }
}
