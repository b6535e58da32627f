extension FuzzParser {
  /// Every parser, by the way of a packet from the wire to the text. One line each: a new one needs its line here
  /// and nothing else.
  static let table: [FuzzParser] = [
    .ethernet,
    .linkLayer,
    .ipv4,
    .ipv6,
    .ipv6Extensions,
    .ipPacket,
    .icmp,
    .tcp,
    .udp,
    .quotedPacket,
    .probeEngine,
    .sweepCollector,
    .dnsMessage,
    .dnsName,
    .dnsReply,
    .netlink,
    .ssh,
    .ntp,
    .sip,
    .page,
    .addressText,
    .csv,
    .inventory,
    .safeText,
  ]
}
