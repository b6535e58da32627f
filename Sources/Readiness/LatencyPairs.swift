import Inventory
import Observations
import Wire

/// One service of a host over both families: what `reach.latency` compares.
public struct LatencyPair: Sendable, Hashable {
  /// Where it answers over IPv6.
  public let ipv6: Endpoint
  /// Where it answers over IPv4.
  public let ipv4: Endpoint
}

extension HostAddressing {
  /// For an IPv6 address the first declared TCP port that is open there and at an IPv4 address, with the first such
  /// address; `nil` where there is none, so that nothing can be compared.
  public func latencyPair(at address: IPAddress, isOpen: (Endpoint) -> Bool) -> LatencyPair? {
    let ports = Set(host.services.filter { $0.transport == .tcp }.map(\.port)).sorted()
    for port in ports where isOpen(Endpoint(address, port)) {
      let ipv4 = addresses(.ipv4).first { isOpen(Endpoint($0, port)) }
      if let ipv4 { return LatencyPair(ipv6: Endpoint(address, port), ipv4: Endpoint(ipv4, port)) }
    }
    return nil
  }
}
