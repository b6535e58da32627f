import Observations
import Wire

/// Finds zones and their servers through a recursive resolver.
struct ResolverDelegations: Sendable {
  let resolver: Endpoint
  /// Prefixes in which the resolver makes AAAA up; nothing inside is a server's address.
  let synthetic: [Prefix]
  let ask: NameAsk

  private static let mostServers = 16

  /// The zone a name lies in: the owner of the SOA that comes with the answer or the denial. An alias tells of its
  /// target's zone only, so then the name above is asked.
  func zone(of name: DNSName) async -> ZoneOutcome {
    var candidate: DNSName? = name
    while let asked = candidate {
      switch await ask(DNSQuestion(asked, .soa), resolver, .udp, true) {
      case .failure(let reply): return .failed(reply)
      case .message(let message):
        switch message.responseCode {
        case .noError, .nameError: break
        default: return .failed(ServerReply(message, answering: DNSQuestion(asked, .soa)))
        }
        let owners = (message.answers + message.authorities).filter { $0.data.type == .soa }.map(\.name)
        if let zone = owners.first(where: { name.isWithin($0) }) { return await delegation(of: zone) }
      }
      candidate = asked.parent
    }
    return .failed(.malformed("no SOA came with any answer about \(name)"))
  }

  private func delegation(of zone: DNSName) async -> ZoneOutcome {
    let question = DNSQuestion(zone, .ns)
    switch await ask(question, resolver, .udp, true) {
    case .failure(let reply): return .failed(reply)
    case .message(let message):
      guard message.responseCode == .noError else {
        return .failed(ServerReply(message, answering: question))
      }
      let names = message.answers.compactMap { record -> DNSName? in
        if case .ns(let server) = record.data, record.name == zone { server } else { nil }
      }
      let servers = await withTaskGroup(of: NameServer.self) { group in
        for name in Set(names).prefix(Self.mostServers) {
          group.addTask { NameServer(name: name.description, addresses: await addresses(of: name)) }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      return .found(
        Delegation(zone: zone, servers: servers.sorted { $0.name < $1.name }, source: .resolver))
    }
  }

  private func addresses(of name: DNSName) async -> [IPAddress] {
    var addresses: [IPAddress] = []
    for type in [DNSType.a, .aaaa] {
      let question = DNSQuestion(name, type)
      if case .message(let message) = await ask(question, resolver, .udp, true) {
        addresses += LookupOutcome(message, answering: question).addresses
      }
    }
    return Array(
      Set(addresses).filter { address in !synthetic.contains { $0.contains(address) } }.sorted().prefix(8))
  }
}
