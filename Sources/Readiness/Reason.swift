/// Why a verdict is what it is: a closed list. Each code has a cause and a fix in `docs/checks.md`.
public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
  // The vantage.
  case controlsAgree = "controls-agree"
  case positiveControlSilent = "positive-control-silent"
  case darkControlAnswered = "dark-control-answered"
  case vantageNoIPv6 = "vantage-no-ipv6"
  case noControl = "no-control"

  // Not measured, whatever the check.
  case vantageWithoutIPv6 = "vantage-without-ipv6"
  case notMeasured = "not-measured"
  case outOfScope = "out-of-scope"
  case noRoute = "no-route"
  case noSource = "no-source"
  case gatewaySilent = "gateway-silent"
  case unsupportedLink = "unsupported-link"
  case sendFailed = "send-failed"
  case captureDropped = "capture-dropped"
  case noServiceDeclared = "no-service-declared"
  case protocolNotMeasurable = "protocol-not-measurable"
  case resolverSilent = "resolver-silent"
  case ipv4NotKnown = "ipv4-not-known"
  case waived

  // Does not apply.
  case noUsableAddress = "no-usable-address"
  case noTCPService = "no-tcp-service"
  case noName = "no-name"
  case noAAAAPublished = "no-aaaa-published"
  case ipv4NotDeclared = "ipv4-not-declared"
  case ipv4Dead = "ipv4-dead"
  case closedOnIPv4 = "closed-on-ipv4"
  case protocolUnknown = "protocol-unknown"

  // Addresses.
  case addressDeclared = "address-declared"
  case addressPublished = "address-published"
  case noAddress = "no-address"
  case aaaaNotAnswered = "aaaa-not-answered"
  case scopeGlobal = "scope-global"
  case scopeUnspecified = "scope-unspecified"
  case scopeLoopback = "scope-loopback"
  case scopeLinkLocal = "scope-link-local"
  case scopeUniqueLocal = "scope-unique-local"
  case scopeIPv4Mapped = "scope-ipv4-mapped"
  case scope6to4 = "scope-6to4"
  case scopeTeredo = "scope-teredo"
  case scopeNAT64 = "scope-nat64"
  case scopeDocumentation = "scope-documentation"
  case scopeMulticast = "scope-multicast"
  case scopeDiscard = "scope-discard"
  case scopeReserved = "scope-reserved"

  // Reachability.
  case answered
  case open
  case closed
  case rejected
  case silent
  case neighbourSilent = "neighbour-silent"

  // DNS.
  case aaaaPresent = "aaaa-present"
  case dnsNoData = "dns-nodata"
  case dnsNXDomain = "dns-nxdomain"
  case dnsServFail = "dns-servfail"
  case dnsRefused = "dns-refused"
  case dnsError = "dns-error"
  case dnsMalformed = "dns-malformed"
  case dnsTimeout = "dns-timeout"

  // Services.
  case openOnIPv6 = "open-on-ipv6"
  case answeredValid = "answered-valid"
  case sameIdentity = "same-identity"
  case otherValidKey = "other-valid-key"
  case certificateWrongName = "certificate-wrong-name"
  case certificateExpired = "certificate-expired"
  case certificateNotYetValid = "certificate-not-yet-valid"
  case certificateSelfSigned = "certificate-self-signed"
  case certificateUntrusted = "certificate-untrusted"
  case certificateMalformed = "certificate-malformed"
  case hostKeyDiffers = "host-key-differs"
  case connectionRefused = "connection-refused"
  case connectionUnreachable = "connection-unreachable"
  case handshakeTimeout = "handshake-timeout"
  case closedEarly = "closed-early"
  case protocolError = "protocol-error"

  // The agency's prefixes and the interface identifier.
  case inAgencyPrefix = "in-agency-prefix"
  case outsideAgencyPrefix = "outside-agency-prefix"
  case noAgencyPrefix = "no-agency-prefix"
  case iidManual = "iid-manual"
  case iidRandom = "iid-random"
  case iidEUI64 = "iid-eui64"

  // History and operation.
  case stable
  case unstable
  case historyTooShort = "history-too-short"
  case notSlower = "not-slower"
  case slowerThanIPv4 = "slower-than-ipv4"
  case tooFewHandshakes = "too-few-handshakes"
  case nothingToCompare = "nothing-to-compare"
  case vantageHasIPv4 = "vantage-has-ipv4"
  case vantageWithoutIPv4 = "vantage-without-ipv4"
  case noIPv4Traffic = "no-ipv4-traffic"
  case ipv4Traffic = "ipv4-traffic"
  case watchedTooBriefly = "watched-too-briefly"
  case noPassiveCapture = "no-passive-capture"
  // Routers on the vantage's own link.
  case offLink = "off-link"
  case raRegistered = "ra-registered"
  case raPrefixUnregistered = "ra-prefix-unregistered"
  case raRDNSSUnregistered = "ra-rdnss-unregistered"
  case raWithoutRDNSS = "ra-without-rdnss"
  case noAdvertisementSeen = "no-advertisement-seen"
  case noRouterAdvertises = "no-router-advertises"
  case routersRegistered = "routers-registered"
  case routerUnregistered = "router-unregistered"
  // Name servers, delegations, reverse zones and mail.
  case nameServersSilent = "name-servers-silent"
  case rootSilent = "root-silent"
  case ptrNotAnswered = "ptr-not-answered"
  case mxNotAnswered = "mx-not-answered"
  case noMX = "no-mx"
  case nullMX = "null-mx"
  case dnsLame = "dns-lame"
  case dnsInconsistent = "dns-inconsistent"
  case dnsNoServer = "dns-no-server"
  case dnsEndless = "dns-endless"
  case nameServersOverIPv6 = "name-servers-over-ipv6"
  case tooFewNameServers = "too-few-name-servers"
  case resolvesOverIPv6 = "resolves-over-ipv6"
  case delegationWithoutIPv6 = "delegation-without-ipv6"
  case ptrMapsBack = "ptr-maps-back"
  case noPTR = "no-ptr"
  case ptrElsewhere = "ptr-elsewhere"
  case ptrWithoutAddress = "ptr-without-address"
  case mxWithoutAAAA = "mx-without-aaaa"
  // Packet sizes.
  case ptbHeeded = "ptb-heeded"
  case ptbFragmented = "ptb-fragmented"
  case alreadySmall = "already-small"
  case ptbIgnored = "ptb-ignored"
  case pmtuBlackHole = "pmtu-black-hole"
  case fragmentsLost = "fragments-lost"
  case noLargeResponse = "no-large-response"
  case pmtuInconclusive = "pmtu-inconclusive"
  case receiveOffload = "receive-offload"
  case ptbNotShown = "ptb-not-shown"
  case redirectNotSent = "redirect-not-sent"

  // Paths.
  case answeredAliased = "answered-aliased"
  case pathRegistered = "path-registered"
  case hopOutside = "hop-outside"
  case noHopAnswered = "no-hop-answered"
  case notBehindWAN = "not-behind-wan"
  case noPrefixRegistered = "no-prefix-registered"

  // Exposure.
  case nothingExposed = "nothing-exposed"
  case openOnIPv6Only = "open-on-ipv6-only"
  case managementReachable = "management-reachable"
  case tunnelAnswers = "tunnel-answers"
  case noTunnelAnswers = "no-tunnel-answers"
  // What services show beside a valid identity.
  case answeredUnverified = "answered-unverified"

  // Pages.
  case sameContent = "same-content"
  case redirectOutsideScope = "redirect-outside-scope"
  case statusDiffers = "status-differs"
  case finalURLDiffers = "final-url-differs"
  case contentDiffers = "content-differs"
  case contentEncoded = "content-encoded"
  case bodyIncomplete = "body-incomplete"
  case redirectWithoutIPv6 = "redirect-without-ipv6"
  case redirectLoop = "redirect-loop"
  case redirectMalformed = "redirect-malformed"
  case serverErrorOnBoth = "server-error-on-both"
  case noWebService = "no-web-service"
  case noPageOverIPv4 = "no-page-over-ipv4"
  case linksWork = "links-work"
  case linksBroken = "links-broken"
  case resourcesLoad = "resources-load"
  case resourcesBroken = "resources-broken"
  case noPage = "no-page"
  case noReferences = "no-references"
}
