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
          The resolver returns AAAA for every declared name. Whatever else it answers is a measured failure, \
          and so is silence, unless it gave neither a record nor a denial for any name of the run: then it \
          is unknown.
          """)
    case .dnsLive:
      CheckExplanation(
        title: "No dead AAAA", question: "Does every published IPv6 address serve?",
        rule: "At every address that an AAAA points to, every declared service answers.")
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
          name (its key that of IPv4, or another that is valid too), or with the SSH host keys that it shows \
          over IPv4. The certificate of STARTTLS is told and decides nothing.
          """)
    case .serviceContent:
      CheckExplanation(
        title: "The same page", question: "Do visitors see the same page over IPv6 as over IPv4?",
        rule: """
          The page comes over IPv6, redirects followed to what IPv6 can reach, with the HTTP status and the final \
          address that it has over IPv4, and at most 10 % of its content differs (first 500 kB, volatile parts ignored). \
          The certificate does not matter here.
          """)
    case .serviceLinks:
      CheckExplanation(
        title: "Inner links", question: "Does one get further than the first page over IPv6?",
        rule: "At least 85 % of the links on the page's own domain work over IPv6 (a sample of 20).")
    case .serviceResources:
      CheckExplanation(
        title: "Parts of the page",
        question: "Do the pictures, scripts and styles of the page load over IPv6?",
        rule: "At least 98 % of what a browser loads with the page loads over IPv6 (a sample of 40).")
    }
  }
}
