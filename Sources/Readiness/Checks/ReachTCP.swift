import Inventory
import Observations

extension Check {
  /// `reach.tcp`: every declared TCP port answers SYN-ACK on every IPv6 address.
  ///
  /// A host that declares no service at all is `unknown`: nothing about it can be measured, and what was not
  /// measured never counts as converted.
  static let reachTCP = Check(
    id: .reachTCP, level: 2, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.open], .fail: Answer.probeFailures,
      .unknown: Answer.unmeasured.union([.noServiceDeclared]),
      .na: [.noUsableAddress, .noTCPService],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if context.host.services.isEmpty { return [Finding("", .unknown, .noServiceDeclared)] }
    let services = context.host.tcpPorts
    if services.isEmpty { return [Finding("", .na, .noTCPService)] }
    return context.usableIPv6.flatMap { address in
      services.map { service in
        let subject = Endpoint(address, service.port).description
        return Finding(subject, context.answer(of: service, at: address))
      }
    }
  }
}

extension Host {
  /// One declared service for each TCP port, in ascending order of port.
  fileprivate var tcpPorts: [Service] {
    var ports: Set<UInt16> = []
    return services.filter { $0.transport == .tcp && ports.insert($0.port).inserted }
  }
}
