import Inventory
import Observations
import Wire

/// Whether the host can be compared over IPv4.
enum IPv4Presence {
  /// It has no IPv4 address, and DNS says so.
  case absent
  /// It has, and nothing there answered anything, though all of it was asked.
  case dead(basis: [Observation])
  /// Something answered, or there may be more than is known.
  case alive
}

extension HostContext {
  /// IPv4 is dead only when every probe of it was sent and the host answered none, not even with a RST.
  var ipv4Presence: IPv4Presence {
    guard knowsAddresses(.ipv4) else { return .alive }
    let addresses = addresses(.ipv4)
    if addresses.isEmpty { return .absent }
    var basis: [Observation] = []
    for address in addresses {
      guard let echo = echo(address) else { return .alive }
      basis.append(echo)
      for service in host.services {
        let answer = answer(of: service, at: address)
        if answer.basis.isEmpty { return .alive }
        basis += answer.basis
      }
    }
    return basis.allSatisfy(\.showsNobody) ? .dead(basis: basis) : .alive
  }
}

extension Observation {
  /// Whether the target was asked and nothing of it came back: silence, or an error from somebody else.
  fileprivate var showsNobody: Bool {
    switch fact {
    case .echo(let address, let outcome): outcome.showsNobody(at: address)
    case .port(let endpoint, let outcome): outcome.showsNobody(at: endpoint.address)
    case .handshake(_, _, _, _, let outcome): outcome.showsNobody
    case .lookup, .control, .handshakeTimes, .vantage, .link, .advertisement, .traffic, .delegation,
      .nameServer, .authority, .iteration, .reverse, .exchangers, .synthesis, .pathMTU, .path, .portSurvey,
      .datagram, .tunnel, .alias, .page, .pageDifference, .references:
      false
    }
  }
}

extension ProbeOutcome {
  fileprivate func showsNobody(at address: IPAddress) -> Bool {
    switch self {
    case .silent, .notSent(.neighbourSilent): true
    case .rejected(let rejection): rejection.source != address
    case .answered, .closed, .notSent, .unmeasured: false
    }
  }
}

extension HandshakeOutcome {
  /// Asked of handshakes over UDP, where waiting for the answer is the first phase there is.
  fileprivate var showsNobody: Bool {
    switch self {
    case .timeout, .unreachable, .notSent(.neighbourSilent): true
    case .completed, .refused, .closedEarly, .protocolError, .notSent: false
    }
  }
}
