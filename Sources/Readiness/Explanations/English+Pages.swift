// What web pages turned out to be, and mail certificates.

extension English {
  static let answeredUnverified = Explanation(
    cause: """
      The mail server answered over IPv6 and offers STARTTLS, with a certificate that does not hold; the detail says \
      why. Mail servers do not verify one another's certificates (RFC 7435), so mail is delivered all the same, and \
      nothing has to be done for IPv6. A valid one would let senders insist on TLS (MTA-STS, DANE).
      """)

  static let sameContent = Explanation(
    cause: """
      The page over IPv6 is the page over IPv4: same status, same final address, and the same content but for what is \
      new in every answer.
      """)

  static let redirectOutsideScope = Explanation(
    cause: """
      Over both families the page leads to the same address outside the scope. Its name has IPv6; it was not touched.
      """)

  static let statusDiffers = Explanation(
    cause: """
      The server gives another HTTP status over IPv6 than over IPv4: another virtual host, an access list that knows \
      IPv4 addresses only, or a back end that is down for IPv6.
      """,
    fix: """
      Compare `curl -6sI https://NAME/` with `curl -4sI https://NAME/`. Give the virtual host both addresses (nginx: \
      `listen [::]:443 ssl;` beside `listen 443 ssl;`), let IPv6 networks through wherever IPv4 networks are, and look \
      at the log of the server behind the IPv6 address.
      """)

  static let finalURLDiffers = Explanation(
    cause: """
      After all redirects the page over IPv6 is at another address than over IPv4: two configurations, of which one \
      was forgotten at the last change.
      """,
    fix: """
      Compare where `curl -6sIL https://NAME/` and `curl -4sIL https://NAME/` end, and make the redirect the same in \
      the virtual host that answers over IPv6.
      """)

  static let contentDiffers = Explanation(
    cause: """
      Over IPv6 another page is shown than over IPv4, though the status is the same: a default page, an old copy of \
      the site, or another site. Tokens, times and the like were left out of the comparison (docs/content.md).
      """,
    fix: """
      See both: `curl -6s https://NAME/` and `curl -4s https://NAME/`. Bind the right virtual host to IPv6, and \
      publish new content to every server that answers over IPv6. Verify with `v6audit check HOST`.
      """)

  static let contentEncoded = Explanation(
    cause: """
      The page came compressed over IPv6 though no compression was asked for (`Accept-Encoding: identity`, RFC 9110 \
      §12.5.3), and it is not the same bytes as over IPv4. Such a body is not unpacked: it could be a bomb.
      """,
    fix: """
      Compare `curl -6sI -H 'Accept-Encoding: identity' https://NAME/` with the same over `-4`. Switch forced \
      compression off, in the server or in the cache in front of it.
      """)

  static let bodyIncomplete = Explanation(
    cause: """
      The head of the page came over IPv6, and its body stopped or broke off: large packets are lost on the way (ICMPv6 \
      Packet Too Big is filtered), or the server behind the front end is stuck.
      """,
    fix: """
      Time it: `curl -6so /dev/null -w '%{size_download} %{time_total}' https://NAME/`. If it stops after a few kB, try \
      `ping -6 -M do -s 1452 ADDRESS` and let ICMPv6 type 2 through (RFC 4890 §4.3.1); else look at the server's log.
      """)

  static let redirectWithoutIPv6 = Explanation(
    cause: """
      The page leads to a name that has no IPv6 address. Whoever has IPv6 alone never sees it.
      """,
    fix: """
      Publish AAAA for the name in the detail, once its server answers over IPv6, or lead to a name that has one. \
      Verify: `dig NAME AAAA +short` and `curl -6sIL https://NAME/`.
      """)

  static let redirectLoop = Explanation(
    cause: """
      Over IPv6 the redirects lead in a circle, or further than five steps: mostly a front end that speaks HTTP to a \
      back end which insists on HTTPS, and whose header `X-Forwarded-Proto` is set for IPv4 only.
      """,
    fix: """
      Follow them: `curl -6sIL --max-redirs 5 https://NAME/`. Set the same forwarding headers in the virtual host that \
      answers over IPv6 as in the one for IPv4.
      """)

  static let redirectMalformed = Explanation(
    cause: "Over IPv6 the server leads to something that is no web address; the detail shows it.",
    fix: """
      Look at the field Location: `curl -6sI https://NAME/`. Correct it in the application or in the virtual host that \
      answers over IPv6; an IPv6 address in a URL stands in brackets (RFC 3986 §3.2.2).
      """)

  static let serverErrorOnBoth = Explanation(
    cause: """
      The server gives the same error of its own (5xx) over both families. It is out of order, and nothing can be said \
      about IPv6.
      """,
    fix: "Bring the service back up, then audit again: `v6audit check HOST`.")

  static let noWebService = Explanation(cause: "The host declares neither http nor https.")

  static let noPageOverIPv4 = Explanation(
    cause: "Over IPv4 the service gives no page that the one over IPv6 could be compared with.")

  static let linksWork = Explanation(cause: "Enough of the links on the page's own domain work over IPv6.")

  static let linksBroken = Explanation(
    cause: """
      Too many links on the page's own domain lead to names without IPv6, or to servers that do not answer over it. \
      Visitors who have IPv6 alone get no further than the first page. The detail names some.
      """,
    fix: """
      Publish AAAA for the names that the links lead to, and make their servers answer over IPv6. Verify one by one: \
      `dig NAME AAAA +short`, `curl -6sI URL`.
      """)

  static let resourcesLoad = Explanation(cause: "The parts of the page load over IPv6.")

  static let resourcesBroken = Explanation(
    cause: """
      Pictures, scripts or style sheets of the page lie on names without IPv6, or do not load over it: the page comes \
      over IPv6 and does not work there. The detail names some.
      """,
    fix: """
      Publish AAAA for these names, move the files to the site itself, or use a provider that serves over IPv6. Verify: \
      `curl -6sI URL` for each.
      """)

  static let noPage = Explanation(
    cause: "No page with status 200 came over IPv6, so there is nothing to look for references in.")

  static let noReferences = Explanation(
    cause: "The page has no reference of this kind that works over IPv4 and could be asked for over IPv6.")
}
