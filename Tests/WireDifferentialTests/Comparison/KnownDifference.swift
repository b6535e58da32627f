/// Where we and tshark rightly differ: which facts, in which frames, and why.
struct KnownDifference: Sendable {
  let reason: String
  let keys: Set<Facts.Key>
  /// Whether it is this difference; told by what tshark shows, so that it cannot excuse a fault of ours.
  let applies: @Sendable (_ key: Facts.Key, _ ours: Facts, _ theirs: Facts, _ row: Tshark.Row) -> Bool

  static let all: [KnownDifference] = [
    KnownDifference(
      reason: "a shift beyond 14 counts as 14 (RFC 7323 §2.3); tshark shows it as it stands",
      keys: [.windowScale]
    ) { _, ours, theirs, _ in
      ours[.windowScale] == "14" && (theirs[.windowScale].flatMap { Int($0) } ?? 0) > 14
    },
    KnownDifference(
      reason: "SACK Permitted has two bytes (RFC 2018 §2); tshark shows it with any other length too",
      keys: [.selectiveAcknowledgment]
    ) { _, ours, _, row in
      let lengths = zip(row.numbers("tcp.option_kind").filter { $0 > 1 }, row.numbers("tcp.option_len"))
      return ours[.selectiveAcknowledgment] == nil && !lengths.contains { $0 == 4 && $1 == 2 }
    },
    KnownDifference(
      reason: """
        a checksum that is the sum of the pseudo-header was left to hardware; to tshark it is wrong like any other
        """,
      keys: [.checksum]
    ) { _, ours, theirs, _ in ours[.checksum] == "offloaded" && theirs[.checksum] == "bad" },
    KnownDifference(
      reason: """
        before the last stop of a source route the checksum covers an address that is not the header's destination \
        (RFC 791 §3.1, RFC 8200 §8.1); tshark takes the last one it knows of, in the few types of routing header \
        that it knows
        """,
      keys: [.checksum]
    ) { _, ours, _, row in
      let isUnderWay =
        row.numbers("ipv6.routing.segleft").contains { $0 > 0 } || row.first("ip.cur_rt") != nil
      return ours[.checksum] == "unverifiable" && isUnderWay
    },
    KnownDifference(
      reason: """
        tshark shows the last address of an IPv4 source route for the destination, and takes it for the checksum \
        even where the route has been gone to its end; we take the header's
        """,
      keys: [.destination, .checksum]
    ) { key, ours, theirs, row in
      guard row.numbers("ip.opt.type").contains(where: { $0 == 131 || $0 == 137 }) else { return false }
      return switch key {
      case .checksum: row.first("ip.cur_rt") == nil && ours[.checksum] == "good" && theirs[.checksum] == "bad"
      default: theirs[key] == "203.0.113.8"
      }
    },
    KnownDifference(
      reason: "more extension headers than any honest packet has are not followed; tshark follows them all",
      keys: Set(Facts.Key.allCases).subtracting([.tags])
    ) { _, ours, _, row in
      ours.refusal == "tooManyExtensionHeaders"
        && TsharkHeader.extensionCount(row) > 12
    },
    KnownDifference(
      reason: """
        a UDP length of zero over IPv6 announces a jumbogram (RFC 2675 §4), which no packet of ours is answered \
        with; tshark reads one in any packet
        """,
      keys: Set(Facts.Key.allCases.filter { "\($0)".hasPrefix("dns") })
        .union([.sourcePort, .destinationPort, .udpLength, .checksum])
    ) { _, ours, theirs, _ in
      ours.refusal == "badLength" && theirs[.udpLength] == "0" && theirs[.source]?.contains(":") == true
    },
    KnownDifference(
      reason: """
        tshark 4.0 does not know that what an ICMPv6 error quotes may be cut off, and of a TCP header that is not \
        whole shows the ports alone
        """,
      keys: [.quotedSequence]
    ) { _, ours, theirs, row in
      ours[.quotedSequence] != nil && row.first("icmpv6.type") != nil && row.first("tcp.seq") == nil
        && theirs[.quotedSourcePort] == ours[.quotedSourcePort]
    },
  ]

  /// The fields that they look at.
  static let fields = [
    "tcp.option_kind", "tcp.option_len", "ipv6.routing.segleft", "ip.cur_rt", "ip.opt.type",
  ]
}
