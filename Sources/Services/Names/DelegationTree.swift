import Observations
import Synchronization
import Wire

/// Walks from a root down to whoever has a name, asking over the given families alone (RFC 1034 §5.3.3).
///
/// Bounded on every side: delegations in a row, servers a zone, nested searches for servers without glue, and
/// questions in all. A delegation counts only if it leads down, and glue only if it lies below the zone asked.
final class DelegationTree: Sendable {
  /// Where a walk ended.
  enum End: Sendable {
    case answered(zone: DNSName, DNSMessage)
    /// The servers of the zone were asked, and this is the best that any said.
    case failed(zone: DNSName, ServerReply)
    /// No server of the zone has an address of the families.
    case noServer(zone: DNSName)
    case abandoned(String)
  }

  private static let mostReferrals = 16
  private static let mostServers = 16
  private static let deepestSearch = 3
  private static let mostQuestions = 256
  private static let headStart = Duration.milliseconds(500)

  private struct Known {
    var zones: [DNSName: Delegation] = [:]
    var addresses: [DNSName: [IPAddress]] = [:]
    var silent: Set<ServerOfZone> = []
  }

  private let roots: [Endpoint]
  private let families: Set<AddressFamily>
  private let ask: NameAsk
  private let known = Mutex(Known())

  init(roots: [Endpoint], families: Set<AddressFamily>, ask: @escaping NameAsk) {
    self.roots = roots
    self.families = families
    self.ask = ask
  }

  /// Asks for `question` from the deepest delegation known down.
  func walk(_ question: DNSQuestion) async -> End {
    await walk(question, depth: 0, WalkBudget(Self.mostQuestions))
  }

  /// The delegation of a zone that a walk has met.
  func delegation(of zone: DNSName) -> Delegation? { known.withLock { $0.zones[zone] } }

  /// Whether a server stayed silent when a walk asked it as one of a zone's.
  func wasSilent(_ server: ServerOfZone) -> Bool { known.withLock { $0.silent.contains(server) } }

  /// Keeps a delegation that was found in another way.
  func remember(_ delegation: Delegation) { known.withLock { $0.zones[delegation.zone] = delegation } }

  private func walk(_ question: DNSQuestion, depth: Int, _ budget: WalkBudget) async -> End {
    var zone = deepestKnown(above: question.name)
    for _ in 0..<Self.mostReferrals {
      let endpoints = endpoints(of: zone)
      if endpoints.isEmpty { return .noServer(zone: zone) }
      if isSilent(zone, endpoints) { return .failed(zone: zone, .timeout(tries: 3)) }
      switch await firstUseful(question, zone, endpoints, budget) {
      case .failure(let reply): return .failed(zone: zone, reply)
      case nil: return .abandoned("more than \(Self.mostQuestions) questions")
      case .message(let message):
        guard let (below, names) = message.referral(from: zone, towards: question.name) else {
          return .answered(zone: zone, message)
        }
        let servers = await servers(names, message, zone, depth: depth, budget)
        remember(Delegation(zone: below, servers: servers, source: .root))
        zone = below
      }
    }
    return .abandoned("more than \(Self.mostReferrals) delegations in a row")
  }

  private func deepestKnown(above name: DNSName) -> DNSName {
    known.withLock { known in
      var zone: DNSName? = name
      while let candidate = zone {
        if known.zones[candidate] != nil { return candidate }
        zone = candidate.parent
      }
      return .root
    }
  }

  /// Where the servers of a zone are, those that were silent before last.
  private func endpoints(of zone: DNSName) -> [Endpoint] {
    known.withLock { known in
      let all = known.zones[zone].map { $0.addresses.map { Endpoint($0, 53) } } ?? (zone.isRoot ? roots : [])
      let usable = all.filter { families.contains($0.address.family) }.prefix(Self.mostServers)
      func isSilent(_ endpoint: Endpoint) -> Bool {
        known.silent.contains(ServerOfZone(zone: zone, address: endpoint.address))
      }
      return usable.filter { !isSilent($0) } + usable.filter(isSilent)
    }
  }

  /// Whether all of these have been waited for in vain: nobody waits for them again.
  private func isSilent(_ zone: DNSName, _ endpoints: [Endpoint]) -> Bool {
    known.withLock { known in
      endpoints.allSatisfy { known.silent.contains(ServerOfZone(zone: zone, address: $0.address)) }
    }
  }

  /// The first answer or delegation, else the best of the failures; `nil` when the budget is used up.
  ///
  /// One server after the other, each half a second after the one before unless that has helped meanwhile: a zone that
  /// works is asked once, and one that is silent costs little more than one wait (RFC 8305 does so with connections).
  private func firstUseful(
    _ question: DNSQuestion, _ zone: DNSName, _ endpoints: [Endpoint], _ budget: WalkBudget
  ) async -> NameResponse? {
    await withTaskGroup(of: NameResponse?.self) { group in
      for (index, endpoint) in endpoints.enumerated() {
        group.addTask {
          if index > 0 { try? await Task.sleep(for: Self.headStart * index) }
          guard !Task.isCancelled, budget.take() else { return nil }
          return await self.tried(question, zone, endpoint)
        }
      }
      var best = ServerReply.timeout(tries: 0)
      var isAsked = false
      for await response in group {
        switch response {
        case .message:
          group.cancelAll()
          return response
        case .failure(let reply): (best, isAsked) = (best.better(reply), true)
        case nil: break
        }
      }
      return isAsked ? .failure(best) : nil
    }
  }

  private func tried(_ question: DNSQuestion, _ zone: DNSName, _ endpoint: Endpoint) async -> NameResponse {
    let response = await ask(question, endpoint, .udp, false)
    switch response {
    case .failure(.timeout) where !Task.isCancelled:
      _ = known.withLock { $0.silent.insert(ServerOfZone(zone: zone, address: endpoint.address)) }
      return response
    case .failure: return response
    case .message(let message):
      if message.referral(from: zone, towards: question.name) != nil { return response }
      let reply = ServerReply(message, answering: question)
      switch reply {
      case .answer, .alias, .noData, .nxDomain: return response
      default: return .failure(reply)
      }
    }
  }

  /// The servers of a delegation with their addresses: by glue, else by a search of their own.
  private func servers(
    _ names: [DNSName], _ message: DNSMessage, _ zone: DNSName, depth: Int, _ budget: WalkBudget
  ) async -> [NameServer] {
    let names = Array(names.prefix(Self.mostServers))
    return await withTaskGroup(of: (Int, NameServer).self) { group in
      for (index, name) in names.enumerated() {
        group.addTask {
          var addresses = message.glue(of: name, in: zone)
          if addresses.isEmpty { addresses = await self.search(name, depth: depth + 1, budget) }
          return (
            index, NameServer(name: name.description, addresses: Array(Set(addresses).sorted().prefix(8)))
          )
        }
      }
      var found: [(Int, NameServer)] = []
      for await server in group { found.append(server) }
      return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func search(_ name: DNSName, depth: Int, _ budget: WalkBudget) async -> [IPAddress] {
    if let addresses = known.withLock({ $0.addresses[name] }) { return addresses }
    guard depth <= Self.deepestSearch else { return [] }
    var addresses: [IPAddress] = []
    for family in AddressFamily.allCases where families.contains(family) {
      let question = DNSQuestion(name, family == .ipv4 ? .a : .aaaa)
      if case .answered(_, let message) = await walk(question, depth: depth, budget) {
        addresses += ServerReply(message, answering: question).addresses
      }
    }
    if !addresses.isEmpty && !Task.isCancelled { known.withLock { $0.addresses[name] = addresses } }
    return addresses
  }
}

extension ServerReply {
  /// Of two replies that do not help the one that says more: that of a server which spoke at all.
  func better(_ other: ServerReply) -> ServerReply { rank >= other.rank ? self : other }

  private var rank: Int {
    switch self {
    case .answer, .alias, .noData, .nxDomain: 4
    case .servFail, .refused, .failed, .lame, .malformed: 3
    case .timeout(tries: 0): 0
    case .timeout, .unreachable: 2
    case .notAsked: 1
    }
  }
}
