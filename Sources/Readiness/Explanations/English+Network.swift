// What packets and the DNS brought back.

extension English {
  static let answered = Explanation(cause: "The target answered.")

  static let open = Explanation(cause: "The port answered with SYN-ACK: something listens there.")

  static let closed = Explanation(
    cause: """
      The host answered with RST: it can be reached over IPv6, but nothing listens on this port at this \
      address. Usually the service is bound to IPv4 only; sometimes a firewall rejects with RST.
      """,
    fix: """
      On the host `ss -lnt 'sport = :PORT'` must show `[::]:PORT` or `*:PORT`, not only `0.0.0.0:PORT`. Bind \
      the service to IPv6 as well (nginx: `listen [::]:443 ssl;`, Apache: `Listen [::]:443`, sshd: \
      `AddressFamily any`) and restart it. From the vantage, verify with `nc -6vz ADDRESS PORT`.
      """)

  static let rejected = Explanation(
    cause: """
      A firewall or router refused the packet with an ICMP error; the detail names its type, its code and \
      who sent it. "Administratively prohibited" is a filter rule; "no route" and "address unreachable" are \
      routing or a host that is down; "time exceeded" is a routing loop.
      """,
    fix: """
      Start at the sender of the error. For a filter, compare its IPv6 rules with the IPv4 ones and allow \
      TCP PORT to ADDRESS (`nft list ruleset`, `ip6tables -L -n -v`). For routing, look at \
      `traceroute -6 ADDRESS`, the route to the host's prefix and the last router's `ip -6 neigh`. Verify \
      with `nc -6vz ADDRESS PORT`.
      """)

  static let silent = Explanation(
    cause: """
      Nothing came back, no matter how often it was tried: a firewall drops the packets, or nothing has this \
      address any more. Where IPv4 answers, most often the rule for this service was written for IPv4 alone.
      """,
    fix: """
      Compare the firewall's IPv6 rules with its IPv4 rules, on the host and before it, and allow TCP PORT \
      to ADDRESS from the networks that may use the service, the vantage's included (for echo: ICMPv6 type \
      128, RFC 4890). `tcpdump -ni any ip6 host ADDRESS` on the host shows whether the packets arrive. \
      Verify from the vantage: `nc -6vz -w3 ADDRESS PORT`.
      """)

  static let neighbourSilent = Explanation(
    cause: """
      The host is on the vantage's own link and did not answer Neighbor Discovery (ARP for IPv4): it is off, \
      the address is not configured on it, or its firewall drops ND.
      """,
    fix: """
      On the host `ip -6 addr` must show the address, and neither `tentative` nor `dadfailed` beside it. \
      Allow ICMPv6 types 133 to 136 (RFC 4890 §4.4.1). Verify from the vantage: `ping -6 ADDRESS`, then \
      `ip -6 neigh show ADDRESS`.
      """)

  static let aaaaPresent = Explanation(cause: "The name has an AAAA record.")

  static let dnsNoData = Explanation(
    cause: """
      The name exists but has no AAAA record (NODATA): clients that look it up use IPv4 only.
      """,
    fix: """
      When the services work at the host's IPv6 address, add `NAME. AAAA ADDRESS` to the zone (if the name \
      is a CNAME, at its target), raise the serial, and see every server of the zone carry it: \
      `dig @SERVER NAME AAAA +short`.
      """)

  static let dnsNXDomain = Explanation(
    cause: """
      The name does not exist (NXDOMAIN), not for IPv4 either: a slip in `hosts.csv`, a record that was \
      removed, or a name that only an internal view of the zone knows.
      """,
    fix: """
      Compare the name in `hosts.csv` with the zone: `dig NAME A`, `dig ZONE SOA`. Correct it, create A and \
      AAAA, or audit with the `--resolver` that the users of this name have.
      """)

  static let dnsServFail = Explanation(
    cause: """
      The resolver could not get a usable answer (SERVFAIL), though it answered for other names: broken \
      DNSSEC signatures, a delegation to servers that do not serve the zone, or servers that fail on AAAA.
      """,
    fix: """
      `dig NAME AAAA +cd` answers? Then it is DNSSEC: re-sign the zone or correct the DS record, see \
      `delv NAME AAAA`. If not, ask each server: `dig +trace NAME AAAA`, `dig @SERVER NAME AAAA +norecurse`. \
      Verify with `dig NAME AAAA`: status NOERROR.
      """)

  static let dnsRefused = Explanation(
    cause: """
      The question was refused (REFUSED): the resolver does not serve this vantage for this name, or a \
      server that the zone is delegated to does not carry the zone.
      """,
    fix: """
      Allow the vantage's address on the resolver (unbound: `access-control`, BIND: `allow-query`), or \
      correct the NS records and load the zone on every server they name. Verify: \
      `dig @SERVER NAME AAAA +norecurse`.
      """)

  static let dnsError = Explanation(
    cause: """
      The answer was an error code that the detail names. FORMERR and NOTIMP come from old DNS software or \
      load balancers that know neither AAAA nor EDNS (RFC 4074, RFC 8906).
      """,
    fix: """
      `dig @SERVER NAME AAAA` and the same with `+noedns` show what the server stumbles over. Update it, or \
      move the name to servers that conform.
      """)

  static let dnsMalformed = Explanation(
    cause: """
      Something came back that is no answer to the question: cut short, or about another name or type. A \
      middlebox or a load balancer rewrites DNS.
      """,
    fix: """
      Look at it with `dig NAME AAAA +qr` and `tcpdump -vv -ni any port 53`; compare with `dig +tcp`. Take \
      the box that rewrites out of the way, or update it.
      """)

  static let dnsTimeout = Explanation(
    cause: """
      The question for AAAA got no answer, while others in the same run did. Typical of a load balancer or \
      firewall that drops AAAA questions (RFC 4074 §4.1), or of a zone whose servers are all unreachable. \
      Clients wait for it with every connection, over IPv4 too.
      """,
    fix: """
      Ask each server of the zone for both: `dig @SERVER NAME A` and `dig @SERVER NAME AAAA`. Where only \
      AAAA stays unanswered, correct the box in front; it has to answer NODATA at the least. Where both do, \
      repair the server or its firewall (UDP and TCP port 53).
      """)
}
