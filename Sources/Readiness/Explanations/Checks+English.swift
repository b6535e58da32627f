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
    case .addressPrefix:
      CheckExplanation(
        title: "The agency's prefix",
        question: "Is the address one of the agency's own?",
        rule: """
          Every usable IPv6 address lies inside an IPv6 prefix that `prefixes.csv` registers to the \
          agency.
          """)
    case .addressIID:
      CheckExplanation(
        title: "Interface identifier",
        question: "Is the address one that a server should keep?",
        rule: """
          The lower half of no usable IPv6 address is made out of a hardware address (EUI-64). One that \
          looks random passes: whether it is temporary cannot be seen from outside.
          """)
    case .reachEcho:
      CheckExplanation(
        title: "Echo", question: "Does the host answer a ping over IPv6?",
        rule: "It answers ICMPv6 echo. Information only: a filter for echo breaks no service.")
    case .reachTCP:
      CheckExplanation(
        title: "TCP ports", question: "Are its TCP ports open over IPv6?",
        rule: "Every declared TCP port answers SYN-ACK at every usable IPv6 address, within 3 tries.")
    case .reachStability:
      CheckExplanation(
        title: "Stability",
        question: "Did it answer all the week?",
        rule: """
          Of the rounds within the hold time (7 days) at least 95 % reached every declared TCP port at \
          every usable IPv6 address. It does not apply until there are rounds as old as that.
          """)
    case .reachLatency:
      CheckExplanation(
        title: "Latency",
        question: "Is IPv6 about as fast as IPv4?",
        rule: """
          The median of at least 3 handshakes over IPv6 is at most 250 ms slower than over IPv4 with the \
          same port. Only handshakes that were answered without a retransmission count.
          """)
    case .dnsAAAA:
      CheckExplanation(
        title: "AAAA records", question: "Does every name lead to IPv6?",
        rule: """
          Every authoritative server returns AAAA for every declared name; under a policy whose name source \
          is the resolver, the resolver does. Whatever else is answered is a measured failure, and so is \
          silence, unless whoever was asked gave neither a record nor a denial for any name of the run: then \
          it is unknown.
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
          name (its key that of IPv4, or another that is valid too), or with the SSH host key that it shows \
          over IPv4.
          """)
    case .operationIPv6Only:
      CheckExplanation(
        title: "Without IPv4",
        question: "Does it work where there is no IPv4?",
        rule: """
          From a vantage with no IPv4 address of its own, every declared service answers at every usable \
          IPv6 address.
          """)
    case .operationTraffic:
      CheckExplanation(
        title: "IPv4 traffic",
        question: "Does anybody still come over IPv4?",
        rule: """
          The passive capture saw no IPv4 flow to the host for 30 days.
          """)
    case .operationRA:
      CheckExplanation(
        title: "Router advertisements", question: "Do the routers of its link tell it what is registered?",
        rule: """
          For a host on the vantage's own link: the registered routers seen there advertise prefixes inside \
          allowed rows of prefixes.csv and, as resolvers, only addresses of declared dns hosts. Does not apply \
          to hosts behind a router. Nothing is sent: what was captured during the run is judged.
          """)
    case .exposureRouter:
      CheckExplanation(
        title: "No rogue router", question: "Does anybody else claim to be a router on its link?",
        rule: """
          For a host on the vantage's own link: every router that was seen to advertise there is a row of \
          hosts.csv with the tag router and this MAC address.
          """)
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
    case .serviceMail:
      CheckExplanation(
        title: "Mail over IPv6", question: "Can mail for the names be delivered over IPv6?",
        rule: """
          Every MX of each declared name has AAAA, and port 25 there answers over IPv6. An exchanger outside \
          the scope is not touched: without AAAA it fails, with AAAA it is unknown.
          """)
    case .reachPMTU:
      CheckExplanation(
        title: "Packet sizes", question: "Do large answers still arrive where the path is narrow?",
        rule: """
          After an ICMPv6 Packet Too Big of 1280 bytes a whole answer larger than that still arrives, in packets of \
          at most 1280 bytes; a server that sends no larger ones anyway passes. A declared web service is asked for \
          its front page; where no such answer is large enough, an echo of 1400 bytes serves.
          """)
    case .reachPath:
      CheckExplanation(
        title: "The way there", question: "Does traffic inside the WAN stay inside?",
        rule: """
          On the way to a host whose agency runs a system of kind wan or tslcd, or one that depends on such a system, \
          every router that answers lies inside a prefix that is registered with the rule allow, over IPv6 as over \
          IPv4. Hosts of one /48 or IPv4 /24 share a way. To be asked from inside the WAN.
          """)
    case .exposurePorts:
      CheckExplanation(
        title: "Open on IPv6 alone", question: "Is anything open over IPv6 that is not over IPv4?",
        rule: """
          Every port of the policy's list that is open over IPv6 is also open at an IPv4 address of the host, or \
          declared as its service. `docs/exposure.md` says what is asked.
          """)
    case .exposureManagement:
      CheckExplanation(
        title: "Remote control",
        question: "Can strangers reach remote control, databases or routing over IPv6?",
        rule: """
          None of the policy's ports of remote control, databases and routing answers the vantage over IPv6, unless \
          it is declared as a service of the host.
          """)
    case .exposureTunnels:
      CheckExplanation(
        title: "Tunnels", question: "Does the host take packets out of others for strangers?",
        rule: "No 6in4, 6to4, ISATAP, Teredo or IP-in-IPv6 packet of a stranger is answered.")
    case .exposureICMP:
      CheckExplanation(
        title: "ICMPv6", question: "Does the host heed the ICMPv6 messages that it needs?",
        rule: """
          After a Packet Too Big the host's packets are no larger than it says. Redirects are not sent, so whether \
          they are ignored does not apply.
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
