import Observations
import Wire

/// Facts that between them hold every case of the vocabulary, with the values that storing could spoil.
package enum SampleFacts {
  /// One of each, and more where a case has an edge.
  package static let all: [Fact] =
    probes + lookups + handshakes + pages + lists + linkFacts + nameFacts + packets

  private static let probes: [Fact] =
    probeOutcomes.map { .echo(address: ipv6, outcome: $0) }
    + probeOutcomes.map { .port(endpoint: Endpoint(ipv4, 443), outcome: $0) }
    + ControlRole.allCases.flatMap { role in
      probeOutcomes.flatMap { outcome in
        [
          .control(role: role, target: ControlTarget(address: ipv6), outcome: outcome),
          .control(role: role, target: ControlTarget(address: ipv4, port: 65535), outcome: outcome),
        ]
      }
    }

  private static let lookups: [Fact] =
    RecordType.allCases.flatMap { type in
      lookupOutcomes.map { .lookup(name: "www.so-xay-dung.example", type: type, outcome: $0) }
    }

  private static let handshakes: [Fact] =
    Transport.allCases.flatMap { transport in
      handshakeOutcomes.flatMap { outcome in
        [
          .handshake(
            service: "https", endpoint: Endpoint(ipv6, 8443), transport: transport, name: "a.example",
            outcome: outcome),
          .handshake(
            service: "dns", endpoint: Endpoint(ipv4, 53), transport: transport, name: nil, outcome: outcome),
        ]
      }
    }

  /// Pages, how they differ and where they lead.
  private static let pages: [Fact] = {
    let (six, four) = (Endpoint(ipv6, 443), Endpoint(ipv4, 443))
    var facts: [Fact] = pageOutcomes.map {
      .page(name: "a.example", service: "https", endpoint: six, outcome: $0)
    }
    facts.append(.page(name: nil, service: "http", endpoint: four, outcome: pageOutcomes[0]))
    facts.append(.pageDifference(name: nil, service: "http", ipv6: six, ipv4: four, perThousand: 0))
    facts.append(
      .pageDifference(name: "a.example", service: "https", ipv6: six, ipv4: four, perThousand: 1000))
    let counts = Dictionary(uniqueKeysWithValues: ReferenceOutcome.allCases.map { ($0, 1) })
    let tally = ReferenceTally(found: 2000, counts: counts, examples: hostileTexts)
    for kind in ReferenceKind.allCases {
      facts.append(
        .references(name: nil, service: "https", endpoint: six, kind: kind, tally: ReferenceTally(found: 0)))
      facts.append(.references(name: "a.example", service: "https", endpoint: six, kind: kind, tally: tally))
    }
    return facts
  }()

  package static let pageOutcomes: [PageOutcome] =
    [
      .fetched(FetchedPage(status: 200, url: "https://a.example/", length: 0, contentSHA256: "")),
      .fetched(
        FetchedPage(
          status: 599, url: "https://a.example/x", redirects: 5, length: 500_000, isWhole: false,
          encoding: "gzip", contentSHA256: String(repeating: "ab", count: 32))),
      .redirectOutside(url: "https://b.example/", status: 301, addresses: [ipv4, ipv6]),
      .redirectLoop(url: "https://a.example/"),
      .bodyFailed(url: "https://a.example/", status: 200, outcome: .timeout(.exchange)),
      .failed(url: "https://a.example/", outcome: .refused),
    ] + lookupOutcomes.map { .redirectLost(url: "https://b.example/", lookup: $0) }
    + hostileTexts.map { .redirectMalformed(url: "https://a.example/", location: $0) }

  /// Round trips and addresses by the list.
  package static let lists: [Fact] = [
    .handshakeTimes(endpoint: Endpoint(ipv6, 443), roundTrips: [], lost: 3),
    .handshakeTimes(
      endpoint: Endpoint(ipv4, 1),
      roundTrips: [Duration64(microseconds: 412), Duration64(microseconds: .max)],
      lost: 0),
    .vantage(addresses: []), .vantage(addresses: [ipv4, ipv6]),
  ]

  /// Text as it comes from the network: what a quoting mistake would break.
  package static let hostileTexts = [
    "", " ", "Sở Xây dựng Hà Nội", "'; DROP TABLE run; --", "\"quoted\"", "line\r\nbreak\ttab",
    "NUL\u{0}inside",
    "\u{0}", "=HYPERLINK(\"x\")", "\u{1B}[31mred\u{1B}[0m", "\u{FFFD}", "\u{FEFF}mark", "e\u{301} is not é",
    "\u{202E}backwards", "🇻🇳", "\\u0041 stays \\/ as it is", String(repeating: "x", count: 100_000),
  ]

  static let ipv6 = IPAddress(ipv6High: 0x2001_0db8_0001_0000, low: 1)
  static let ipv4 = IPAddress(ipv4: 0xC000_0201)

  package static let probeOutcomes: [ProbeOutcome] =
    [
      .answered(roundTrip: Duration64(microseconds: 0), tries: 1),
      .answered(roundTrip: Duration64(microseconds: .max), tries: .max),
      .closed(roundTrip: Duration64(microseconds: 12_345)),
      .rejected(Rejection(type: 1, code: 4, source: ipv6)),
      .rejected(Rejection(type: 255, code: 0, source: ipv4)),
      .silent(tries: 3),
      .unmeasured(dropped: 0),
      .unmeasured(dropped: .max),
    ] + NotSentReason.allCases.map { .notSent($0) }

  package static let lookupOutcomes: [LookupOutcome] =
    [
      .answer(addresses: [], aliases: []),
      .answer(addresses: [ipv4, ipv6], aliases: ["a.example", "b.example"]),
      .noData, .nxDomain, .servFail, .refused, .failed(rcode: 0), .failed(rcode: .max), .timeout(tries: 3),
    ] + hostileTexts.flatMap { [.malformed($0), .unreachable($0)] }

  package static let handshakeOutcomes: [HandshakeOutcome] =
    [.refused] + NotSentReason.allCases.map { .notSent($0) }
    + HandshakePhase.allCases.flatMap { [.timeout($0), .closedEarly($0), .protocolError($0, "bad length")] }
    + hostileTexts.flatMap { [.unreachable($0), .protocolError(.exchange, $0)] }
    + [.completed(ServiceIdentity(service: "ntp", greeting: ""))]
    + hostileTexts.map { .completed(ServiceIdentity(service: "smtp", greeting: $0)) }
    + CertificateValidity.allCases.map { validity in
      .completed(
        ServiceIdentity(
          service: "https", greeting: "HTTP/1.1 200", certificate: certificate(validity),
          hostKeys: [HostKeyFact(algorithm: "ssh-ed25519", keySHA256: String(repeating: "ab", count: 32))],
          phases: [
            .connect: Duration64(microseconds: 1), .tls: Duration64(microseconds: 2),
            .exchange: Duration64(microseconds: 3),
          ]))
    }

  private static func certificate(_ validity: CertificateValidity) -> CertificateFact {
    CertificateFact(
      certificateSHA256: String(repeating: "01", count: 32), keySHA256: String(repeating: "ef", count: 32),
      names: ["*.example", "xn--h-ni-0qa1b.example", ""], notBefore: Timestamp(microseconds: .min),
      notAfter: Timestamp(microseconds: .max), validity: validity)
  }
}

extension SampleFacts {
  /// What an ordinary host gives: an echo, two ports, two lookups, an HTTPS handshake in each family.
  package static let ordinary: [Fact] = [
    .echo(address: ipv6, outcome: .answered(roundTrip: Duration64(microseconds: 412), tries: 1)),
    .port(
      endpoint: Endpoint(ipv6, 443), outcome: .answered(roundTrip: Duration64(microseconds: 508), tries: 1)),
    .port(endpoint: Endpoint(ipv4, 443), outcome: .silent(tries: 3)),
    .lookup(name: "www.so-y-te.example", type: .a, outcome: .answer(addresses: [ipv4], aliases: [])),
    .lookup(name: "www.so-y-te.example", type: .aaaa, outcome: .answer(addresses: [ipv6], aliases: [])),
    .handshake(
      service: "https", endpoint: Endpoint(ipv6, 443), transport: .tcp, name: "www.so-y-te.example",
      outcome: .completed(
        ServiceIdentity(
          service: "https", greeting: "HTTP/1.1 200", certificate: certificate(.valid),
          phases: [.connect: Duration64(microseconds: 512)]))),
  ]
}
