// The addresses of a host: whether there are any, and what they are for.

extension English {
  static let addressDeclared = Explanation(cause: "The inventory declares an IPv6 address for the host.")

  static let addressPublished = Explanation(
    cause: "A name of the host publishes an AAAA record, though the inventory declares no IPv6 address.")

  static let noAddress = Explanation(
    cause: """
      The inventory declares no IPv6 address, and no declared name has an AAAA record: the name servers say \
      so, or there is no name to ask for.
      """,
    fix: """
      Give the host a fixed global address out of the agency's prefix, for good in its network configuration \
      (to try it: `ip -6 addr add ADDRESS/64 dev IFACE`). Open the firewall for it, test every service, and \
      publish the AAAA last. Add the address to `hosts.csv`; verify with `ping -6 ADDRESS` and \
      `dig NAME AAAA +short`.
      """)

  static let aaaaNotAnswered = Explanation(
    cause: """
      The inventory declares no IPv6 address, and DNS answered the question for AAAA neither with a record \
      nor with a denial (SERVFAIL, REFUSED, time-out). Whether the host has IPv6 cannot be said.
      """,
    fix: """
      See which server fails: `dig NAME AAAA`, then `dig @SERVER NAME AAAA +norecurse` at each server of \
      `dig ZONE NS`. Repair it, or declare the address in `hosts.csv`, and run `v6audit check HOST`.
      """)

  static let scopeGlobal = Explanation(cause: "The address is global unicast: others can reach it.")

  static let scopeUnspecified = Explanation(
    cause: "The unspecified address `::` stands for no address; a host cannot be reached at it.",
    fix: renumber)

  static let scopeLoopback = Explanation(
    cause: """
      `::1` is the machine itself: every client would connect to its own loopback. Often a template or \
      /etc/hosts found its way into the zone.
      """,
    fix: renumber)

  static let scopeLinkLocal = Explanation(
    cause: """
      A link-local address (fe80::/10, RFC 4291 §2.5.6) holds on one link only and means nothing to a client \
      elsewhere. Often a dynamic update registered it.
      """,
    fix: renumber)

  static let scopeUniqueLocal = Explanation(
    cause: """
      A unique local address (fc00::/7, RFC 4193) is routed inside an organisation only. Clients from \
      outside that learn it from an AAAA record wait for a time-out before they turn to IPv4.
      """,
    fix: """
      Give the host a global address too, and publish only that one; where the unique local one is needed \
      inside, serve it from an internal view. \(verifyRecord)
      """)

  static let scopeIPv4Mapped = Explanation(
    cause: """
      An IPv4 address in IPv6 notation (::ffff:0:0/96, RFC 4291 §2.5.5) exists inside programs only. On the \
      wire it is no IPv6 at all.
      """,
    fix: renumber)

  static let scope6to4 = Explanation(
    cause: """
      A 6to4 address (2002::/16) depends on relays that were shut down (RFC 7526): few clients reach it, and \
      none dependably.
      """,
    fix: """
      Turn 6to4 off on the host or router, order native IPv6 from the provider, and renumber into its \
      prefix. \(verifyRecord)
      """)

  static let scopeTeredo = Explanation(
    cause: """
      A Teredo address (2001::/32, RFC 4380) is a client's way through NAT; a server cannot be operated on \
      it. Usually an old Windows host registered it by itself.
      """,
    fix: """
      Turn Teredo off (`netsh interface teredo set state disabled`), give the host a native global address \
      and correct the record. \(verifyRecord)
      """)

  static let scopeNAT64 = Explanation(
    cause: """
      A NAT64 address (64:ff9b::/96, RFC 6052) is a translated IPv4 address: the host itself has no IPv6. \
      Either the resolver synthesises AAAA (DNS64), or somebody published the translated address.
      """,
    fix: """
      Ask past the resolver, at a server of the zone: `dig @SERVER NAME AAAA`. If the record is not there, \
      audit with a `--resolver` that does no DNS64. If it is, remove it and give the host IPv6 of its own.
      """)

  static let scopeDocumentation = Explanation(
    cause: """
      The address is from space reserved for documentation and tests (2001:db8::/32, 3fff::/20). It counts \
      as global under the policy for the lab only; on the Internet it is routed nowhere, and here most \
      likely an example that was copied.
      """,
    fix: """
      In a lab audit with `--policy 2026-0-lab`. Elsewhere renumber the host into the agency's prefix and \
      correct `hosts.csv` and the AAAA record. \(verifyRecord)
      """)

  static let scopeMulticast = Explanation(
    cause: "A multicast address (ff00::/8) names a group of receivers and cannot be the address of a host.",
    fix: renumber)

  static let scopeDiscard = Explanation(
    cause: """
      The address lies in 100::/64, whose traffic routers throw away (RFC 6666): a remnant of blackholing, \
      perhaps after an attack.
      """,
    fix: renumber)

  static let scopeReserved = Explanation(
    cause: """
      The address lies outside the space that IANA has given out for unicast. Mostly a slip of the pen: a \
      digit too many, or a group missing.
      """,
    fix: renumber)

  private static let verifyRecord = "Verify with `dig NAME AAAA +short` at every server of the zone."

  private static let renumber = """
    Give the host a global address out of the agency's prefix, and remove this one from the AAAA record and \
    from `hosts.csv`. \(verifyRecord)
    """
}
