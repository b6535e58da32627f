import Observations
import Wire

/// What a run knows of zones and their name servers.
struct NameServerBook: Sendable {
  /// One zone: its delegation, and what was seen of each server address.
  struct Zone: Sendable {
    var delegation: Observation?
    var servers: [NameServer] = []
    var seen: [IPAddress: Observation] = [:]
  }

  private var zones: [String: Zone] = [:]
  private var answeringFamilies: Set<AddressFamily> = []

  /// Of several observations of one thing the latest counts.
  init(_ observations: some Sequence<Observation>) {
    let relevant = observations.filter { observation in
      switch observation.fact {
      case .delegation, .nameServer, .authority: true
      default: false
      }
    }
    for observation in relevant.inOrder {
      switch observation.fact {
      case .delegation(let zone, let servers, _):
        zones[zone, default: Zone()].delegation = observation
        zones[zone, default: Zone()].servers = servers
      case .nameServer(let zone, let server, let udp, let tcp, _):
        zones[zone, default: Zone()].seen[server] = observation
        if udp.hasAnswered || tcp.hasAnswered { answeringFamilies.insert(server.family) }
      case .authority(_, _, .asked(let replies)):
        for group in replies where group.reply.hasAnswered {
          answeringFamilies.formUnion(group.servers.map(\.family))
        }
      default: break
      }
    }
  }

  /// What is known of a zone.
  func zone(_ name: String) -> Zone? { zones[name] }

  /// Whether any server of any zone answered this vantage in the run.
  var hasAnswer: Bool { !answeringFamilies.isEmpty }

  /// Whether any server answered over the family: if none did, silence over it says nothing of a single one.
  func answers(over family: AddressFamily) -> Bool { answeringFamilies.contains(family) }

  /// `ns1.city.example 2001:db8::53`, or the address alone.
  func label(_ address: IPAddress, in zone: String) -> String {
    let name = zones[zone]?.servers.first { $0.addresses.contains(address) }?.name
    return [name, address.description].compactMap { $0 }.joined(separator: " ")
  }
}

extension ServerReply {
  /// The reply in a few words. May hold text from the network.
  var text: String {
    switch self {
    case .answer(let addresses): addresses.map(\.description).joined(separator: " ")
    case .alias(let target): "alias of \(target)"
    case .noData: "NODATA"
    case .nxDomain: "NXDOMAIN"
    case .servFail: "SERVFAIL"
    case .refused: "REFUSED"
    case .failed(let rcode): "RCODE \(rcode)"
    case .lame: "no authority"
    case .malformed(let what): "malformed: \(what)"
    case .timeout(let tries): "silent after \(tries) tries"
    case .unreachable(let why): why
    case .notAsked(let reason): "not asked: \(reason.rawValue)"
    }
  }

  /// What a reply that does not help says of the name it was asked for, or of the zone.
  var failure: (verdict: Verdict, reason: Reason) {
    switch self {
    // An answer without an address is what NODATA means.
    case .answer, .noData: (.fail, .dnsNoData)
    case .alias: (.fail, .dnsEndless)
    case .nxDomain: (.fail, .dnsNXDomain)
    case .servFail: (.fail, .dnsServFail)
    case .refused: (.fail, .dnsRefused)
    case .failed: (.fail, .dnsError)
    case .lame: (.fail, .dnsLame)
    case .malformed: (.fail, .dnsMalformed)
    case .timeout, .unreachable: (.fail, .dnsTimeout)
    case .notAsked(let why): (.unknown, why.reason)
    }
  }

  /// Every failure there is, by verdict.
  static let failures: [Verdict: Set<Reason>] = [
    .fail: [
      .dnsNoData, .dnsEndless, .dnsNXDomain, .dnsServFail, .dnsRefused, .dnsError, .dnsLame, .dnsMalformed,
      .dnsTimeout,
    ],
    .unknown: Set(NotSentReason.allCases.map(\.reason)),
  ]
}

extension NotSentReason {
  /// The code of why nothing was asked.
  var reason: Reason {
    switch self {
    case .outOfScope: .outOfScope
    case .noRoute: .noRoute
    case .noSource: .noSource
    case .neighbourSilent: .neighbourSilent
    case .gatewaySilent: .gatewaySilent
    case .unsupportedLink: .unsupportedLink
    case .sendFailed: .sendFailed
    }
  }
}
