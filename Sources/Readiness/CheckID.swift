/// The checks that exist. A policy lists those that it asks for.
public enum CheckID: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case vantageIPv6 = "vantage.ipv6"
  case addressPresent = "address.present"
  case addressScope = "address.scope"
  case addressPrefix = "address.prefix"
  case addressIID = "address.iid"
  case reachEcho = "reach.echo"
  case reachTCP = "reach.tcp"
  case reachStability = "reach.stability"
  case reachLatency = "reach.latency"
  case reachPMTU = "reach.pmtu"
  case reachPath = "reach.path"
  case dnsAAAA = "dns.aaaa"
  case dnsLive = "dns.live"
  case dnsNameServers = "dns.nameservers"
  case dnsIPv6Only = "dns.ipv6only"
  case dnsReverse = "dns.reverse"
  case servicePorts = "service.ports"
  case serviceHandshake = "service.handshake"
  case operationIPv6Only = "operation.ipv6only"
  case operationTraffic = "operation.traffic"
  case operationRA = "operation.ra"
  case exposureRouter = "exposure.router"
  case serviceMail = "service.mail"
  case exposurePorts = "exposure.ports"
  case exposureManagement = "exposure.management"
  case exposureTunnels = "exposure.tunnels"
  case exposureICMP = "exposure.icmp"

  /// Alphabetical, as the result files list them.
  public static func < (left: CheckID, right: CheckID) -> Bool { left.rawValue < right.rawValue }
}
