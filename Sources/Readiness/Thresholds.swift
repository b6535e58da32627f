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
  /// The TCP ports that `exposure.ports` asks for on both families, ascending.
  public var exposedTCPPorts: [UInt16] = []
  /// The TCP ports of remote control, databases and routing among them: `exposure.management`.
  public var managementTCPPorts: [UInt16] = []
  /// The UDP ports of remote control that are asked with a payload of their protocol.
  public var managementUDPPorts: [UInt16] = []

  /// Figures to be filled in from a policy file.
  init() {}
}

extension Thresholds {
  /// A figure that is a whole number: its key in the policy file, where it is kept, and what it may be.
  struct Figure: Sendable {
    let key: String
    let path: WritableKeyPath<Thresholds, Int> & Sendable
    let range: ClosedRange<Int>

    init(_ key: String, _ path: WritableKeyPath<Thresholds, Int> & Sendable, _ range: ClosedRange<Int>) {
      self.key = key
      self.path = path
      self.range = range
    }
  }

  /// A list of ports: its key in the policy file and where it is kept.
  struct Ports: Sendable {
    let key: String
    let path: WritableKeyPath<Thresholds, [UInt16]> & Sendable

    init(_ key: String, _ path: WritableKeyPath<Thresholds, [UInt16]> & Sendable) {
      self.key = key
      self.path = path
    }
  }

  /// Every figure. A new one needs its line here, and so in every policy file that extends nothing.
  static let figures = [
    Figure("path-mtu", \.pathMTU, 1280...9000),
    Figure("hold-days", \.stabilityDays, 1...365),
    Figure("stability-percent", \.stabilityPercent, 1...100),
    Figure("latency-milliseconds", \.latencyMilliseconds, 0...60_000),
    Figure("latency-handshakes", \.latencyHandshakes, 1...20),
    Figure("name-servers", \.nameServers, 1...13),
    Figure("content-difference-percent", \.contentDifferencePercent, 0...100),
    Figure("content-bytes", \.contentBytes, 1000...10_000_000),
    Figure("links-percent", \.linksPercent, 0...100),
    Figure("resources-percent", \.resourcesPercent, 0...100),
    Figure("traffic-days", \.trafficDays, 1...366),
    Figure("router-silence-seconds", \.routerSilenceSeconds, 4...9000),
  ]

  /// Every list of ports.
  static let portLists = [
    Ports("exposed-tcp-ports", \.exposedTCPPorts), Ports("management-tcp-ports", \.managementTCPPorts),
    Ports("management-udp-ports", \.managementUDPPorts),
  ]

  /// One line a figure, for the hash of the policy.
  var canonicalLines: [String] {
    ["name-source \(nameSource.rawValue)"] + Self.figures.map { "\($0.key) \(self[keyPath: $0.path])" }
      + Self.portLists.map { list in
        ([list.key] + self[keyPath: list.path].map(String.init)).joined(separator: " ")
      }
  }
}
