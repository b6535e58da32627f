/// The checks that exist. A policy lists those that it asks for.
public enum CheckID: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case vantageIPv6 = "vantage.ipv6"
  case addressPresent = "address.present"
  case addressScope = "address.scope"
  case reachEcho = "reach.echo"
  case reachTCP = "reach.tcp"
  case dnsAAAA = "dns.aaaa"
  case dnsLive = "dns.live"
  case servicePorts = "service.ports"
  case serviceHandshake = "service.handshake"
  case serviceContent = "service.content"
  case serviceLinks = "service.links"
  case serviceResources = "service.resources"

  /// Alphabetical, as the result files list them.
  public static func < (left: CheckID, right: CheckID) -> Bool { left.rawValue < right.rawValue }
}
