// How large packets are, which way they take, and what answers that should not.

extension English {
  static let ptbHeeded = Explanation(
    cause: "After a Packet Too Big of 1280 bytes the answer came whole, in packets of at most that size.")

  static let ptbFragmented = Explanation(
    cause: """
      After a Packet Too Big of 1280 bytes the answer came whole, in fragments of at most that size: right for an \
      echo and for UDP; a TCP should rather send smaller segments.
      """)

  static let alreadySmall = Explanation(
    cause: """
      The answer never came in packets of more than 1280 bytes, though there was enough to send: the segment size \
      is clamped, or the host knows a smaller MTU already. No path can be too narrow for it.
      """)

  static let ptbIgnored = Explanation(
    cause: """
      After three ICMPv6 Packet Too Big messages the packets were still larger than 1280 bytes: a firewall drops \
      the message, or the host ignores it. Whoever is behind a tunnel or a VPN sees pages that never load, while \
      everything works from here (RFC 8201 §4).
      """,
    fix: """
      Let ICMPv6 type 2 through to ADDRESS on the host's firewall and on all before it (RFC 4890 §4.3.1): \
      `nft add rule inet filter input icmpv6 type packet-too-big accept`. Verify on the host: \
      `ip -6 route get VANTAGE` must show an mtu of 1280 after the next audit.
      """)

  static let pmtuBlackHole = Explanation(
    cause: """
      Small packets arrive and large ones get lost, and nobody tells the sender: a path-MTU black hole. Connections \
      come about, and then pages and TLS handshakes hang.
      """,
    fix: """
      Find the narrow link with `tracepath -6 ADDRESS` and from the host `tracepath -6 VANTAGE`. Let ICMPv6 type 2 \
      through everywhere (RFC 4890 §4.3.1); until then clamp the segment size at the narrow router: \
      `nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu`. Verify: \
      `ping -6 -M do -s 1352 ADDRESS`.
      """)

  static let fragmentsLost = Explanation(
    cause: """
      The host heeds Packet Too Big by fragments, and some of them never arrive: a filter on the way drops IPv6 \
      fragments.
      """,
    fix: """
      Let packets with a Fragment header (next header 44) through to and from ADDRESS, at least behind their first \
      fragment (RFC 7872, RFC 9288 §3.4.5). Verify: `ping -6 -s 2000 ADDRESS`.
      """)

  static let noLargeResponse = Explanation(
    cause: """
      No declared web service gives an answer larger than 1280 bytes that could be measured, and an echo of 1400 \
      bytes is not answered either; so nothing shows how large the host's packets are.
      """)

  static let pmtuInconclusive = Explanation(
    cause: """
      After the Packet Too Big the host answered nothing at all any more, not even small echoes: it limits how much \
      it answers, or it went away in the middle.
      """,
    fix:
      "Audit the host again by itself: `v6audit check HOST`. A lower `--rate` spares a host that limits echoes."
  )

  static let receiveOffload = Explanation(
    cause: """
      The vantage's network card joins received segments before they are captured, so their sizes are not known, \
      and no echo of 1400 bytes is answered that could serve instead.
      """,
    fix: "At the vantage switch it off, `ethtool -K INTERFACE gro off lro off`, and audit again.")

  static let ptbNotShown = Explanation(
    cause: """
      What arrived does not show whether the host accepts Packet Too Big: its packets were small from the start, or \
      got lost.
      """)

  static let redirectNotSent = Explanation(
    cause: """
      Redirects are not sent. From outside its link no host may believe one, since the hop limit must be 255 and the \
      sender its first-hop router's link-local address (RFC 4861 §8.1); and on its link a host that believes one \
      would lose its way. On the host `sysctl net.ipv6.conf.all.accept_redirects` should say 0.
      """)

  static let answeredAliased = Explanation(
    cause: """
      The target answered, and so did an address of the same /64 that nobody uses: a balancer or a firewall answers \
      for the whole prefix. An answer to an echo therefore shows no host; its services are what counts.
      """)

  static let pathRegistered = Explanation(
    cause: "Every router that answered on the way lies inside a registered prefix.")

  static let hopOutside = Explanation(
    cause: """
      A router on the way lies outside of all registered prefixes: traffic to a host behind the WAN crosses somebody \
      else's network, or a link of the WAN is numbered from space that nobody registered. The detail names the hop. \
      Over one family alone, that family has another route. A vantage outside the WAN sees this for its own first hops.
      """,
    fix: """
      Compare the routes of both families hop by hop: `traceroute -6 -n ADDRESS`, `traceroute -4 -n ADDRESS`. Correct \
      the IPv6 route that leads outside, or register the link's prefix with the rule allow in `prefixes.csv`.
      """)

  static let noHopAnswered = Explanation(
    cause: """
      No router on the way said anything, so nothing is known of it. That is common and no failure.
      """)

  static let notBehindWAN = Explanation(
    cause: """
      The host's agency runs no system of kind wan or tslcd, and none that depends on one: the host is not declared \
      to lie behind the city WAN or the Government's network.
      """)

  static let noPrefixRegistered = Explanation(
    cause: "No prefix is registered in `prefixes.csv`, so there is nothing to compare the way with.")

  static let nothingExposed = Explanation(
    cause: "Of the ports asked, none is open over IPv6 that should not be.")

  static let openOnIPv6Only = Explanation(
    cause: """
      A port that is not declared is open over IPv6 and not over IPv4: most often the firewall's rules were written \
      for IPv4 alone, and IPv6 is not filtered at all.
      """,
    fix: """
      If the service is meant, declare it for the host in `hosts.csv`. If not, see what listens, \
      `ss -lntp 'sport = :PORT'`, and give IPv6 the rules that IPv4 has (`nft list ruleset`, `ip6tables -S`). Verify \
      from the vantage: `nc -6vz -w3 ADDRESS PORT` must fail.
      """)

  static let managementReachable = Explanation(
    cause: """
      A port of remote control, of a database or of routing answers the vantage over IPv6 and is not declared: \
      whoever can reach the vantage's network can try passwords and known faults there.
      """,
    fix: """
      Allow the port from the management network only, for IPv6 as for IPv4, or bind it to an internal address. If \
      it has to be reachable, declare it in `hosts.csv`, or agree on a waiver in `waivers.csv` with an end. Verify from \
      the vantage: `nc -6vz -w3 ADDRESS PORT` must fail (for SNMP: `snmpget -v3 udp6:[ADDRESS]`).
      """)

  static let tunnelAnswers = Explanation(
    cause: """
      The host took a packet out of another one that came from a stranger, and answered it: an open tunnel end. \
      Anybody can send packets through it past the firewall, and hide behind its address (CVE-2025-23018, RFC 6169).
      """,
    fix: """
      Find the tunnel with `ip -d tunnel show` and `ip -6 -d tunnel show`, remove it, or give it the one remote \
      address it is for. On the firewall drop protocols 4 and 41 and UDP 3544 from strangers: \
      `nft add rule inet filter input meta l4proto { 4, 41 } drop`.
      """)

  static let noTunnelAnswers = Explanation(
    cause: "A packet inside another one was not answered.")
}
