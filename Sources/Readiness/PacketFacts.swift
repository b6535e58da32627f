import Observations
import Wire

/// What one host's packets showed beside echo and declared ports. Of several facts about one thing the one added last
/// counts.
struct PacketFacts {
  private(set) var pathMTUs: [IPAddress: Observation] = [:]
  private(set) var pathMTUsByEcho: [IPAddress: Observation] = [:]
  private(set) var paths: [AddressFamily: Observation] = [:]
  private(set) var surveys: [IPAddress: Observation] = [:]
  private(set) var datagrams: [Endpoint: Observation] = [:]
  private(set) var aliases: [IPAddress: Observation] = [:]
  private var tunnels: [TunnelKey: Observation] = [:]

  private struct TunnelKey: Hashable {
    var kind: TunnelKind
    var address: IPAddress
  }

  mutating func add(_ observation: Observation) {
    switch observation.fact {
    case .pathMTU(let address, nil, _, _): pathMTUsByEcho[address] = observation
    case .pathMTU(let address, _?, _, _): pathMTUs[address] = observation
    case .path(let path): paths[path.target.family] = observation
    case .portSurvey(let address, _): surveys[address] = observation
    case .datagram(let endpoint, _): datagrams[endpoint] = observation
    case .tunnel(let kind, let address, _): tunnels[TunnelKey(kind: kind, address: address)] = observation
    case .alias(let address, _): aliases[address] = observation
    // What its caller keeps.
    default: break
    }
  }

  func tunnel(_ kind: TunnelKind, _ address: IPAddress) -> Observation? {
    tunnels[TunnelKey(kind: kind, address: address)]
  }

  /// The survey of an address.
  func survey(_ address: IPAddress) -> PortSurvey? {
    if case .portSurvey(_, let survey) = surveys[address]?.fact { survey } else { nil }
  }

  /// Whether an address nobody uses answers beside this one, so that an answer shows no host.
  func isAliased(_ address: IPAddress) -> Bool {
    if case .alias(_, .answered) = aliases[address]?.fact { true } else { false }
  }
}
