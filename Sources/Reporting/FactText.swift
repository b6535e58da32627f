import Observations
import Wire

extension Observation {
  /// The fact in one line for a person, made safe for a terminal: `SYN to [2001:db8::1]:443: open, 0.4 ms`.
  public var text: String { SafeText.printable(fact.text) }
}

extension Fact {
  fileprivate var text: String {
    switch self {
    case .echo(let address, let outcome): "echo to \(address): \(outcome.text(answered: "answered"))"
    case .port(let endpoint, let outcome): "SYN to \(endpoint): \(outcome.text(answered: "open"))"
    case .lookup(let name, let type, let outcome): "\(type.rawValue) of \(name): \(outcome.text)"
    case .handshake(let service, let endpoint, let transport, let name, let outcome):
      "\(service) over \(transport.rawValue.uppercased()) with \(endpoint)"
        + (name.map { " as \($0)" } ?? "") + ": \(outcome.text)"
    case .control(let role, let target, let outcome):
      "\(role.rawValue) control \(target): \(outcome.text(answered: "answered"))"
    case .handshakeTimes(let endpoint, let roundTrips, let lost):
      "handshakes with \(endpoint): "
        + (roundTrips.map(\.text) + ["\(lost) without an answer"]).joined(separator: ", ")
    case .vantage(let addresses):
      "addresses of the vantage: "
        + (addresses.isEmpty ? "none" : addresses.map(\.description).joined(separator: " "))
    case .link(let link): link.text
    case .advertisement(let seen): seen.text
    case .traffic(let seen): seen.text
    case .delegation, .nameServer, .authority, .iteration, .reverse, .exchangers, .synthesis: nameText
    case .pathMTU(let address, let port, let mtu, let outcome):
      "Packet Too Big of \(mtu) bytes to "
        + (port.map { "\(Endpoint(address, $0))" } ?? "\(address) about an echo") + ": \(outcome.text)"
    case .path(let path): "way to \(path.target): \(path.text)"
    case .portSurvey(let address, let survey):
      "SYN to \(survey.count == 1 ? "1 port" : "\(survey.count) ports") of \(address): \(survey.text)"
    case .datagram(let endpoint, let outcome):
      "datagram to \(endpoint): \(outcome.text(answered: "answered"))"
    case .tunnel(let kind, let address, let outcome):
      "\(kind.rawValue) packet to \(address): \(outcome.text(answered: "answered"))"
    case .alias(let address, let outcome):
      "echo to an unused address beside \(address): \(outcome.text(answered: "answered"))"
    case .page(let name, let service, let endpoint, let outcome):
      "page of \(service) at \(endpoint)" + (name.map { " as \($0)" } ?? "") + ": \(outcome.text)"
    case .pageDifference(let name, let service, let ipv6, let ipv4, let perThousand):
      "pages of \(service) at \(ipv6) and \(ipv4)" + (name.map { " as \($0)" } ?? "")
        + ": \(perThousand / 10).\(perThousand % 10) % differs"
    case .references(let name, let service, let endpoint, let kind, let tally):
      "\(kind.rawValue) of the page of \(service) at \(endpoint)" + (name.map { " as \($0)" } ?? "")
        + ": \(tally.text)"
    }
  }
}

extension ProbeOutcome {
  func text(answered: String) -> String {
    switch self {
    case .answered(let roundTrip, tries: 1): "\(answered), \(roundTrip.text)"
    case .answered(_, let tries): "\(answered) on try \(tries)"
    case .closed(let roundTrip): "closed (RST), \(roundTrip.text)"
    case .rejected(let rejection):
      "rejected by \(rejection.source): type \(rejection.type) code \(rejection.code), \(rejection.meaning)"
    case .silent(let tries): "silent after \(tries == 1 ? "1 try" : "\(tries) tries")"
    case .notSent(let why): "not sent: \(why.rawValue)"
    case .unmeasured(let dropped): "not measured: the capture dropped \(dropped) packets"
    }
  }
}

extension LookupOutcome {
  var text: String {
    switch self {
    case .answer(let addresses, let aliases):
      addresses.map(\.description).joined(separator: " ")
        + (aliases.isEmpty ? "" : " via " + aliases.joined(separator: " "))
    case .noData: "NODATA"
    case .nxDomain: "NXDOMAIN"
    case .servFail: "SERVFAIL"
    case .refused: "REFUSED"
    case .failed(let rcode): "RCODE \(rcode)"
    case .malformed(let what): "malformed answer: \(what)"
    case .timeout(let tries): "no answer after \(tries == 1 ? "1 try" : "\(tries) tries")"
    case .unreachable(let why): "resolver not reachable: \(why)"
    }
  }
}

extension HandshakeOutcome {
  package var text: String {
    switch self {
    case .completed(let identity): identity.text
    case .refused: "connection refused"
    case .unreachable(let why): "unreachable: \(why)"
    case .timeout(let phase): "timeout in phase \(phase.rawValue)"
    case .closedEarly(let phase): "closed by the peer in phase \(phase.rawValue)"
    case .protocolError(let phase, let what): "protocol error in phase \(phase.rawValue): \(what)"
    case .notSent(let why): "not sent: \(why.rawValue)"
    }
  }
}

extension PageOutcome {
  fileprivate var text: String {
    switch self {
    case .fetched(let page): page.text
    case .failed(let url, let outcome): "\(url) \(outcome.text)"
    case .bodyFailed(let url, let status, let outcome): "\(url) status \(status), then \(outcome.text)"
    case .redirectLost(let url, let lookup): "leads to \(url): \(lookup.text)"
    case .redirectOutside(let url, let status, let addresses):
      "status \(status) leads out of the scope to \(url): "
        + addresses.map(\.description).joined(separator: " ")
    case .redirectLoop(let url): "leads in a circle at \(url)"
    case .redirectMalformed(let url, let location): "\(url) leads to \(location), which is no web address"
    }
  }
}

extension FetchedPage {
  fileprivate var text: String {
    var parts = ["status \(status) from \(url)"]
    if redirects > 0 { parts.append("\(redirects) redirects") }
    parts.append("\(length) bytes" + (isWhole ? "" : " and more"))
    if let encoding { parts.append("encoded as \(encoding)") }
    parts.append("content \(contentSHA256.prefix(16))…")
    return parts.joined(separator: ", ")
  }
}

extension ReferenceTally {
  fileprivate var text: String {
    let counts = ReferenceOutcome.allCases.compactMap { outcome in
      self.counts[outcome].map { "\($0) \(outcome.rawValue)" }
    }
    return ["\(found) found", counts.joined(separator: ", "), examples.joined(separator: " ")]
      .filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

extension ServiceIdentity {
  fileprivate var text: String {
    var parts = [greeting]
    if let certificate {
      parts.append("certificate \(certificate.validity.rawValue), key \(certificate.keySHA256.prefix(16))…")
    }
    parts += hostKeys.map { "host key \($0.algorithm) \($0.keySHA256.prefix(16))…" }
    parts += HandshakePhase.allCases.compactMap { phase in
      phases[phase].map { "\(phase.rawValue) \($0.text)" }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
