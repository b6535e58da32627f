import Observations
import Probing
import Readiness
import Wire

extension Plan {
  /// A SYN to each port that `reach.latency` compares, of both families, each once.
  static func handshakeTimes(
    _ hosts: [HostAddressing], isUsable: (IPAddress) -> Bool, isOpen: (Endpoint) -> Bool
  ) -> [Planned<Probe>] {
    .merging(
      hosts.flatMap { addressing in
        addressing.addresses(.ipv6).filter(isUsable)
          .compactMap { addressing.latencyPair(at: $0, isOpen: isOpen) }
          .flatMap { [$0.ipv6, $0.ipv4] }
          .map { (addressing.host.id, Probe(target: $0.address, kind: .tcpSYN(port: $0.port))) }
      })
  }
}
