import Inventory
import Observations
import PacketIO
import Probing
import Readiness
import Services
import Wire

extension Auditor {
  /// Asks who is authoritative for the names, and each of them; then what only the DNS as a whole can tell.
  func askNameServers(_ hosts: [Host], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?)
    async throws
  {
    let names = hosts.flatMap(\.names)
    guard settings.policy.asksNameServers, !names.isEmpty else { return }
    let asker = NameAsker(settings, scope)
    let synthetic = await NameServers(
      resolver: settings.resolver, root: settings.root, synthetic: [], ask: asker.ask
    ).synthesis()
    if Task.isCancelled { return }
    try await recorder.record(.synthesis(prefixes: synthetic), for: [""], at: .now)
    let servers = NameServers(
      resolver: settings.resolver, root: settings.root, synthetic: synthetic, ask: asker.ask)

    let first = Plan.nameQuestions(await addressing(hosts, recorder), settings.policy)
    let zones = ZoneCollection()
    // The first walk finds the servers of the zones at the top, and spares all others asking for them.
    if let host = hosts.first(where: { !$0.names.isEmpty }) {
      _ = await spool.transcribing([host.id]) { await Self.ask(.zone(name: host.names[0]), servers, zones) }
    }
    _ = try await forEach(first, phase: .zones, recorder) { item in
      let fact = await spool.transcribing(item.hosts) { await Self.ask(item.question, servers, zones) }
      // Zones are recorded each once.
      return if case .zone = item.question { nil } else { fact }
    }
    try await lookAtServers(of: await zones.found, servers, recorder, spool)
    _ = try await forEach(Plan.authorities(hosts, families), phase: .zones, recorder) { item in
      await spool.transcribing(item.hosts) { await Self.ask(item.question, servers, zones) }
    }
  }

  private static func ask(
    _ question: NameQuestion, _ servers: NameServers, _ zones: ZoneCollection
  ) async -> Fact? {
    let fact: Fact?
    switch question {
    case .zone(let text):
      guard let name = try? DNSName(text), case .found(let delegation) = await servers.zone(of: name) else {
        return nil
      }
      await zones.insert(delegation)
      fact = delegation.fact
    case .iteration(let name): fact = .iteration(name: name, outcome: await servers.iteration(name))
    case .exchangers(let name): fact = .exchangers(name: name, outcome: await servers.exchangers(name))
    case .reverse(let address): fact = .reverse(address: address, outcome: await servers.reverse(address))
    case .authority(let name, let type):
      fact = .authority(name: name, type: type, outcome: await servers.authority(name, type))
    }
    // What a cancelled question returns is no observation.
    return Task.isCancelled ? nil : fact
  }

  /// Records each zone once, and asks each of its servers once about the zone itself.
  private func lookAtServers(
    of zones: [Delegation], _ servers: NameServers, _ recorder: Recorder, _ spool: PacketSpool?
  ) async throws {
    for zone in zones {
      try await recorder.record(zone.fact, for: [""], at: .now)
    }
    let plan = [Planned].merging(
      zones.flatMap { zone in
        zone.addresses.map { ("", ZoneServer(zone: zone.zone, address: $0)) }
      })
    _ = try await forEach(plan, phase: .zones, recorder) { item in
      let (zone, address) = (item.question.zone, item.question.address)
      return await spool.transcribing(item.hosts) {
        let health = await servers.health(of: address, in: zone)
        if Task.isCancelled { return nil }
        return .nameServer(
          zone: zone.description, server: address, udp: health.udp, tcp: health.tcp, serial: health.serial)
      }
    }
  }
}

extension Delegation {
  fileprivate var fact: Fact { .delegation(zone: zone.description, servers: servers, source: source) }
}

/// The zones that were met, each once, in the order of their names.
private actor ZoneCollection {
  private var zones: [DNSName: Delegation] = [:]

  func insert(_ delegation: Delegation) { zones[delegation.zone] = delegation }

  var found: [Delegation] { zones.values.sorted { $0.zone.description < $1.zone.description } }
}

/// Puts questions to name servers, paced and within bounds.
///
/// A server that a delegation names may be asked on its port 53 though no prefix allows it: whoever publishes a name
/// asks the world to do so. But what the scope excludes is left alone, and so is whatever is no public address.
struct NameAsker: Sendable {
  private let client: NameClient
  private let resolver: Endpoint?
  private let root: Endpoint?
  private let scope: Scope
  private let gate: StartGate
  private let resolverGate: StartGate

  init(_ settings: AuditSettings, _ scope: Scope) {
    var open = scope
    for address in [IPAddress(ipv6High: 0, low: 0), IPAddress(ipv4: 0)] {
      open.insert(.allow, for: Prefix(address, length: 0))
    }
    // The resolver and the root are part of the vantage.
    for server in [settings.resolver, settings.root].compactMap({ $0 }) {
      open.insert(.allow, for: Prefix(only: server.address))
    }
    client = NameClient(scope: open)
    (resolver, root, self.scope) = (settings.resolver, settings.root, scope)
    // A name server answers for many names, so one gets as much as a prefix and not a host's 2 %.
    gate = StartGate(rate: settings.rate, hostRate: settings.rate * 0.1, prefixRate: settings.rate * 0.1)
    resolverGate = StartGate(rate: settings.rate, hostRate: settings.rate, prefixRate: settings.rate)
  }

  @Sendable func ask(
    _ question: DNSQuestion, _ server: Endpoint, _ transport: Transport, _ recursive: Bool
  ) async -> NameResponse {
    let isOwn = server == resolver || server == root
    if !isOwn && !mayAsk(server.address) { return .failure(.notAsked(.outOfScope)) }
    await (server == resolver ? resolverGate : gate).wait(for: server.address)
    if Task.isCancelled { return .failure(.notAsked(.sendFailed)) }
    guard let whole = Transcript.current else {
      return await client.ask(question, of: server, over: transport, recursive: recursive)
    }
    // Several are asked at once; each is told by itself.
    let part = Transcript()
    let response = await Transcript.$current.withValue(part) {
      await client.ask(question, of: server, over: transport, recursive: recursive)
    }
    whole.add("\(question.name) \(question.type), \(server) over \(transport.rawValue.uppercased())", part)
    return response
  }

  private func mayAsk(_ address: IPAddress) -> Bool {
    scope.allows(address) || address.scope == .global || address.scope == .documentation
  }
}
