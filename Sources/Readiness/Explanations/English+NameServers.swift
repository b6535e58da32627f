// Name servers, delegations, reverse zones and mail.

extension English {
  static let nameServersSilent = Explanation(
    cause: """
      No authoritative server of any zone answered this vantage in the whole run, so nothing can be said of this \
      name: the vantage's own way to port 53 is shut, or it has no working IPv6 and IPv4.
      """,
    fix: """
      From the vantage, ask one of the servers in the detail: `dig @SERVER ZONE SOA +norecurse`. Allow UDP and \
      TCP 53 outwards from the vantage to any address, or measure from another one.
      """)

  static let rootSilent = Explanation(
    cause: """
      The walk over IPv6 alone could not begin: no root server, or not the one given with `--root`, answered \
      this vantage over IPv6.
      """,
    fix: """
      From the vantage, `dig -6 @2001:7fe::53 . NS +norecurse` must answer; allow UDP and TCP 53 outwards over \
      IPv6. In a closed network give its own start with `--root`.
      """)

  static let ptrNotAnswered = Explanation(
    cause: """
      The question for the PTR, or for the name it holds, got neither a record nor a denial (SERVFAIL, REFUSED, \
      timeout). Often the reverse zone is delegated to servers that do not have it.
      """,
    fix: """
      `dig -x ADDRESS` and `dig +trace -x ADDRESS` show where it ends. Set the reverse zone up on the servers it \
      is delegated to, or have the provider delegate it to yours.
      """)

  static let mxNotAnswered = Explanation(
    cause: """
      The question for the MX of the name, or for the AAAA of an exchanger, got neither a record nor a denial.
      """,
    fix: """
      `dig NAME MX`, then for each exchanger `dig EXCHANGER AAAA`: find the server that fails with \
      `dig @SERVER NAME MX +norecurse` and correct it.
      """)

  static let noMX = Explanation(
    cause: "The name has no MX record: it is no mail domain, so there is no exchanger to measure.")

  static let nullMX = Explanation(
    cause: "The name says with `MX 0 .` that it takes no mail (RFC 7505).")

  static let dnsLame = Explanation(
    cause: """
      A server that the zone is delegated to answers without authority (no AA), or points elsewhere: it does not \
      have the zone. Resolvers that meet it must try another one, and fail when there is none.
      """,
    fix: """
      `dig @SERVER ZONE SOA +norecurse` must show the flag `aa`. Load the zone on that server (for a secondary: \
      look why its transfer fails or why the zone has expired), or take the server out of the NS records in the \
      zone and at the parent.
      """)

  static let dnsInconsistent = Explanation(
    cause: """
      Some authoritative servers return AAAA and others deny it: which clients learn of IPv6 is left to chance. \
      Usually a secondary still has an old version of the zone.
      """,
    fix: """
      Compare the serials: `dig ZONE +nssearch`. Raise the serial at the primary, check that NOTIFY and transfers \
      (TCP 53) pass, and see `dig @SERVER NAME AAAA +norecurse` give the same everywhere.
      """)

  static let dnsNoServer = Explanation(
    cause: """
      The zone is delegated to servers none of whose names has an address, so nobody can be asked.
      """,
    fix: """
      `dig ZONE NS`, then `dig SERVER A` and `dig SERVER AAAA` for each: correct the names, give them addresses, \
      and register glue at the parent for those that lie inside the zone.
      """)

  static let dnsEndless = Explanation(
    cause: """
      Delegations or aliases lead on and on, or in a circle, and no address comes of it within the bounds that \
      resolvers keep too.
      """,
    fix: """
      Follow them with `dig +trace NAME AAAA`. Let a CNAME lead to its final name directly, and give at least one \
      name server of each zone an address that can be found without the zone itself (glue at the parent).
      """)

  static let nameServersOverIPv6 = Explanation(
    cause: "Enough name servers of the zone answer with authority over IPv6, by UDP and by TCP.")

  static let tooFewNameServers = Explanation(
    cause: """
      Too few name servers of the zone answer with authority over IPv6 by UDP and TCP; the detail says what each \
      lacks. One failure then takes the names away from whoever has only IPv6.
      """,
    fix: """
      Give at least two name servers IPv6 addresses, with AAAA and glue at the parent, and allow 53 over UDP and \
      TCP (RFC 7766). `dig -6 @SERVER ZONE SOA +norecurse` and the same with `+tcp` must both show `aa`.
      """)

  static let resolvesOverIPv6 = Explanation(
    cause: "From the start down to the name itself, every zone answers over IPv6.")

  static let delegationWithoutIPv6 = Explanation(
    cause: """
      On the way from the root to the name there is a zone none of whose servers has an IPv6 address; the detail \
      names it. A resolver with only IPv6 gets no further, although the name itself has AAAA.
      """,
    fix: """
      The operator of that zone gives at least two of its name servers IPv6 addresses: AAAA for their names, and \
      glue at the parent. Verify with `dig -6 +trace NAME AAAA`.
      """)

  static let ptrMapsBack = Explanation(
    cause: "The address has a PTR, and the name in it has this address.")

  static let noPTR = Explanation(
    cause: """
      The address has no PTR record. Mail servers refuse mail from such addresses, and logs show numbers.
      """,
    fix: """
      Add `PTR NAME.` at the address's name in the reverse zone (`dig -x ADDRESS` shows it in its question). If \
      the reverse zone is not delegated to you, ask the provider of the prefix.
      """)

  static let ptrElsewhere = Explanation(
    cause: """
      The PTR names something that has other addresses; the detail shows both. Usually the address belonged to \
      another machine before.
      """,
    fix: """
      Correct the PTR to the host's own name, or add this address to the name as AAAA. Verify: \
      `dig -x ADDRESS +short`, then `dig NAME AAAA +short` must hold ADDRESS.
      """)

  static let ptrWithoutAddress = Explanation(
    cause: """
      The PTR names something that has no AAAA: the name is gone, or its AAAA was never published.
      """,
    fix: """
      Publish AAAA for the name, or correct the PTR. Verify: `dig -x ADDRESS +short`, then \
      `dig NAME AAAA +short` must hold ADDRESS.
      """)

  static let mxWithoutAAAA = Explanation(
    cause: """
      A mail exchanger of the name has no AAAA: whoever sends over IPv6 alone cannot deliver there.
      """,
    fix: """
      Let the mail server listen on its IPv6 address, give that a PTR, allow TCP 25, then publish AAAA for the \
      exchanger's name. If the mail is hosted, ask the provider. Verify: `dig EXCHANGER AAAA +short` and \
      `nc -6vz EXCHANGER 25`.
      """)
}
