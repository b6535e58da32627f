import Wire

/// Pcap filters (pcap-filter(7)) that let replies to probes through and as little else as is cheap.
///
/// libpcap cannot index TCP behind an IPv6 header, so flags and ports are read at fixed places; IPv6 packets with
/// extension headers pass whatever they carry, because BPF cannot follow the chain. Replies must come from the longest
/// prefix that holds all targets; errors may come from anywhere.
public enum CaptureFilter {
  /// A kind of packet that may be a reply.
  enum Reply {
    case echo
    /// A segment with SYN-ACK or RST to one of our source ports, from this port or from any.
    case segment(from: UInt16?)
    /// A datagram from this port to one of our source ports.
    case datagram(from: UInt16)
    /// A packet that carries another one.
    case carrier
  }

  /// The filter for nothing: there is no shorter way to say "no packet".
  public static let nothing = "less 0"

  /// The filter for replies of these kinds from one family's targets.
  static func filter(_ replies: [Reply], from prefix: Prefix) -> String {
    prefix.family == .ipv4 ? ipv4(replies, from: prefix) : ipv6(replies, from: prefix)
  }

  /// The prefix is named once only: libpcap 1.10's optimiser makes a filter that drops SYN-ACKs of two alternatives
  /// that both begin with the same `src net`.
  private static func ipv4(_ replies: [Reply], from prefix: Prefix) -> String {
    let kinds = replies.map { reply in
      switch reply {
      case .echo: "(icmp and icmp[0] == 0)"
      case .segment(let port):
        "(tcp and \(port.map { "tcp[0:2] == \($0) and " } ?? "")tcp[2:2] >= \(firstPort) and tcp[2:2] <= \(lastPort)"
          + " and (tcp[13] & 4 != 0 or tcp[13] & 18 == 18))"
      case .datagram(let port):
        "(udp and udp[0:2] == \(port) and udp[2:2] >= \(firstPort) and udp[2:2] <= \(lastPort))"
      case .carrier: "(ip proto 41 or ip proto 4)"
      }
    }
    let errors = "(icmp and (icmp[0] == 3 or icmp[0] == 11 or icmp[0] == 12))"
    return "(ip and (\(errors) or (src net \(prefix) and (\(kinds.joined(separator: " or "))))))"
  }

  private static func ipv6(_ replies: [Reply], from prefix: Prefix) -> String {
    let kinds = replies.map { reply in
      switch reply {
      case .echo: "(ip6[6] == 58 and ip6[40] == 129)"
      case .segment(let port):
        "(ip6[6] == 6 and \(port.map { "ip6[40:2] == \($0) and " } ?? "")ip6[42:2] >= \(firstPort)"
          + " and ip6[42:2] <= \(lastPort) and (ip6[53] & 4 != 0 or ip6[53] & 18 == 18))"
      case .datagram(let port):
        "(ip6[6] == 17 and ip6[40:2] == \(port) and ip6[42:2] >= \(firstPort) and ip6[42:2] <= \(lastPort))"
      case .carrier: "(ip6[6] == 41 or ip6[6] == 4)"
      }
    }
    let errors = "(ip6[6] == 58 and ip6[40] >= 1 and ip6[40] <= 4)"
    let chains = [0, 43, 44, 51, 60].map { "ip6[6] == \($0)" }.joined(separator: " or ")
    return "(ip6 and (\(errors) or \(chains)"
      + " or (src net \(prefix) and (\(kinds.joined(separator: " or "))))))"
  }

  private static let firstPort = ProbeCookie.firstPort
  private static let lastPort = ProbeCookie.firstPort + ProbeCookie.portCount - 1

  /// The longest prefix that holds all `addresses`, which are of one family; `nil` when there are none.
  public static func commonPrefix(of addresses: some Sequence<IPAddress>) -> Prefix? {
    var first: IPAddress?
    var high: UInt64 = 0
    var low: UInt64 = 0
    for address in addresses {
      let start = first ?? address
      first = start
      high |= address.high ^ start.high
      low |= address.low ^ start.low
    }
    guard let first else { return nil }
    let equal = high == 0 ? 64 + low.leadingZeroBitCount : high.leadingZeroBitCount
    return Prefix(first, length: min(equal, first.family.bitWidth))
  }
}

extension ProbeEngine {
  /// The capture filter for replies to these probes.
  public static func captureFilter(for probes: [Probe]) -> String {
    let parts = AddressFamily.allCases.compactMap { family -> String? in
      let mine = probes.filter { $0.target.family == family }
      let inner = probes.compactMap { $0.kind.inner }.filter { $0.family == family }
      guard let prefix = CaptureFilter.commonPrefix(of: mine.map(\.target) + inner) else { return nil }
      return CaptureFilter.filter(replies(to: mine, isTunnelled: !inner.isEmpty), from: prefix)
    }
    return parts.isEmpty ? CaptureFilter.nothing : parts.joined(separator: " or ")
  }

  private static func replies(to probes: [Probe], isTunnelled: Bool) -> [CaptureFilter.Reply] {
    var (hasEcho, hasSegment, hasCarrier) = (isTunnelled, false, false)
    var ports: Set<UInt16> = []
    for probe in probes {
      switch probe.kind {
      case .echo, .hop: hasEcho = true
      case .tcpSYN, .hopSYN: hasSegment = true
      case .datagram(let port): ports.insert(port)
      case .tunnel: hasCarrier = true
      }
    }
    return (hasEcho ? [.echo] : []) + (hasSegment ? [.segment(from: nil)] : [])
      + (hasCarrier ? [.carrier] : []) + ports.sorted().map { .datagram(from: $0) }
  }
}

extension SweepPlan {
  /// The capture filter for replies to this sweep.
  public var captureFilter: String {
    let reply: CaptureFilter.Reply =
      switch probe {
      case .echo: .echo
      case .tcp(let port): .segment(from: port)
      case .udp(let port): .datagram(from: port)
      }
    let parts = AddressFamily.allCases.compactMap { family in
      targets.commonPrefix(family).map { CaptureFilter.filter([reply], from: $0) }
    }
    return parts.isEmpty ? CaptureFilter.nothing : parts.joined(separator: " or ")
  }
}
