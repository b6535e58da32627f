// The agency's prefixes, the interface identifier, earlier rounds, and life without IPv4.

extension English {
  static let inAgencyPrefix = Explanation(
    cause: "The address lies inside a prefix that `prefixes.csv` registers to the agency.")

  static let outsideAgencyPrefix = Explanation(
    cause: """
      The address lies in none of the IPv6 prefixes that `prefixes.csv` registers to the host's agency: the host \
      uses another agency's or a provider's space, the agency's own prefix is missing from the register, or the \
      host was moved and its row was not. Filters and routes that go by agency will treat it wrongly.
      """,
    fix: """
      Look up whose space it is: `whois ADDRESS` and `grep allow prefixes.csv`. If the agency has the prefix, add \
      its row; if the host stands with another agency, correct the column `agency` in `hosts.csv`; else renumber \
      the host into the agency's prefix and change its AAAA. Verify with `v6audit inventory check DIR` and an \
      audit.
      """)

  static let noAgencyPrefix = Explanation(
    cause:
      "`prefixes.csv` registers no IPv6 prefix to the host's agency, so there is nothing to hold the address to."
  )

  static let iidManual = Explanation(
    cause: "The lower half of the address looks as if somebody chose it: short, or with many zeros.")

  static let iidRandom = Explanation(
    cause: """
      The lower half of the address looks random. It may be stable (RFC 7217) or set by hand, which is fine for a \
      server; a temporary one (RFC 8981) looks the same, and only changing gives it away. If nobody set it, see \
      with `ip -6 addr` that it is not marked as temporary.
      """)

  static let iidEUI64 = Explanation(
    cause: """
      The lower half of the address is made out of the network card's hardware address (modified EUI-64, RFC 4291 \
      appendix A). The address changes when the card or the virtual machine does, and the AAAA and every filter \
      then point nowhere; it also tells the maker of the card (RFC 7721 §4).
      """,
    fix: """
      Give the server an address of your own choice, in its network configuration and not by autoconfiguration: \
      `ip -6 addr add PREFIX::80/64 dev IFACE` to try it, then turn autoconfiguration off \
      (`sysctl net.ipv6.conf.IFACE.autoconf=0`). Change the AAAA and `hosts.csv`, keep the old address until the \
      record's TTL is over, and verify with `ip -6 addr` and `dig NAME AAAA +short`.
      """)

  static let stable = Explanation(
    cause: "Nearly every round of the last days reached all of the host's ports over IPv6.")

  static let unstable = Explanation(
    cause: """
      Right now the host may answer, but over the last days too many rounds did not reach all of its ports over \
      IPv6. Usual causes: a flapping route or link, a neighbour cache that overflows, a failing replica behind one \
      address, a firewall that loses its IPv6 state, a machine that is off at night.
      """,
    fix: """
      See which rounds failed and what they have in common: `v6audit diff --since DATE` and `v6audit explain HOST`. \
      Watch the path for a day with `mtr -6 -c 1000 ADDRESS`, look for flapping in the router's log and for IPv6 \
      state in the firewall. Rounds count anew as they come: the check passes again when enough good ones lie \
      within the hold time.
      """)

  static let historyTooShort = Explanation(
    cause: """
      There are not yet enough days of rounds of this host from this vantage to speak of stability. That holds \
      nothing up.
      """)

  static let notSlower = Explanation(
    cause: "The median handshake over IPv6 is about as fast as over IPv4, or faster.")

  static let slowerThanIPv4 = Explanation(
    cause: """
      The median handshake over IPv6 takes much longer than over IPv4 with the same port. IPv6 mostly goes another \
      way then: a tunnel to a distant provider, a peering that exists for IPv4 only, or a detour through a scrubbing \
      centre. Clients prefer IPv6 and feel it (RFC 8305 §5 lets them wait only 250 ms).
      """,
    fix: """
      Compare both ways: `mtr -6 -T -P PORT ADDRESS` and the same with `-4`; the hop where the time jumps shows \
      whose link it is. Ask the provider for native IPv6 over the same links and for the same peerings, and take \
      tunnels out. Verify with `v6audit check HOST`.
      """)

  static let tooFewHandshakes = Explanation(
    cause: """
      The port is open over both families, but too few handshakes were answered at once to speak of a median: \
      packets are lost on the way, or something limits new connections.
      """,
    fix: """
      Look for loss: `mtr -6 -T -P PORT -c 100 ADDRESS`, and the same with `-4`. If the host or a firewall limits \
      new connections, let the vantage through. Then measure again: `v6audit check HOST`.
      """)

  static let nothingToCompare = Explanation(
    cause: "No declared TCP port is open at this address and over IPv4 too, so there is nothing to compare.")

  static let vantageWithoutIPv4 = Explanation(
    cause: """
      The page came over IPv6. This vantage has no IPv4 address, so there is nothing here to compare it with; whether \
      it is the same page as over IPv4 shows from a vantage that has both.
      """)

  static let vantageHasIPv4 = Explanation(
    cause: """
      The vantage has an IPv4 address of its own. Only one without any can show that a service works without \
      IPv4.
      """)

  static let noIPv4Traffic = Explanation(
    cause:
      "The passive capture has watched the host long enough, and no IPv4 flow to it was among what it saw.")

  static let ipv4Traffic = Explanation(
    cause: """
      The passive capture saw IPv4 flows to the host. Somebody still reaches it over IPv4 only: an old client, a \
      monitoring system, a configuration that names an IPv4 address. Until then IPv4 cannot be turned off.
      """,
    fix: """
      See who: `tcpdump -ni IFACE ip and host ADDRESS` on the host's link. Give these clients IPv6 and the host's \
      name instead of its address. The check passes when no flow was seen for the whole time.
      """)

  static let watchedTooBriefly = Explanation(
    cause: "The passive capture has seen no IPv4 flow to the host, but has not watched it for long enough.")

  static let noPassiveCapture = Explanation(cause: "No passive capture watches this host's traffic.")
}
