import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Asks the dark control, whose silence is waited for longest, beside all that comes before handshakes: in a run of
  /// the packet core of its own, which hears nobody else.
  func askDark(
    _ key: SipHashKey, _ scope: Scope, _ spool: PacketSpool?
  ) async throws -> PacketRound {
    var pace = ProbeSettings(settings)
    pace.rate = darkRate
    return try await ask(
      [question(.dark, ControlTarget(address: settings.dark))], key, scope, spool, phase: nil, pace: pace)
  }

  /// Sends every echo and SYN, the positive control's among them, in one run of the packet core.
  ///
  /// Without a positive control the verdict finds an answering target by itself.
  func sendProbes(
    _ hosts: [HostAddressing], _ key: SipHashKey, _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?
  ) async throws -> PacketRound {
    let mail = families.contains(.ipv6) ? await recorder.read(Plan.mailProbes) : []
    let probes =
      settings.policy.asksPackets ? Plan.probes(hosts, families, mail: mail) : vantageProbes(hosts)
    let plan = probes.map { item in
      PacketQuestion(probe: item.question, hosts: item.hosts, fact: item.question.fact)
    }
    let controls = settings.control.map { [question(.positive, $0)] } ?? []
    return try await ask(plan + controls, key, scope, spool, phase: .packets)
  }

  /// Where no check needs packets, whether IPv6 works here is still to be known: without a positive control a few hosts
  /// stand in for it.
  private func vantageProbes(_ hosts: [HostAddressing]) -> [Planned<Probe>] {
    guard settings.control == nil, families.contains(.ipv6) else { return [] }
    let some = hosts.lazy.flatMap { host in host.addresses(.ipv6).map { (host.host.id, $0) } }.prefix(8)
    return .merging(some.map { (host: $0, question: Probe(target: $1, kind: .echo)) })
  }

  private func ask(
    _ questions: [PacketQuestion], _ key: SipHashKey, _ scope: Scope, _ spool: PacketSpool?,
    phase: AuditProgress.Phase?, pace: ProbeSettings? = nil
  ) async throws -> PacketRound {
    let result = try await probe(
      questions.map(\.probe), key: key, scope, spool, phase: phase, pace: pace)
    return PacketRound(questions: questions, report: result, endedAt: .now)
  }

  /// Records what came of a round.
  func record(
    _ round: PacketRound, _ recorder: Recorder, _ evidence: inout EvidenceDraft?,
    _ counters: inout AuditCounters
  ) async throws {
    let result = round.report
    evidence?.note(round.questions.map(\.probe), result, ProbeSettings(settings))
    for (index, question) in round.questions.enumerated() {
      guard let outcome = result.outcomes[index] else { continue }
      let moment = Timestamp(
        microseconds: round.endedAt.microseconds - Int64(result.ages[index] / 1000))
      try await recorder.record(question.fact(outcome), for: question.hosts, at: moment)
    }
    if let failure = result.failure { throw failure }
    counters.add(result.counters)
  }

  /// One run of the packet core at the audit's pace, or at another.
  ///
  /// - Parameters:
  ///   - phase: whose progress it is; `nil`: nobody's.
  ///   - done: questions of the phase that are answered already.
  ///   - total: all of its questions; by default those that are asked now.
  func probe(
    _ probes: [Probe], key: SipHashKey = .random(), _ scope: Scope, _ spool: PacketSpool?,
    phase: AuditProgress.Phase?,
    pace: ProbeSettings? = nil, done: Int = 0, total: Int? = nil
  ) async throws -> ProbeReport {
    let prober = PacketProber(
      scope: scope, settings: pace ?? ProbeSettings(settings), interface: settings.interface)
    let report = report
    return try await prober.probe(probes, key: key, spool: spool) { progress in
      guard let phase else { return }
      let total = total ?? progress.total
      report(AuditProgress(phase: phase, done: min(done + progress.finished, total), total: total))
    }
  }

  private func question(_ role: ControlRole, _ target: ControlTarget) -> PacketQuestion {
    let kind = target.port.map { ProbeKind.tcpSYN(port: $0) } ?? .echo
    return PacketQuestion(probe: Probe(target: target.address, kind: kind), hosts: [""]) {
      .control(role: role, target: target, outcome: $0)
    }
  }
}

/// What the packet core asks for whom, and the fact that an outcome is.
struct PacketQuestion: Sendable {
  var probe: Probe
  var hosts: [String]
  var fact: @Sendable (ProbeOutcome) -> Fact
}

/// One run of the packet core whose probes the evidence tells one by one.
struct PacketRound: Sendable {
  var questions: [PacketQuestion]
  var report: ProbeReport
  var endedAt: Timestamp
}

extension Recorder {
  /// Whether the controls say that IPv6 works here, by the same rule as the verdict's.
  var vantageHasIPv6: Bool { read { judgeVantage($0).verdict == .pass } }

  /// The TCP ports that turned out to be open.
  var openPorts: Set<Endpoint> { read { Set($0.lazy.compactMap(\.openPort)) } }
}

extension Observation {
  /// The endpoint, if the observation is of an open port.
  fileprivate var openPort: Endpoint? {
    if case .port(let endpoint, .answered) = fact { endpoint } else { nil }
  }
}

extension Probe {
  /// The fact that an outcome of this probe is.
  @Sendable fileprivate func fact(_ outcome: ProbeOutcome) -> Fact {
    switch kind {
    case .echo: .echo(address: target, outcome: outcome)
    case .tcpSYN(let port): .port(endpoint: Endpoint(target, port), outcome: outcome)
    case .hop, .hopSYN, .datagram, .tunnel: preconditionFailure("asked by other phases")
    }
  }
}
