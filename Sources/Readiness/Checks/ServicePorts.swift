import Inventory
import Observations
import Wire

extension Check {
  /// `service.ports`: every declared port open on IPv4 is open on IPv6.
  ///
  /// Open on IPv4 means at one of the host's IPv4 addresses; open on IPv6 means at every usable one, since a
  /// client may be given any of them. Where IPv6 is open the condition holds whatever IPv4 does.
  static let servicePorts = Check(
    id: .servicePorts, level: 4, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.openOnIPv6], .fail: Answer.probeFailures.union(Answer.handshakeFailures),
      .unknown: Answer.unmeasured.union([.protocolNotMeasurable, .ipv4NotKnown]),
      .na: [.noUsableAddress, .noServiceDeclared, .ipv4NotDeclared, .ipv4Dead, .closedOnIPv4],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if context.host.services.isEmpty { return [Finding("", .na, .noServiceDeclared)] }
    if !context.run.hasIPv6 {
      // What IPv4 shows must not turn "not measured" into "does not apply".
      return context.host.services.map { Finding($0.subject, .unknown, .vantageWithoutIPv6) }
    }
    switch context.ipv4Presence {
    case .absent: return [Finding("", .na, .ipv4NotDeclared)]
    case .dead(let basis): return [Finding("", .na, .ipv4Dead, basis: basis)]
    case .alive: return context.host.services.map { compare($0, context) }
    }
  }

  private static func compare(_ service: Service, _ context: HostContext) -> Finding {
    let worst = context.usableIPv6.map { (address: $0, answer: context.answer(of: service, at: $0)) }
      .max { ($0.answer.verdict.severity, $1.address) < ($1.answer.verdict.severity, $0.address) }
    guard let worst else { return Finding(service.subject, .na, .noUsableAddress) }
    let overIPv4 = context.addresses(.ipv4).map { context.answer(of: service, at: $0) }
    let basis = worst.answer.basis + overIPv4.flatMap(\.basis)
    if worst.answer.verdict == .pass {
      return Finding(service.subject, .pass, .openOnIPv6, basis: basis)
    }
    let detail = [worst.address.description, worst.answer.detail].filter { !$0.isEmpty }.joined(
      separator: ": ")
    if overIPv4.contains(where: { $0.verdict == .pass }) {
      return Finding(service.subject, worst.answer.verdict, worst.answer.reason, detail, basis: basis)
    }
    if let unmeasured = overIPv4.first(where: { $0.verdict == .unknown }) {
      let detail = ["over IPv4", unmeasured.detail].filter { !$0.isEmpty }.joined(separator: ": ")
      return Finding(service.subject, .unknown, unmeasured.reason, detail, basis: basis)
    }
    if !context.knowsAddresses(.ipv4) {
      return Finding(service.subject, .unknown, .ipv4NotKnown, basis: basis)
    }
    return Finding(service.subject, .na, .closedOnIPv4, basis: basis)
  }
}
