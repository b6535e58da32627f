import Inventory
import Observations
import Wire

extension Check {
  /// `operation.ipv6only`: the declared services work from a vantage that has no IPv4 at all.
  ///
  /// Only such a vantage can say so: behind another one a service may lean on IPv4 without anybody noticing.
  static let operationIPv6Only = Check(
    id: .operationIPv6Only, level: 5, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.open, .answered], .fail: Answer.probeFailures.union(Answer.handshakeFailures),
      .unknown: Answer.unmeasured.union([.protocolNotMeasurable, .noServiceDeclared]),
      .na: [.noUsableAddress, .vantageHasIPv4],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    guard let addresses = context.run.vantageAddresses else { return [Finding("", .unknown, .notMeasured)] }
    if let ipv4 = addresses.first(where: { $0.family == .ipv4 }) {
      return [Finding("", .na, .vantageHasIPv4, ipv4.description)]
    }
    if context.host.services.isEmpty { return [Finding("", .unknown, .noServiceDeclared)] }
    return context.host.services.flatMap { service in
      context.usableIPv6.map { address in
        Finding(service.subject(at: address), works(service, address, context))
      }
    }
  }

  /// The worst of what the service gave under each name, or what its port gave where no protocol is spoken.
  private static func works(_ service: Service, _ address: IPAddress, _ context: HostContext) -> Answer {
    let transport = context.answer(of: service, at: address)
    guard service.isSpoken, service.transport == .tcp, transport.verdict == .pass else { return transport }
    let answers = context.addressing.offeredNames(service, at: address).map { name in
      guard let observation = context.handshake(service, at: address, name: name),
        case .handshake(_, _, _, _, let outcome) = observation.fact
      else { return Answer(.unknown, .notMeasured) }
      return Answer(outcome, basis: [observation])
    }
    return answers.max { $0.verdict.severity < $1.verdict.severity } ?? transport
  }
}
