import Observations
import Wire

extension Fact {
  /// The text of what was seen of name servers and through them; empty for other facts.
  var nameText: String {
    switch self {
    case .delegation(let zone, let servers, let source):
      "zone \(zone), found by \(source.rawValue): "
        + servers.map { ([$0.name] + $0.addresses.map(\.description)).joined(separator: " ") }.joined(
          separator: ", ")
    case .nameServer(let zone, let server, let udp, let tcp, let serial):
      "\(server) for \(zone): SOA over UDP \(udp.zoneText), NS over TCP \(tcp.zoneText)"
        + (serial.map { ", serial \($0)" } ?? "")
    case .authority(let name, let type, let outcome):
      "\(type.rawValue) of \(name) at the authoritative servers: \(outcome.text)"
    case .iteration(let name, let outcome): "AAAA of \(name) from the root over IPv6: \(outcome.text)"
    case .reverse(let address, let outcome): "PTR of \(address): \(outcome.text)"
    case .exchangers(let name, let outcome): "MX of \(name): \(outcome.text)"
    case .synthesis(let prefixes):
      prefixes.isEmpty
        ? "the resolver makes no AAAA up"
        : "the resolver makes AAAA up in " + prefixes.map(\.description).joined(separator: " ")
    default: ""
    }
  }
}

extension ServerReply {
  fileprivate var text: String {
    switch self {
    case .answer(let addresses): addresses.map(\.description).joined(separator: " ")
    case .alias(let target): "alias of \(target)"
    case .noData: "NODATA"
    case .nxDomain: "NXDOMAIN"
    case .servFail: "SERVFAIL"
    case .refused: "REFUSED"
    case .failed(let rcode): "RCODE \(rcode)"
    case .lame: "an answer without authority"
    case .malformed(let what): "malformed answer: \(what)"
    case .timeout(let tries): "no answer after \(tries == 1 ? "1 try" : "\(tries) tries")"
    case .unreachable(let why): "not reachable: \(why)"
    case .notAsked(let why): "not asked: \(why.rawValue)"
    }
  }

  /// The reply to a question about the zone itself, where an answer holds no addresses.
  fileprivate var zoneText: String {
    if case .answer = self { "answered with authority" } else { text }
  }
}

extension AuthorityOutcome {
  fileprivate var text: String {
    switch self {
    case .noDelegation(let reply): "no zone found: \(reply.text)"
    case .asked(let replies):
      replies.map { group in
        group.servers.map(\.description).joined(separator: " ") + " (\(group.zone)): \(group.reply.text)"
      }.joined(separator: "; ")
    }
  }
}

extension IterationOutcome {
  fileprivate var text: String {
    switch self {
    case .resolved(let addresses): addresses.map(\.description).joined(separator: " ")
    case .noData: "NODATA"
    case .nxDomain: "NXDOMAIN"
    case .noIPv6Server(let zone): "no server of \(zone) has an IPv6 address"
    case .failed(let zone, let reply): "stopped at \(zone): \(reply.text)"
    case .noRoot(let reply): "the start cannot be asked: \(reply.text)"
    case .abandoned(let why): "given up: \(why)"
    }
  }
}

extension ReverseOutcome {
  fileprivate var text: String {
    switch self {
    case .pointers(let pointers):
      pointers.map { "\($0.name), which has \($0.forward.text)" }.joined(separator: "; ")
    case .none: "none"
    case .failed(let reply): reply.text
    }
  }
}

extension ExchangersOutcome {
  fileprivate var text: String {
    switch self {
    case .exchangers(let exchangers):
      exchangers.map { "\($0.preference) \($0.name), AAAA \($0.forward.text)" }.joined(separator: "; ")
    case .none: "none"
    case .null: "none, and no mail is wanted (RFC 7505)"
    case .failed(let reply): reply.text
    }
  }
}
