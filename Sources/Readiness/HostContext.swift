import Inventory
import Observations
import Wire

/// What is known of one host when it is judged: what the inventory declares and what was observed.
struct HostContext {
  let host: Host
  let policy: Policy
  let run: RunContext
  let addressing: HostAddressing
  private let echoes: [IPAddress: Observation]
  private let ports: [Endpoint: Observation]
  private let lookups: [LookupKey: Observation]
  private let handshakes: [HandshakeKey: Observation]
  private let handshakeTimes: [Endpoint: Observation]
  private let authorities: [LookupKey: Observation]
  private let iterations: [String: Observation]
  private let reverses: [IPAddress: Observation]
  private let exchangers: [String: Observation]
  /// What was seen of paths, packet sizes and exposure.
  let packets: PacketFacts

  private struct LookupKey: Hashable {
    var name: String
    var type: RecordType
  }

  private let pages: [PageKey: Observation]
  private let differences: [DifferenceKey: Observation]
  private let references: [ReferenceKind: [Observation]]

  private struct PageKey: Hashable {
    var service: String
    var endpoint: Endpoint
    var name: String?
  }

  private struct DifferenceKey: Hashable {
    var service: String
    var name: String?
    var ipv6: Endpoint
    var ipv4: Endpoint
  }

  private struct HandshakeKey: Hashable {
    var service: String
    var endpoint: Endpoint
    var transport: Transport
    var name: String?
  }

  /// Of several observations of one thing the latest counts; of two at the same moment, the later in sequence.
  init(host: Host, observations: [Observation], policy: Policy, run: RunContext) {
    self.host = host
    self.policy = policy
    self.run = run
    var echoes: [IPAddress: Observation] = [:]
    var ports: [Endpoint: Observation] = [:]
    var lookups: [LookupKey: Observation] = [:]
    var handshakes: [HandshakeKey: Observation] = [:]
    var handshakeTimes: [Endpoint: Observation] = [:]
    var authorities: [LookupKey: Observation] = [:]
    var iterations: [String: Observation] = [:]
    var reverses: [IPAddress: Observation] = [:]
    var exchangers: [String: Observation] = [:]
    var packets = PacketFacts()
    var pages: [PageKey: Observation] = [:]
    var differences: [DifferenceKey: Observation] = [:]
    var references: [ReferenceKind: [PageKey: Observation]] = [:]
    for observation in observations.inOrder {
      switch observation.fact {
      case .echo(let address, _): echoes[address] = observation
      case .port(let endpoint, _): ports[endpoint] = observation
      case .lookup(let name, let type, _): lookups[LookupKey(name: name, type: type)] = observation
      case .handshake(let service, let endpoint, let transport, let name, _):
        handshakes[HandshakeKey(service: service, endpoint: endpoint, transport: transport, name: name)] =
          observation
      case .handshakeTimes(let endpoint, _, _): handshakeTimes[endpoint] = observation
      case .authority(let name, let type, _):
        authorities[LookupKey(name: name, type: type)] = observation
      case .iteration(let name, _): iterations[name] = observation
      case .reverse(let address, _): reverses[address] = observation
      case .exchangers(let name, _): exchangers[name] = observation
      case .pathMTU, .path, .portSurvey, .datagram, .tunnel, .alias: packets.add(observation)
      case .page(let name, let service, let endpoint, _):
        pages[PageKey(service: service, endpoint: endpoint, name: name)] = observation
      case .pageDifference(let name, let service, let ipv6, let ipv4, _):
        differences[DifferenceKey(service: service, name: name, ipv6: ipv6, ipv4: ipv4)] = observation
      case .references(let name, let service, let endpoint, let kind, _):
        references[kind, default: [:]][PageKey(service: service, endpoint: endpoint, name: name)] =
          observation
      // Facts of the run, which stand in its own context.
      case .control, .vantage, .link, .advertisement, .traffic, .delegation, .nameServer, .synthesis: break
      }
    }
    self.packets = packets
    self.addressing = HostAddressing(
      host, lookups: Array(lookups.values) + authorities.values, synthesis: run.synthesis)
    self.authorities = authorities
    self.iterations = iterations
    self.reverses = reverses
    self.exchangers = exchangers
    self.echoes = echoes
    self.ports = ports
    self.lookups = lookups
    self.handshakes = handshakes
    self.handshakeTimes = handshakeTimes
    self.pages = pages
    self.differences = differences
    self.references = references.mapValues(\.values.inOrder)
  }

  func echo(_ address: IPAddress) -> Observation? { echoes[address] }

  func port(_ port: UInt16, at address: IPAddress) -> Observation? { ports[Endpoint(address, port)] }

  func lookup(_ name: String, _ type: RecordType) -> Observation? {
    lookups[LookupKey(name: name, type: type)]
  }

  func handshake(_ service: Service, at address: IPAddress, name: String?) -> Observation? {
    let endpoint = Endpoint(address, service.port)
    return handshakes[
      HandshakeKey(
        service: service.name.rawValue, endpoint: endpoint, transport: service.transport, name: name)]
  }

  func handshakeTimes(_ endpoint: Endpoint) -> Observation? { handshakeTimes[endpoint] }
  /// What every authoritative server said of a name.
  func authority(_ name: String, _ type: RecordType) -> Observation? {
    authorities[LookupKey(name: name, type: type)]
  }

  func iteration(_ name: String) -> Observation? { iterations[name] }

  func reverse(_ address: IPAddress) -> Observation? { reverses[address] }

  func exchangers(_ name: String) -> Observation? { exchangers[name] }
  /// The page of a web service at an address.
  func page(_ service: Service, at address: IPAddress, name: String?) -> Observation? {
    let endpoint = Endpoint(address, service.port)
    return pages[PageKey(service: service.name.rawValue, endpoint: endpoint, name: name)]
  }

  /// How the pages of a service at two addresses differ.
  func difference(_ service: Service, name: String?, _ ipv6: IPAddress, _ ipv4: IPAddress) -> Observation? {
    differences[
      DifferenceKey(
        service: service.name.rawValue, name: name, ipv6: Endpoint(ipv6, service.port),
        ipv4: Endpoint(ipv4, service.port))]
  }

  /// How the references of the pages of a name fared, the latest last.
  func references(_ kind: ReferenceKind, name: String?) -> [Observation] {
    (references[kind] ?? []).filter {
      if case .references(name, _, _, _, _) = $0.fact { true } else { false }
    }
  }

  /// The addresses a name publishes in one family.
  func published(_ name: String, _ family: AddressFamily) -> [IPAddress] {
    addressing.published(name, family)
  }

  /// The lookups that gave an IPv6 address.
  func publications(of address: IPAddress) -> [Observation] {
    host.names.filter { published($0, .ipv6).contains(address) }.compactMap { lookup($0, .aaaa) }
  }

  /// Every address of a family that is declared or published, ascending.
  func addresses(_ family: AddressFamily) -> [IPAddress] {
    isLeftOut(family) ? [] : addressing.addresses(family)
  }

  /// Whether it is known where the host has addresses of a family: every name gave a record or a denial.
  func knowsAddresses(_ family: AddressFamily) -> Bool {
    isLeftOut(family) || host.names.allSatisfy { lookup($0, RecordType(family))?.isZoneData ?? false }
  }

  /// Whether the family was left out on purpose, so that the host counts as having none of it.
  private func isLeftOut(_ family: AddressFamily) -> Bool { family == .ipv4 && !run.comparesIPv4 }

  /// The IPv6 addresses that others can reach.
  var usableIPv6: [IPAddress] { addresses(.ipv6).filter { policy.accepts($0.scope) } }
}

/// What holds for the whole run.
struct RunContext {
  /// The answer of `vantage.ipv6`.
  let vantage: CheckRow
  /// Whether the resolver returned a record or a denial for any name in this run. SERVFAIL and REFUSED are
  /// none: a resolver gives them for every name when it is cut off itself, or does not serve this vantage.
  let resolverAnswered: Bool
  /// Who serves which zone, and what of them answered this vantage.
  var nameServers = NameServerBook([])
  /// What the resolver makes up.
  var synthesis = Synthesis([])
  /// Whether IPv4 was asked, to be compared with.
  var comparesIPv4 = true
  /// The addresses of the vantage itself; `nil` where they were not looked at.
  var vantageAddresses: [IPAddress]?
  /// The prefixes registered to each agency, allowed ones only.
  var registered: [String: [Prefix]] = [:]
  /// What earlier rounds and the passive capture say.
  var history = History()
  /// The moment the run is judged for.
  var now = Timestamp(microseconds: 0)
  /// The links the vantage stands on, and who advertises there.
  var neighbourhood = Neighbourhood()
  /// What is registered, and who lies behind the WAN.
  var registry = PrefixRegistry(Inventory())

  var hasIPv6: Bool { vantage.verdict == .pass }
}

extension Observation {
  /// Whether a zone's data came back: a record, or the denial of one (RFC 2308).
  var isZoneData: Bool {
    if case .lookup(_, _, let outcome) = fact { outcome.isZoneData } else { false }
  }
}

extension LookupOutcome {
  /// Whether it is a record, or the denial of one.
  var isZoneData: Bool {
    switch self {
    case .answer, .noData, .nxDomain: true
    case .servFail, .refused, .failed, .malformed, .timeout, .unreachable: false
    }
  }
}
