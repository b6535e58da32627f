/// The ids of the checks that a waiver may name, in the order of the rubric.
public enum CheckIDs {
  /// Every check of the rubric. A policy may hold fewer; a waiver for one it does not hold waits for the
  /// policy that does.
  public static let all = [
    "vantage.ipv6",
    "address.present", "address.scope", "address.prefix", "address.iid",
    "reach.echo", "reach.tcp", "reach.pmtu", "reach.path", "reach.stability", "reach.latency",
    "dns.aaaa", "dns.live", "dns.nameservers", "dns.ipv6only", "dns.reverse",
    "service.ports", "service.handshake", "service.content", "service.links", "service.resources",
    "service.mail",
    "operation.ipv6only", "operation.ra", "operation.traffic",
    "exposure.ports", "exposure.management", "exposure.tunnels", "exposure.router", "exposure.icmp",
  ]
}
