import Observations
import Probing

extension Fact {
  /// What it is about, with port 0 for an echo; `nil` if that is no endpoint.
  var endpoint: Endpoint? {
    switch self {
    case .echo(let address, _): Endpoint(address, 0)
    case .port(let endpoint, _), .handshake(_, let endpoint, _, _, _): endpoint
    case .control(_, let target, _): Endpoint(target.address, target.port ?? 0)
    // Of no single endpoint.
    default: nil
    }
  }

  var role: ControlRole? {
    if case .control(let role, _, _) = self { role } else { nil }
  }

  /// The probe that it is the outcome of.
  var probe: Probe? {
    switch self {
    case .echo(let address, _): Probe(target: address, kind: .echo)
    case .port(let endpoint, _): Probe(target: endpoint.address, kind: .tcpSYN(port: endpoint.port))
    case .control(_, let target, _):
      Probe(target: target.address, kind: target.port.map { .tcpSYN(port: $0) } ?? .echo)
    // No probe of its own.
    default: nil
    }
  }
}
