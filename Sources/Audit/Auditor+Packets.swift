import Observations
import PacketIO
import Probing
import Readiness
import Wire

extension Auditor {
  /// Sends every echo and SYN, the controls' among them, in one run of the packet core.
  func sendProbes(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder,
    _ evidence: inout EvidenceDraft?, _ counters: inout RunCounters
  ) async throws {
    let mail = families.contains(.ipv6) ? await recorder.read(Plan.mailProbes) : []
    let plan = Plan.probes(hosts, families, mail: mail)
    let controls = controls
    var probes: [Probe] = []
    probes.reserveCapacity(plan.count + controls.count)
    probes += plan.lazy.map(\.question)
    probes += controls.lazy.map(\.probe)
    let result = try await probe(probes, scope, evidence?.spool, phase: .packets)
    let now = Timestamp.now
    evidence?.note(probes, result, ProbeSettings(settings))
    let questions =
      plan.map { item in (item.hosts, item.question.fact) }
      + controls.map { control in
        ([""], { Fact.control(role: control.role, target: control.target, outcome: $0) })
      }
    for (index, (hosts, fact)) in questions.enumerated() {
      guard let outcome = result.outcomes[index] else { continue }
      let moment = Timestamp(microseconds: now.microseconds - Int64(result.ages[index] / 1000))
      try await recorder.record(fact(outcome), for: hosts, at: moment)
    }
    if let failure = result.failure { throw failure }
    counters.add(result.counters)
  }

  /// One run of the packet core at the audit's pace, or at another.
  ///
  /// - Parameters:
  ///   - done: questions of the phase that are answered already.
  ///   - total: all of its questions; by default those that are asked now.
  func probe(
    _ probes: [Probe], _ scope: Scope, _ spool: PacketSpool?, phase: AuditProgress.Phase,
    pace: ProbeSettings? = nil, done: Int = 0, total: Int? = nil
  ) async throws -> ProbeReport {
    let prober = PacketProber(
      scope: scope, settings: pace ?? ProbeSettings(settings), interface: settings.interface)
    let report = report
    return try await prober.probe(probes, spool: spool) { progress in
      let total = total ?? progress.total
      report(AuditProgress(phase: phase, done: min(done + progress.finished, total), total: total))
    }
  }

  /// The controls of the vantage. Without a positive one the verdict finds an answering target by itself.
  private var controls: [(role: ControlRole, target: ControlTarget, probe: Probe)] {
    var controls: [(ControlRole, ControlTarget)] = [(.dark, ControlTarget(address: settings.dark))]
    if let positive = settings.control { controls.append((.positive, positive)) }
    return controls.map { role, target in
      let kind = target.port.map { ProbeKind.tcpSYN(port: $0) } ?? .echo
      return (role, target, Probe(target: target.address, kind: kind))
    }
  }
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

extension RunCounters {
  /// Adds what a part of the run counted.
  mutating func add(_ part: RunCounters) {
    packetsSent += part.packetsSent
    packetsReceived += part.packetsReceived
    packetsIgnored += part.packetsIgnored
    captureDrops += part.captureDrops
    refusedByScope += part.refusedByScope
    lookups += part.lookups
    handshakes += part.handshakes
  }

  /// Adds what one run of the packet core counted.
  mutating func add(_ transfer: TransferCounters) {
    packetsSent += transfer.sent
    packetsReceived += transfer.received
    packetsIgnored += transfer.invalid
    captureDrops += transfer.kernelDrops
    refusedByScope += transfer.refusedByScope
  }
}

extension Probe {
  /// The fact that an outcome of this probe is.
  fileprivate func fact(_ outcome: ProbeOutcome) -> Fact {
    switch kind {
    case .echo: .echo(address: target, outcome: outcome)
    case .tcpSYN(let port): .port(endpoint: Endpoint(target, port), outcome: outcome)
    case .hop, .hopSYN, .datagram, .tunnel: preconditionFailure("asked by other phases")
    }
  }
}
