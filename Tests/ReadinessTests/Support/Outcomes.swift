import Observations
import Wire

// Every outcome there is, as samples. The switches have no default: a new case does not compile until it is
// given a sample, and the truth tables then ask for its line.

/// An enum whose cases carry values, with a list of its cases and samples of each.
protocol Sampled: Hashable {
  associatedtype Kind: CaseIterable, Hashable
  var kind: Kind { get }
  static func samples(of kind: Kind) -> [Self]
}

extension Sampled {
  static var samples: [Self] { Kind.allCases.flatMap { samples(of: $0) } }
}

extension ProbeOutcome: Sampled {
  enum Kind: CaseIterable { case answered, closed, rejected, silent, notSent, unmeasured }

  var kind: Kind {
    switch self {
    case .answered: .answered
    case .closed: .closed
    case .rejected: .rejected
    case .silent: .silent
    case .notSent: .notSent
    case .unmeasured: .unmeasured
    }
  }

  static func samples(of kind: Kind) -> [ProbeOutcome] {
    switch kind {
    case .answered: [.reply, .lateReply]
    case .closed: [.reset]
    case .rejected: Rejection.samples.map { .rejected($0) }
    case .silent: [.nothing]
    case .notSent: NotSentReason.allCases.map { .notSent($0) }
    case .unmeasured: [.lost]
    }
  }

  static let reply = ProbeOutcome.answered(roundTrip: Duration64(microseconds: 1_234), tries: 1)
  static let lateReply = ProbeOutcome.answered(roundTrip: Duration64(microseconds: 9_000), tries: 3)
  static let reset = ProbeOutcome.closed(roundTrip: Duration64(microseconds: 1_000))
  static let nothing = ProbeOutcome.silent(tries: 3)
  static let lost = ProbeOutcome.unmeasured(dropped: 7)
  static func icmp(_ type: UInt8, _ code: UInt8, from source: IPAddress = .router6) -> ProbeOutcome {
    .rejected(Rejection(type: type, code: code, source: source))
  }
}

extension Rejection {
  /// Every ICMPv6 error of RFC 4443 §3 from a router, and those that the target itself or IPv4 sends.
  static let samples: [Rejection] =
    (0...6).map { Rejection(type: 1, code: $0, source: .router6) } + [
      Rejection(type: 2, code: 0, source: .router6), Rejection(type: 3, code: 0, source: .router6),
      Rejection(type: 3, code: 1, source: .router6), Rejection(type: 4, code: 0, source: .router6),
      Rejection(type: 1, code: 1, source: .host6), Rejection(type: 1, code: 4, source: .host6),
      Rejection(type: 3, code: 13, source: .router4), Rejection(type: 3, code: 3, source: .host4),
      Rejection(type: 11, code: 0, source: .router4),
    ]
}

extension LookupOutcome: Sampled {
  enum Kind: CaseIterable {
    case answer, noData, nxDomain, servFail, refused, failed, malformed, timeout, unreachable
  }

  var kind: Kind {
    switch self {
    case .answer: .answer
    case .noData: .noData
    case .nxDomain: .nxDomain
    case .servFail: .servFail
    case .refused: .refused
    case .failed: .failed
    case .malformed: .malformed
    case .timeout: .timeout
    case .unreachable: .unreachable
    }
  }

  static func samples(of kind: Kind) -> [LookupOutcome] {
    switch kind {
    case .answer: [.aaaa(.host6), .answer(addresses: [.host6], aliases: ["cdn.example"]), .aaaa()]
    case .noData: [.noData]
    case .nxDomain: [.nxDomain]
    case .servFail: [.servFail]
    case .refused: [.refused]
    case .failed: [.failed(rcode: 1), .failed(rcode: 4)]
    case .malformed: [.malformed("the question is another")]
    case .timeout: [.timeout(tries: 3)]
    case .unreachable: [.unreachable("connection refused")]
    }
  }

  static func aaaa(_ addresses: IPAddress...) -> LookupOutcome { .answer(addresses: addresses, aliases: []) }
}

extension HandshakeOutcome: Sampled {
  enum Kind: CaseIterable {
    case completed, refused, unreachable, timeout, closedEarly, protocolError, notSent
  }

  var kind: Kind {
    switch self {
    case .completed: .completed
    case .refused: .refused
    case .unreachable: .unreachable
    case .timeout: .timeout
    case .closedEarly: .closedEarly
    case .protocolError: .protocolError
    case .notSent: .notSent
    }
  }

  /// One completed sample for each certificate there can be, one with a host key, one with neither.
  static func samples(of kind: Kind) -> [HandshakeOutcome] {
    switch kind {
    case .completed:
      CertificateValidity.allCases.map { .tls($0) } + [.ssh(key: "aa"), .plain("HTTP/1.1 200")]
    case .refused: [.refused]
    case .unreachable: [.unreachable("no route to host")]
    case .timeout: HandshakePhase.allCases.map { .timeout($0) }
    case .closedEarly: HandshakePhase.allCases.map { .closedEarly($0) }
    case .protocolError: HandshakePhase.allCases.map { .protocolError($0, "not TLS") }
    case .notSent: NotSentReason.allCases.map { .notSent($0) }
    }
  }

  static func plain(_ greeting: String) -> HandshakeOutcome {
    .completed(ServiceIdentity(service: "", greeting: greeting))
  }

  static func tls(_ validity: CertificateValidity, key: String = "11", certificate: String = "cc")
    -> HandshakeOutcome
  {
    let fact = CertificateFact(
      certificateSHA256: certificate, keySHA256: key, names: ["portal.example"],
      notBefore: Timestamp(seconds: 1_700_000_000), notAfter: Timestamp(seconds: 1_900_000_000),
      validity: validity)
    return .completed(ServiceIdentity(service: "https", greeting: "HTTP/1.1 200", certificate: fact))
  }

  static func ssh(key: String?, algorithm: String = "ssh-ed25519") -> HandshakeOutcome {
    let keys = key.map { [HostKeyFact(algorithm: algorithm, keySHA256: $0)] } ?? []
    return .ssh(keys: keys)
  }

  static func ssh(keys: [HostKeyFact]) -> HandshakeOutcome {
    .completed(ServiceIdentity(service: "ssh", greeting: "SSH-2.0-OpenSSH_9.2", hostKeys: keys))
  }
}

extension PageOutcome: Sampled {
  enum Kind: CaseIterable {
    case fetched, failed, bodyFailed, redirectLost, redirectOutside, redirectLoop, redirectMalformed
  }

  var kind: Kind {
    switch self {
    case .fetched: .fetched
    case .failed: .failed
    case .bodyFailed: .bodyFailed
    case .redirectLost: .redirectLost
    case .redirectOutside: .redirectOutside
    case .redirectLoop: .redirectLoop
    case .redirectMalformed: .redirectMalformed
    }
  }

  static func samples(of kind: Kind) -> [PageOutcome] {
    switch kind {
    case .fetched:
      [
        .page(), .page("bb"), .page(status: 404), .page(status: 503), .page(url: "https://other.example/"),
        .page("bb", encoding: "gzip"),
      ]
    case .failed:
      HandshakeOutcome.Kind.allCases.filter { $0 != .completed }.flatMap { HandshakeOutcome.samples(of: $0) }
        .map { .failed(url: home, outcome: $0) }
    case .bodyFailed: [.bodyFailed(url: home, status: 200, outcome: .timeout(.exchange))]
    case .redirectLost: LookupOutcome.samples.map { .redirectLost(url: "https://old.example/", lookup: $0) }
    case .redirectOutside:
      [
        .redirectOutside(url: "https://far.example/", status: 302, addresses: [.secondHost6]),
        .redirectOutside(url: "https://far.example/", status: 302, addresses: [.address("fd00::1")]),
      ]
    case .redirectLoop: [.redirectLoop(url: home)]
    case .redirectMalformed: [.redirectMalformed(url: home, location: "gopher://x")]
    }
  }

  static let home = "https://portal.example/"

  static func page(
    _ hash: String = "aa", status: Int = 200, url: String = home, encoding: String? = nil
  ) -> PageOutcome {
    .fetched(FetchedPage(status: status, url: url, length: 5000, encoding: encoding, contentSHA256: hash))
  }
}
