/// The checks that exist. A policy lists those that it asks for.
public enum CheckID: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case vantageIPv6 = "vantage.ipv6"
  case addressPresent = "address.present"
  case addressScope = "address.scope"
  case reachEcho = "reach.echo"
  case reachTCP = "reach.tcp"
  case reachPMTU = "reach.pmtu"
  case reachPath = "reach.path"
  case dnsAAAA = "dns.aaaa"
  case dnsLive = "dns.live"
  case servicePorts = "service.ports"
  case serviceHandshake = "service.handshake"
  case exposurePorts = "exposure.ports"
  case exposureManagement = "exposure.management"
  case exposureTunnels = "exposure.tunnels"
  case exposureICMP = "exposure.icmp"

  /// Alphabetical, as the result files list them.
  public static func < (left: CheckID, right: CheckID) -> Bool { left.rawValue < right.rawValue }
}
