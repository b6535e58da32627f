// Routers on the vantage's own link.

extension English {
  static let offLink = Explanation(
    cause: "The host is not on the vantage's own link: its routers' advertisements do not come this far.")

  static let raRegistered = Explanation(
    cause: "The router advertises registered prefixes and, if any, registered resolvers.")

  static let raPrefixUnregistered = Explanation(
    cause: """
      A registered router advertises a prefix that no allowed row of prefixes.csv covers: hosts make themselves \
      addresses there (RFC 4862) which nobody routes or filters as planned. Usually a prefix left from a \
      migration, or a DHCPv6 prefix delegation nobody meant.
      """,
    fix: """
      On the router remove the prefix from the interface (radvd: `prefix …` in /etc/radvd.conf; Cisco: `ipv6 nd \
      prefix`), first with lifetimes 0 so that hosts let it go; or, if it is right, add it to prefixes.csv. \
      `rdisc6 -1 eth0` on a machine of the link shows what is advertised now.
      """)

  static let raRDNSSUnregistered = Explanation(
    cause: """
      A registered router tells hosts to use a resolver (RDNSS, RFC 8106) that is no declared host with the \
      service dns: their queries go to a machine nobody answers for.
      """,
    fix: """
      Correct the RDNSS option on the router (radvd: `RDNSS … {}`; Cisco: `ipv6 nd ra dns server`), or declare the \
      resolver in hosts.csv with the service dns. Verify with `rdisc6 -1 eth0` on a machine of the link.
      """)

  static let raWithoutRDNSS = Explanation(
    cause: """
      The advertisement holds no resolver and sends nobody to DHCPv6 for one (flags M and O are clear): a host \
      with IPv6 alone can then not resolve names (RFC 8106 §1.1).
      """,
    fix: """
      Add RDNSS to the router's advertisement (radvd: `RDNSS 2001:db8::53 {};`), or set the O flag and serve \
      DHCPv6. Verify with `rdisc6 -1 eth0`.
      """)

  static let noAdvertisementSeen = Explanation(
    cause: """
      No registered router advertised while the audit ran. Advertisements come every few minutes (200 to 600 \
      seconds by default, at most 1800: RFC 4861 §6.2.1) and nothing is sent to call for one, so a short audit may \
      just have missed it.
      """,
    fix: """
      Have the audit run longer or more often, or look by hand: `tcpdump -vni eth0 'icmp6 and ip6[40] == 134'` for \
      half an hour, or `rdisc6 -1 eth0`. If the router that answers is not registered, give its row in hosts.csv the \
      tag router and its mac.
      """)

  static let noRouterAdvertises = Explanation(
    cause: """
      No advertisement came in the longest time that may lie between two (1800 seconds, RFC 4861 §6.2.1): no \
      router advertises on this link.
      """,
    fix: """
      If hosts there are to configure themselves, switch advertisements on at the router (`radvd`; Cisco: `no ipv6 \
      nd ra suppress`). Where addresses and routes are set by hand on purpose, note that with a waiver.
      """)

  static let routersRegistered = Explanation(
    cause: "Everybody who was seen to advertise on the link is registered as a router.")

  static let routerUnregistered = Explanation(
    cause: """
      A machine that is not registered as a router advertises itself as one on the host's link; subject and detail \
      name its link-local address and its MAC address. Hosts believe it and may send it all their traffic \
      (RFC 6104). Usually a workstation that shares its connection, a virtual machine host, or a home router \
      plugged in backwards; sometimes an attack.
      """,
    fix: """
      Find the port by its MAC address (`show mac address-table address …` on the switch) and unplug it or stop \
      its advertising (radvd, "Internet Connection Sharing"). Switch RA Guard on at all ports but the routers' \
      (RFC 6105). If it is a router of yours, give its row in hosts.csv the tag router and this mac. Verify with \
      `rdisc6 -m eth0` on a machine of the link.
      """)
}
