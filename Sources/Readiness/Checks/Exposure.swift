import Inventory
import Observations
import Wire

extension Check {
  /// `exposure.ports`: what is open on IPv6 is also open on IPv4, or declared.
  ///
  /// A host without IPv4, or with a dead one, has nothing open there: what is open on IPv6 must then be declared.
  static let exposurePorts = Check(
    id: .exposurePorts, level: 6, isGate: false, isExposure: true, needsIPv6: true,
    reasons: [
      .pass: [.nothingExposed], .fail: [.openOnIPv6Only],
      .unknown: Answer.unmeasured.union([.ipv4NotKnown]), .na: [.noUsableAddress, .neighbourSilent],
    ]
  ) { context in
    context.exposed(context.policy.thresholds.exposedTCPPorts) { port, address, basis in
      let endpoint = Endpoint(address, port).description
      switch context.isOpenOverIPv4(port) {
      case .yes: return nil
      case .no(let seen): return Finding(endpoint, .fail, .openOnIPv6Only, basis: [basis] + seen)
      case .unknown(let reason, let seen):
        return Finding(endpoint, .unknown, reason, "over IPv4", basis: [basis] + seen)
      }
    }
  }

  /// `exposure.management`: remote control, databases and routing are not reachable over IPv6, unless declared.
  static let exposureManagement = Check(
    id: .exposureManagement, level: 6, isGate: false, isExposure: true, needsIPv6: true,
    reasons: [
      .pass: [.nothingExposed], .fail: [.managementReachable], .unknown: Answer.unmeasured,
      .na: [.noUsableAddress, .neighbourSilent],
    ]
  ) { context in
    let thresholds = context.policy.thresholds
    return context.exposed(thresholds.managementTCPPorts, datagrams: thresholds.managementUDPPorts) {
      port, address, basis in
      Finding(Endpoint(address, port).description, .fail, .managementReachable, basis: [basis])
    }
  }
}

/// Whether a port is open at any IPv4 address of a host.
private enum OverIPv4 {
  case yes
  case no([Observation])
  case unknown(Reason, [Observation])
}

extension HostContext {
  /// The rows of undeclared open ports that `judge` objects to, at every usable address; one passing row where there
  /// are none, and one that is unknown where some could not be measured.
  fileprivate func exposed(
    _ ports: [UInt16], datagrams: [UInt16] = [],
    _ judge: (_ port: UInt16, _ address: IPAddress, _ basis: Observation) -> Finding?
  ) -> [Finding] {
    if usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    let asked = Set(ports)
    return usableIPv6.flatMap { address -> [Finding] in
      guard let observation = packets.surveys[address], let survey = packets.survey(address) else {
        return [Finding(address.description, .unknown, .notMeasured)]
      }
      var findings = survey.open.filter { asked.contains($0) && !declares($0, .tcp) }
        .compactMap { judge($0, address, observation) }
      var doubts = survey.doubt(about: asked, basis: observation).map { [$0] } ?? []
      for port in datagrams where !declares(port, .udp) {
        guard let seen = packets.datagrams[Endpoint(address, port)],
          case .datagram(_, let outcome) = seen.fact
        else {
          doubts.append(Answer(.unknown, .notMeasured))
          continue
        }
        let answer = Answer(outcome, answered: .managementReachable, basis: [seen])
        if answer.verdict == .pass {
          findings += judge(port, address, seen).map { [$0] } ?? []
        } else if answer.verdict == .unknown || answer.reason == .neighbourSilent {
          doubts.append(answer)
        }
      }
      if let doubt = doubts.first {
        let verdict: Verdict = doubt.reason == .neighbourSilent ? .na : .unknown
        findings.append(Finding(address.description, verdict, doubt.reason, doubt.detail, basis: doubt.basis))
      }
      guard findings.isEmpty else { return findings }
      let detail = "\(asked.count + datagrams.count) ports asked"
      return [Finding(address.description, .pass, .nothingExposed, detail, basis: [observation])]
    }
  }

  private func declares(_ port: UInt16, _ transport: Transport) -> Bool {
    host.services.contains { $0.port == port && $0.transport == transport }
  }

  fileprivate func isOpenOverIPv4(_ port: UInt16) -> OverIPv4 {
    guard run.comparesIPv4 else { return .unknown(.ipv4NotKnown, []) }
    let addresses = addresses(.ipv4)
    let seen = addresses.compactMap { packets.surveys[$0] }
    var unknown: Reason?
    for address in addresses {
      guard let survey = packets.survey(address) else {
        unknown = .notMeasured
        continue
      }
      if survey.open.contains(port) { return .yes }
      if survey.unmeasured.contains(port) { unknown = .captureDropped }
      if survey.notSent.contains(port), let why = survey.notSentReason {
        let answer = Answer(.notSent(why), answered: .open, basis: [])
        if answer.verdict == .unknown { unknown = answer.reason }
      }
      if !survey.holds(port) { unknown = unknown ?? .notMeasured }
    }
    if !knowsAddresses(.ipv4) { unknown = unknown ?? .ipv4NotKnown }
    return unknown.map { .unknown($0, seen) } ?? .no(seen)
  }
}

extension PortSurvey {
  fileprivate func holds(_ port: UInt16) -> Bool { classes.contains { $0.ports.contains(port) } }

  /// Why some of these ports are not known; `nil` if all are.
  fileprivate func doubt(about ports: Set<UInt16>, basis: Observation) -> Answer? {
    if !ports.isDisjoint(with: notSent), let why = notSentReason {
      return Answer(.notSent(why), answered: .open, basis: [basis])
    }
    if !ports.isDisjoint(with: unmeasured) {
      let lost = PortRanges.text(of: unmeasured.filter(ports.contains))
      return Answer(.unknown, .captureDropped, "ports \(lost)", basis: [basis])
    }
    let known = Set(open + closed + rejected + silent)
    return ports.isSubset(of: known) ? nil : Answer(.unknown, .notMeasured, basis: [basis])
  }
}
