// What the services themselves said.

extension English {
  static let openOnIPv6 = Explanation(cause: "The service answers at every IPv6 address of the host.")

  static let answeredValid = Explanation(
    cause:
      "The service answered over IPv6 as its protocol demands, with a valid certificate where it has one.")

  static let sameIdentity = Explanation(
    cause: "The service answered over IPv6 and showed the same key as over IPv4.")

  static let otherValidKey = Explanation(
    cause: "The key is another one than over IPv4, but its certificate is valid for the name as well.")

  static let certificateWrongName = Explanation(
    cause: """
      The certificate shown over IPv6 was issued for other names: another site or a default virtual host \
      answers at the IPv6 address. Browsers show a warning instead of the page.
      """,
    fix: """
      Bind the right virtual host to IPv6 as well (nginx: `listen [::]:443 ssl;` in the same `server` block \
      as `listen 443 ssl;`), or issue a certificate that names it. \(verifyCertificate)
      """)

  static let certificateExpired = Explanation(
    cause: """
      The certificate has expired. If the one over IPv4 is valid, the renewal did not reach the server \
      behind the IPv6 address.
      """,
    fix: """
      Renew it (`certbot renew`, or your CA's way), put it on every server and load balancer that answers \
      over IPv6, and reload them. \(verifyCertificate)
      """)

  static let certificateNotYetValid = Explanation(
    cause: """
      The certificate is not valid yet: it was installed early, or the clock of the issuing server, or the \
      vantage's, is wrong.
      """,
    fix: """
      Compare the clocks (`timedatectl` on both sides; `v6audit doctor` checks the vantage's). If they are \
      right, reinstate the former certificate until the new one begins. \(verifyCertificate)
      """)

  static let certificateSelfSigned = Explanation(
    cause: """
      The certificate is signed by itself: mostly the one that came with the device or package, shown where \
      IPv6 was never set up for this site.
      """,
    fix: """
      Install a certificate from a CA that the users trust, for IPv6 as for IPv4. For an internal CA audit \
      with `--ca-file PEM`. \(verifyCertificate)
      """)

  static let certificateUntrusted = Explanation(
    cause: """
      No path leads from the certificate to a trusted root: an intermediate certificate is missing, or the \
      CA is an internal one that the vantage does not know.
      """,
    fix: """
      Serve the whole chain (nginx: `ssl_certificate fullchain.pem;`). For an internal CA audit with \
      `--ca-file PEM`. \(verifyCertificate)
      """)

  static let certificateMalformed = Explanation(
    cause: "What the server showed cannot be read as an X.509 certificate.",
    fix: """
      Look at it: `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME -showcerts`. Issue it anew \
      with current tools, install it and reload the server.
      """)

  static let hostKeyDiffers = Explanation(
    cause: """
      The SSH server at the IPv6 address shows another host key than at the IPv4 address: another machine \
      answers there. An AAAA record points to a former host, or the address was given out twice.
      """,
    fix: """
      Compare `ssh-keyscan -6 NAME` with `ssh-keyscan -4 NAME`. On the host, `ip -6 addr` shows whether it \
      has the address. Correct the record or the address; until that is clear, nobody should log in there. \
      If it is meant to be one cluster, install the same host keys on every node.
      """)

  static let connectionRefused = Explanation(
    cause: """
      The service's port refused: RST over TCP, "port unreachable" over UDP. Nothing listens there over \
      IPv6, or the service stopped while the audit was running.
      """,
    fix: """
      On the host `ss -lntu 'sport = :PORT'` must show the service on `[::]` or `*`, and \
      `systemctl status SERVICE` that it is up. Bind it to IPv6, start it, and run `v6audit check HOST`.
      """)

  static let connectionUnreachable = Explanation(
    cause: """
      The network said no while the connection was made; the detail says what. A filter or missing route on \
      the way concerns this protocol, or the path broke during the audit.
      """,
    fix: """
      `traceroute -6 ADDRESS` shows how far it goes; start at the last router that answers, with its route \
      to the host's prefix and its IPv6 rules. Verify with `v6audit check HOST -6`.
      """)

  static let handshakeTimeout = Explanation(
    cause: """
      The service fell silent in the phase that the detail names. In `connect` a filter drops it; in `tls` \
      or `exchange` the port is open but the answer does not get through: large packets are lost because \
      ICMPv6 Packet Too Big is filtered, or what stands behind the front end is dead. Over UDP any silence \
      ends in `exchange`, so there it may be a dropped or closed port.
      """,
    fix: """
      Try the path: `tracepath -6 ADDRESS`, `ping -6 -M do -s 1452 ADDRESS`. Let ICMPv6 type 2 through on \
      every filter (RFC 4890 §4.3.1) and, over UDP, the service's port. If the path is sound, look at the \
      service's log and its back ends. Verify with `v6audit check HOST -6`.
      """)

  static let closedEarly = Explanation(
    cause: """
      The service accepted the connection and closed it before it answered: an access list that knows IPv4 \
      addresses only, a connection limit, or a front end whose back end does not take IPv6.
      """,
    fix: """
      Read the service's log at the time of observation. Look for lists of IPv4 addresses (`allow`/`deny`, \
      hosts.allow, fail2ban, `MaxStartups` of sshd) and add the IPv6 networks. Verify with \
      `v6audit check HOST -6`.
      """)

  static let protocolError = Explanation(
    cause: """
      What came back is not the declared protocol: another service is bound to this port over IPv6, or TLS \
      could not be agreed on. The detail says where it broke.
      """,
    fix: """
      See what answers: `curl -6v https://NAME/`, \
      `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME`, `nc -6v ADDRESS PORT`. Bind the right \
      service to IPv6, or correct `services` in `hosts.csv`.
      """)

  private static let verifyCertificate = """
    Verify: `openssl s_client -6 -connect [ADDRESS]:PORT -servername NAME -verify_return_error`.
    """
}
