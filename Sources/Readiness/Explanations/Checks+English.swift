extension CheckID {
  /// The English text. Without a default, so that a new check does not compile until it is explained.
  var english: CheckExplanation {
    switch self {
    case .vantageIPv6:
      CheckExplanation(
        title: "IPv6 at the vantage", question: "Does IPv6 work where we measure from?",
        rule: """
          The positive control answers over IPv6 and the dark control does not. Otherwise every network \
          check of the run is unknown.
          """)
    case .addressPresent:
      CheckExplanation(
        title: "An IPv6 address", question: "Does the host have an IPv6 address?",
        rule: "At least one IPv6 address is declared in the inventory or published as AAAA.")
    case .addressScope:
      CheckExplanation(
        title: "Global addresses", question: "Can others reach the addresses it has?",
        rule: "Every IPv6 address, declared or published, is global unicast.")
    case .reachEcho:
      CheckExplanation(
        title: "Echo", question: "Does the host answer a ping over IPv6?",
        rule: "It answers ICMPv6 echo. Information only: a filter for echo breaks no service.")
    case .reachTCP:
      CheckExplanation(
        title: "TCP ports", question: "Are its TCP ports open over IPv6?",
        rule: "Every declared TCP port answers SYN-ACK at every usable IPv6 address, within 3 tries.")
    case .dnsAAAA:
      CheckExplanation(
        title: "AAAA records", question: "Does every name lead to IPv6?",
        rule: """
          Every authoritative server of its zone returns AAAA for every declared name. Whatever else one \
          answers is a measured failure, and so is silence, unless no server of any zone answered this vantage \
          in the run: then it is unknown. Under `2026-0` the resolver is asked in their place.
          """)
    case .dnsLive:
      CheckExplanation(
        title: "No dead AAAA", question: "Does every published IPv6 address serve?",
        rule: "At every address that an AAAA points to, every declared service answers.")
    case .dnsNameServers:
      CheckExplanation(
        title: "Name servers over IPv6",
        question: "Can the zone be asked over IPv6 alone, even if one server fails?",
        rule: """
          At least two name servers of the zone answer with authority over IPv6, by UDP and by TCP.
          """)
    case .dnsIPv6Only:
      CheckExplanation(
        title: "Resolution over IPv6 alone", question: "Does a resolver that has only IPv6 find the name?",
        rule: """
          The name resolves when only IPv6 is used from the root, or the start given with `--root`, down.
          """)
    case .dnsReverse:
      CheckExplanation(
        title: "PTR records", question: "Does each IPv6 address lead back to its name?",
        rule: "Each IPv6 address that others can reach has a PTR, and a name in it has this address.")
    case .servicePorts:
      CheckExplanation(
        title: "Ports as over IPv4", question: "Is everything that works over IPv4 open over IPv6 too?",
        rule: """
          Every declared service that answers at an IPv4 address of the host answers at every usable IPv6 \
          address.
          """)
    case .serviceHandshake:
      CheckExplanation(
        title: "The same service", question: "Does the right service answer over IPv6?",
        rule: """
          The application answers over IPv6 as its protocol demands: with a TLS certificate valid for the \
          name (its key that of IPv4, or another that is valid too), or with the SSH host key that it shows \
          over IPv4.
          """)
    case .serviceMail:
      CheckExplanation(
        title: "Mail over IPv6", question: "Can mail for the names be delivered over IPv6?",
        rule: """
          Every MX of each declared name has AAAA, and port 25 there answers over IPv6. An exchanger outside \
          the scope is not touched: without AAAA it fails, with AAAA it is unknown.
          """)
    }
  }
}
