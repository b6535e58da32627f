// The vantage, and everything that could not be measured.

extension English {
  static let controlsAgree = Explanation(
    cause: """
      The positive control answered over IPv6 and the dark one stayed silent: IPv6 works at the vantage, and \
      nothing on the way answers in place of the hosts.
      """)

  static let positiveControlSilent = Explanation(
    cause: """
      IPv6 packets left the vantage, but the positive control did not answer; without `--control`, not one \
      IPv6 target did. Either IPv6 is broken between the vantage and the network, or the control is down. \
      What cannot be reached from here says nothing about the hosts: every network check is unknown.
      """,
    fix: """
      At the vantage try `ping -6 CONTROL` and `mtr -6 CONTROL`. Let ICMPv6 and replies to established \
      connections back in through its firewall. Choose with `--control ADDR[:PORT]` something that is always \
      up, such as the city's resolver on port 53. `v6audit doctor` shows the result; then audit again.
      """)

  static let darkControlAnswered = Explanation(
    cause: """
      The dark control, an address behind which nothing can be, answered. Something on the way answers for \
      everybody: a SYN proxy in a firewall, a transparent proxy, a scrubbing centre. While it does, an \
      answer is no proof that the host gave it.
      """,
    fix: """
      Find who answers: `traceroute -6 DARK`, and compare the hop limits of its replies with \
      `tcpdump -v ip6`. Exempt the vantage from the proxy or measure from outside it, and route 100::/64 to \
      discard (RFC 6666). Then audit again.
      """)

  static let vantageNoIPv6 = Explanation(
    cause: """
      No IPv6 packet could leave the vantage: there is no route, no source address, or the gateway does not \
      answer Neighbor Discovery. The fault is here, not with the hosts; every network check is unknown.
      """,
    fix: """
      `ip -6 addr` must show a global address, `ip -6 route` a default route and `ip -6 neigh` the gateway \
      as reachable. Turn on IPv6 on the uplink, or let router advertisements in. Check with `v6audit doctor` \
      and audit again.
      """)

  static let noControl = Explanation(
    cause: """
      No positive control was given, and no host of the run has an IPv6 address that could serve as one. \
      Nothing shows whether IPv6 works at the vantage.
      """,
    fix: """
      Name one: `--control ADDR[:PORT]`, an address outside your own network that certainly answers over \
      IPv6. If no host has IPv6 yet, the figure stays as it is, but it is then known and not unknown.
      """)

  static let vantageWithoutIPv6 = Explanation(
    cause: """
      `vantage.ipv6` did not pass in this run, so nothing can be learned over IPv6 from here. The host may \
      be perfectly well.
      """,
    fix: """
      Nothing to do at the host. Put right what the row `vantage.ipv6` says, see it pass in \
      `v6audit doctor`, and audit again.
      """)

  static let notMeasured = Explanation(
    cause: """
      This was not asked, or the answer lacks what the rule needs: the run was interrupted or held to one \
      family (`-4`, `-6`), or a step before it did not happen.
      """,
    fix: """
      Measure it now with `v6audit check HOST`, or let the next audit run to its end. If it comes back, look \
      for the host's id in the audit's log.
      """)

  static let outOfScope = Explanation(
    cause: """
      The address lies outside the prefixes that may be probed, or inside an excluded one. No packet was \
      sent to it, so nothing is known about it.
      """,
    fix: """
      If the address is yours and may be probed, add an `allow` row for it to `prefixes.csv` (the most \
      specific prefix wins, a tie excludes) and see `v6audit inventory check DIR`. If the name should not \
      point there, correct its record.
      """)

  static let noRoute = Explanation(
    cause: """
      The vantage has no route to this address, so no packet left. Usually its default route is missing, or \
      the prefix is not carried on this network.
      """,
    fix: """
      At the vantage: `ip route get ADDRESS`. Add the missing route (`ip -6 route`), or measure from a \
      vantage that has one. If the rest of the network has no route either, have the prefix announced.
      """)

  static let noSource = Explanation(
    cause: """
      There is a route, but the vantage has no source address of this family to send from.
      """,
    fix: """
      At the vantage `ip route get ADDRESS` must show `src`. Give the interface a global address; if it has \
      one that is `tentative` or `dadfailed` in `ip -6 addr`, another machine uses the same.
      """)

  static let gatewaySilent = Explanation(
    cause: """
      The vantage's own gateway did not answer Neighbor Discovery (ARP for IPv4). The packet never got as \
      far as the host's network.
      """,
    fix: """
      At the vantage: `ip -6 route get ADDRESS` names the gateway, `ip neigh show` its state. Check the \
      link, the VLAN and whether the default route comes from the right router, then audit again.
      """)

  static let unsupportedLink = Explanation(
    cause: """
      The route leads over an interface that raw frames cannot be sent on, such as a tunnel or PPP. Ethernet \
      and the loopback are supported.
      """,
    fix: """
      `ip route get ADDRESS` names the interface. Measure from a machine that reaches the address over \
      Ethernet, or choose another interface with `--interface NAME`.
      """)

  static let sendFailed = Explanation(
    cause: """
      The vantage's kernel refused to send: the interface went down, its queue was full, or a local rule \
      forbids it.
      """,
    fix: """
      At the vantage look at `ip -s link show`, `dmesg` and the output chains of `nft list ruleset`; lower \
      `--rate` if the queue was full. Then audit again.
      """)

  static let captureDropped = Explanation(
    cause: """
      No reply was seen, but the capture lost packets meanwhile: the reply may be among them. Silence cannot \
      be told from loss.
      """,
    fix: """
      Audit again with a lower `--rate`, or give the vantage more processor time. The drops are counted in \
      `manifest.json`.
      """)

  static let noServiceDeclared = Explanation(
    cause: """
      The inventory declares no service for this host, so there is nothing whose working could be measured. \
      What was not measured never counts as converted.
      """,
    fix: """
      Write into the column `services` of `hosts.csv` what the host is for, such as `https ssh` or \
      `tcp:9000`. `ss -lntu` on the host shows what listens. A host that serves nobody belongs in \
      `waivers.csv` or out of the inventory.
      """)

  static let protocolNotMeasurable = Explanation(
    cause: """
      The service names a UDP port but no protocol that can be spoken. UDP has no handshake of its own, so \
      without the right question an answer cannot be had and silence means nothing.
      """,
    fix: """
      If the port speaks DNS, NTP or SIP, declare it so: `dns:5353/udp`, `ntp/udp`, `sip:5062/udp`. If not, \
      test it by hand over IPv6 and record the agreement as a waiver with an owner and an end.
      """)

  static let resolverSilent = Explanation(
    cause: """
      In this run the resolver gave neither a record nor a denial for any name at all. So the fault lies \
      with the resolver or on the way to it, and says nothing about this name.
      """,
    fix: """
      At the vantage: `dig @RESOLVER NAME AAAA`. Check `--resolver` or /etc/resolv.conf, that the resolver \
      accepts queries from the vantage, and that it reaches the zone's servers. Then audit again.
      """)

  static let ipv4NotKnown = Explanation(
    cause: """
      A name of the host was asked for A and gave neither a record nor a denial. So where the host has IPv4 \
      is not known, and with what IPv6 has to be compared is not either.
      """,
    fix: """
      See which server fails: `dig NAME A`, then `dig @SERVER NAME A +norecurse` at each server of \
      `dig ZONE NS`. Repair it and audit again.
      """)

  static let waived = Explanation(
    cause: """
      A waiver stands in place of the verdict through its last day. The detail says who answers for it, why, \
      and what the verdict would be without it.
      """,
    fix: """
      Nothing until then. Remove the cause before the waiver ends, and its row from `waivers.csv` after.
      """)

  static let noUsableAddress = Explanation(
    cause: """
      The host has no IPv6 address that others could reach, so there is nothing to ask over IPv6. \
      `address.present` and `address.scope` say what is wrong.
      """)

  static let noTCPService = Explanation(
    cause: "The host declares UDP services only; `dns.live` and `service.handshake` measure those.")

  static let noName = Explanation(
    cause: "The inventory declares no DNS name for this host, so there is no record to judge.")

  static let noAAAAPublished = Explanation(
    cause: """
      None of the host's names publishes an AAAA record, so none can point to something dead. Whether one is \
      missing is for `dns.aaaa` to say.
      """)

  static let ipv4NotDeclared = Explanation(
    cause: """
      The host has no IPv4 address, or IPv4 was left out with `-6`: there is nothing to compare IPv6 with, \
      and nothing it has to match.
      """)

  static let ipv4Dead = Explanation(
    cause: """
      Nothing at all came back over IPv4, so IPv4 is no measure for IPv6. The host is judged by how it works \
      over IPv6.
      """)

  static let closedOnIPv4 = Explanation(
    cause: "The service does not answer over IPv4 either, so IPv6 is not behind it.")

  static let protocolUnknown = Explanation(
    cause: """
      Only the port is declared, or a protocol that is not spoken over this transport. That it is open is \
      all that can be measured, and `reach.tcp` measures that.
      """)
}
