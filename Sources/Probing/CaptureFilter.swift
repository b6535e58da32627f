import Wire

extension ProbeEngine {
  /// A pcap filter (pcap-filter(7)) that lets replies to these probes through and as little else as is cheap: echo
  /// replies, ICMP errors, and segments with SYN-ACK or RST to our source ports.
  ///
  /// libpcap cannot index TCP behind an IPv6 header, so flags and ports are read at fixed places; IPv6 packets with
  /// extension headers pass whatever they carry, because BPF cannot follow the chain. Replies must come from the
  /// longest prefix that holds all targets; errors may come from anywhere.
  public static func captureFilter(for probes: [Probe]) -> String {
    let parts = AddressFamily.allCases.compactMap { family -> String? in
      let mine = probes.lazy.filter { $0.target.family == family }
      guard let prefix = commonPrefix(of: mine.map(\.target)) else { return nil }
      let hasEcho = mine.contains { !$0.kind.isSYN }
      let hasSYN = mine.contains { $0.kind.isSYN }
      return family == .ipv4
        ? ipv4Filter(from: prefix, hasEcho: hasEcho, hasSYN: hasSYN)
        : ipv6Filter(from: prefix, hasEcho: hasEcho, hasSYN: hasSYN)
    }
    // Nothing was asked, so nothing is an answer; there is no shorter way to say "no packet".
    return parts.isEmpty ? "less 0" : parts.joined(separator: " or ")
  }

  private static var ports: (first: UInt16, last: UInt16) {
    (ProbeCookie.firstPort, ProbeCookie.firstPort + ProbeCookie.portCount - 1)
  }

  /// The longest prefix that holds all `addresses`, which are of one family; `nil` when there are none.
  private static func commonPrefix(of addresses: some Sequence<IPAddress>) -> Prefix? {
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

  /// The prefix is named once only: libpcap 1.10's optimiser makes a filter that drops SYN-ACKs of two alternatives
  /// that both begin with the same `src net`.
  private static func ipv4Filter(from prefix: Prefix, hasEcho: Bool, hasSYN: Bool) -> String {
    var replies: [String] = []
    if hasEcho { replies.append("(icmp and icmp[0] == 0)") }
    if hasSYN {
      replies.append(
        "(tcp and tcp[2:2] >= \(ports.first) and tcp[2:2] <= \(ports.last)"
          + " and (tcp[13] & 4 != 0 or tcp[13] & 18 == 18))")
    }
    let errors = "(icmp and (icmp[0] == 3 or icmp[0] == 11 or icmp[0] == 12))"
    return "(ip and (\(errors) or (src net \(prefix) and (\(replies.joined(separator: " or "))))))"
  }

  private static func ipv6Filter(from prefix: Prefix, hasEcho: Bool, hasSYN: Bool) -> String {
    var replies: [String] = []
    if hasEcho { replies.append("(ip6[6] == 58 and ip6[40] == 129)") }
    if hasSYN {
      replies.append(
        "(ip6[6] == 6 and ip6[42:2] >= \(ports.first) and ip6[42:2] <= \(ports.last)"
          + " and (ip6[53] & 4 != 0 or ip6[53] & 18 == 18))")
    }
    let errors = "(ip6[6] == 58 and ip6[40] >= 1 and ip6[40] <= 4)"
    let chains = [0, 43, 44, 51, 60].map { "ip6[6] == \($0)" }.joined(separator: " or ")
    return "(ip6 and (\(errors) or \(chains)"
      + " or (src net \(prefix) and (\(replies.joined(separator: " or "))))))"
  }
}
