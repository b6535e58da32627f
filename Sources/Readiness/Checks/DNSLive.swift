import Inventory
import Observations
import Wire

extension Check {
  /// `dns.live`: no AAAA points to an address where any declared service does not answer.
  ///
  /// One row for each published address and service. An address that is published but may not be touched is
  /// `unknown`: it was not looked at.
  static let dnsLive = Check(
    id: .dnsLive, level: 3, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.open, .answered], .fail: Answer.probeFailures.union(Answer.handshakeFailures),
      .unknown: Answer.unmeasured.union([.protocolNotMeasurable, .noServiceDeclared]),
      .na: [.noName, .noAAAAPublished, .noUsableAddress],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    let published = Set(context.host.names.flatMap { context.published($0, .ipv6) }).sorted()
    if published.isEmpty { return [Finding("", .na, .noAAAAPublished)] }
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if context.host.services.isEmpty { return [Finding("", .unknown, .noServiceDeclared)] }
    return published.flatMap { address in
      context.host.services.map { service in
        Finding(service.subject(at: address), context.answer(of: service, at: address))
      }
    }
  }
}
