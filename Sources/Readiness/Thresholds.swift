/// The figures that checks measure against. Each stands in the policy file.
public struct Thresholds: Sendable, Hashable {
  /// Who says whether a name has AAAA records.
  public enum NameSource: String, Sendable, Hashable, Codable, CaseIterable {
    /// The resolver alone.
    case resolver
    /// Every authoritative server of the name's zone.
    case authoritative
  }

  /// Whose answer `dns.aaaa` judges.
  public var nameSource = NameSource.authoritative
  /// The MTU that a Packet Too Big tells, in bytes: the least that IPv6 allows (RFC 8200 §5).
  public var pathMTU = 1280
  /// Least share of rounds that must have succeeded for `reach.stability`, in percent.
  public var stabilityPercent = 95
  /// How many days of rounds `reach.stability` looks back, and waits for.
  public var stabilityDays = 7
  /// How much slower than over IPv4 the median handshake may be, in milliseconds.
  public var latencyMilliseconds = 250
  /// How many handshakes over each family a median takes.
  public var latencyHandshakes = 3
  /// How many name servers of a zone must answer over IPv6.
  public var nameServers = 2
  /// How much of two bodies may differ, in percent.
  public var contentDifferencePercent = 10
  /// How much of a body is compared, in bytes.
  public var contentBytes = 500_000
  /// Least share of second-level links with working IPv6, in percent.
  public var linksPercent = 85
  /// Least share of sub-resources that load over IPv6, in percent.
  public var resourcesPercent = 98
  /// For how many days no IPv4 flow may have been seen.
  public var trafficDays = 30
  /// After how many seconds without any router advertisement there is no router: the longest time between two of
  /// them (MaxRtrAdvInterval, RFC 4861 §6.2.1).
  public var routerSilenceSeconds = 1800
  /// The TCP ports that `exposure.ports` asks for on both families.
  public var exposedTCPPorts: [UInt16] = [
    21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 179, 389, 443, 445, 465, 512, 513, 514, 587, 631, 873,
    993,
    995, 1080, 1433, 1521, 1720, 1723, 1883, 2049, 2375, 2379, 3128, 3268, 3306, 3389, 5060, 5061, 5432, 5555,
    5601, 5900, 5985, 6379, 6443, 7547, 8000, 8080, 8291, 8443, 8728, 8888, 9000, 9090, 9100, 9200, 10000,
    10250,
    11211, 27017,
  ]
  /// The TCP ports of remote control, databases and routing among them: `exposure.management`.
  public var managementTCPPorts: [UInt16] = [
    22, 23, 179, 512, 513, 514, 1433, 1521, 2375, 2379, 3306, 3389, 5432, 5555, 5900, 5985, 6379, 7547, 8291,
    8728,
    9200, 10250, 11211, 27017,
  ]
  /// The UDP ports of remote control that are asked with a payload of their protocol.
  public var managementUDPPorts: [UInt16] = [161]

  /// The figures of policy `2026-1`.
  public init() {}

  /// The figures of policy `2026-0`, which asked the resolver alone.
  static let ofFirstPolicy = {
    var thresholds = Thresholds()
    thresholds.nameSource = .resolver
    return thresholds
  }()
}
