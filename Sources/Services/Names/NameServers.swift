import Observations
import Synchronization
import Wire

/// Finds who is authoritative for names, asks each of them, and looks names up in other ways that a resolver does not
/// show: from the root over IPv6 alone, from an address back to its name.
///
/// What was found is kept for the run: a zone is looked for once, and a server that stayed silent about a zone is not
/// waited for again.
public final class NameServers: Sendable {
  /// What one server of a zone says of the zone itself.
  public struct Health: Sendable, Hashable {
    /// To a question for the SOA over UDP.
    public var udp: ServerReply
    /// To a question for the NS over TCP.
    public var tcp: ServerReply
    /// The serial of the SOA, if it gave one.
    public var serial: UInt32?
  }

  private struct Known {
    var zones: [DNSName: ZoneOutcome] = [:]
    var silent: [ServerOfZone: ServerReply] = [:]
  }

  /// The most aliases that are followed in a row.
  static let mostAliases = 8

  let resolver: Endpoint?
  let ask: NameAsk
  /// Downwards over every family, where a root was given.
  let tree: DelegationTree?
  /// Downwards over IPv6 alone.
  let tree6: DelegationTree
  private let byResolver: ResolverDelegations?
  private let known = Mutex(Known())

  /// - Parameters:
  ///   - resolver: Whom to ask for zones where no root is given, and for addresses and pointers.
  ///   - root: Where delegations begin; without one they come from the resolver, and the walk over IPv6 alone begins
  ///     at the root servers of the Internet.
  ///   - synthetic: Prefixes in which the resolver makes AAAA up.
  ///   - ask: Puts one question.
  public init(resolver: Endpoint?, root: Endpoint?, synthetic: [Prefix], ask: @escaping NameAsk) {
    self.resolver = resolver
    self.ask = ask
    tree = root.map {
      DelegationTree(roots: [$0], families: Set(AddressFamily.allCases), ask: ask)
    }
    tree6 = DelegationTree(
      roots: root.map { [$0] } ?? Array(RootHints.ipv6.shuffled().prefix(4)), families: [.ipv6], ask: ask)
    byResolver = resolver.map { ResolverDelegations(resolver: $0, synthetic: synthetic, ask: ask) }
  }

  /// The zone that a name lies in and its servers.
  public func zone(of name: DNSName) async -> ZoneOutcome {
    if let outcome = known.withLock({ $0.zones[name] }) { return outcome }
    let outcome: ZoneOutcome
    if let tree {
      outcome = await zone(of: name, in: tree)
    } else if let byResolver {
      outcome = await byResolver.zone(of: name)
    } else {
      outcome = .failed(.notAsked(.noRoute))
    }
    if !Task.isCancelled { known.withLock { $0.zones[name] = outcome } }
    return outcome
  }

  /// Walks for the SOA, for its owner tells of a zone cut that no delegation showed because one server has both sides.
  private func zone(of name: DNSName, in tree: DelegationTree) async -> ZoneOutcome {
    let end = await tree.walk(DNSQuestion(name, .soa))
    let deepest: DNSName
    switch end {
    case .abandoned(let why): return .failed(.malformed(why))
    case .failed(let zone, let reply) where zone.isRoot: return .failed(reply)
    case .failed(let zone, _), .noServer(let zone): deepest = zone
    case .answered(let zone, let message):
      let owners = (message.answers + message.authorities).filter { $0.data.type == .soa }.map(\.name)
      deepest = owners.first { name.isWithin($0) && $0.isWithin(zone) } ?? zone
      if deepest != zone, tree.delegation(of: deepest) == nil { await find(deepest, under: zone, in: tree) }
    }
    if let delegation = tree.delegation(of: deepest) { return .found(delegation) }
    // The root's own data: nobody but the root is delegated to.
    return .failed(deepest.isRoot ? .nxDomain : .noData)
  }

  /// Adds a zone that the servers of the zone above serve too: they say who else does.
  private func find(_ zone: DNSName, under parent: DNSName, in tree: DelegationTree) async {
    // Nobody delegates to the root, which may have the zone at its side.
    guard parent.isRoot || tree.delegation(of: parent) != nil else { return }
    var delegation = tree.delegation(of: parent) ?? Delegation(zone: zone, servers: [], source: .root)
    delegation.zone = zone
    let question = DNSQuestion(zone, .ns)
    if case .answered(_, let message) = await tree.walk(question) {
      let names = message.answers.compactMap { record -> DNSName? in
        if case .ns(let server) = record.data, record.name == zone { server } else { nil }
      }
      var servers: [NameServer] = []
      for name in names.prefix(16) {
        var addresses: [IPAddress] = []
        for family in AddressFamily.allCases {
          let type: DNSType = family == .ipv4 ? .a : .aaaa
          if case .answered(_, let message) = await tree.walk(DNSQuestion(name, type)) {
            addresses += ServerReply(message, answering: DNSQuestion(name, type)).addresses
          }
        }
        servers.append(NameServer(name: name.description, addresses: addresses.sorted()))
      }
      if !servers.isEmpty { delegation.servers = servers }
    }
    if !delegation.servers.isEmpty { tree.remember(delegation) }
  }

  /// Asks one server of a zone about the zone itself: over UDP for the SOA, over TCP for the NS.
  public func health(of address: IPAddress, in zone: DNSName) async -> Health {
    let server = Endpoint(address, 53)
    let (soa, ns) = (DNSQuestion(zone, .soa), DNSQuestion(zone, .ns))
    async let overTCP = ask(ns, server, .tcp, false)
    let key = ServerOfZone(zone: zone, address: address)
    let overUDP: NameResponse
    if let tree, tree.wasSilent(key) {
      overUDP = .failure(.timeout(tries: 3))
    } else {
      overUDP = await ask(soa, server, .udp, false)
    }
    let udp = ServerReply(overUDP, answering: soa)
    if !udp.hasAnswered && !Task.isCancelled { known.withLock { $0.silent[key] = udp } }
    var serial: UInt32?
    if case .message(let message) = overUDP {
      for case .soa(let authority) in message.answers.map(\.data) { serial = authority.serial }
    }
    return Health(udp: udp, tcp: ServerReply(await overTCP, answering: ns), serial: serial)
  }

  /// What a server of a zone says about a question; one that was silent about the zone is not waited for again.
  func reply(to question: DNSQuestion, of address: IPAddress, in zone: DNSName) async -> ServerReply {
    let silence = known.withLock { $0.silent[ServerOfZone(zone: zone, address: address)] }
    if let silence { return silence }
    return ServerReply(await ask(question, Endpoint(address, 53), .udp, false), answering: question)
  }
}

/// One server as one of a zone's.
struct ServerOfZone: Hashable {
  var zone: DNSName
  var address: IPAddress
}

extension ServerReply {
  init(_ response: NameResponse, answering question: DNSQuestion) {
    switch response {
    case .message(let message): self.init(message, answering: question)
    case .failure(let reply): self = reply
    }
  }
}
