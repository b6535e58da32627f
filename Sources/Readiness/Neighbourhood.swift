import Inventory
import Observations
import Wire

/// The links the vantage stands on, who advertises there, and which of it is registered.
struct Neighbourhood: Sendable {
  /// One router's advertisement with the observation it came in.
  struct Sighting: Sendable {
    let observation: Observation
    let seen: SeenAdvertisement
    /// The id of the host that is registered as this router.
    let router: String?
  }

  private var links: [(link: VantageLink, observation: Observation)] = []
  private var sightings: [Sighting] = []
  private var allowed: [Prefix] = []
  private var declared: [IPAddress] = []
  private var resolvers: Set<IPAddress> = []

  /// Nothing is known.
  init() {}

  /// What the run saw, and what the inventory registers: a router is a host with the tag `router` and a MAC address,
  /// a resolver a host with the service `dns`, a prefix an `allow` row.
  init(_ inventory: Inventory, observations: [Observation]) {
    let routers = Dictionary(
      inventory.hosts.compactMap { host in
        host.tags.contains("router") ? host.mac.map { ($0, host.id) } : nil
      }
    ) { min($0, $1) }
    for observation in observations.filter(\.host.isEmpty).inOrder {
      switch observation.fact {
      case .link(let link): links.append((link, observation))
      case .advertisement(let seen):
        let router = seen.mac.flatMap { routers[$0] }
        sightings.append(Sighting(observation: observation, seen: seen, router: router))
      // Facts of hosts.
      default: break
      }
    }
    guard !links.isEmpty else { return }
    allowed = inventory.prefixes.filter { $0.rule == .allow }.map(\.prefix)
    declared = inventory.hosts.flatMap { $0.addresses(.ipv6) }
    resolvers = Set(
      inventory.hosts.filter { $0.services.contains { $0.name == .dns } }.flatMap { $0.addresses(.ipv6) })
  }

  /// Whether it is known which links the vantage stands on.
  var isKnown: Bool { !links.isEmpty }

  /// The link that an address is on, with the observation that says so.
  func link(of address: IPAddress) -> (link: VantageLink, observation: Observation)? {
    links.last { $0.link.prefixes.contains { $0.contains(address) } }
  }

  /// Who advertises on a link, the latest of each router, in the order of their addresses.
  func sightings(on link: VantageLink) -> [Sighting] {
    var latest: [SeenRouter: Sighting] = [:]
    for sighting in sightings where sighting.seen.interface == link.interface {
      latest[SeenRouter(address: sighting.seen.router, mac: sighting.seen.mac)] = sighting
    }
    return latest.values.sorted {
      ($0.seen.router, $0.seen.mac?.bits ?? 0) < ($1.seen.router, $1.seen.mac?.bits ?? 0)
    }
  }

  /// Whether a prefix is registered: inside an `allow` row, or, where none is declared, around a declared address.
  func isRegistered(_ prefix: Prefix) -> Bool {
    allowed.contains { $0.family == .ipv6 }
      ? allowed.contains { $0.contains(prefix) } : declared.contains { prefix.contains($0) }
  }

  /// Whether an address is that of a declared resolver.
  func isRegistered(resolver: IPAddress) -> Bool { resolvers.contains(resolver) }

  private struct SeenRouter: Hashable {
    var address: IPAddress
    var mac: MACAddress?
  }
}

extension HostContext {
  /// What a check says of each link of the vantage that one of the host's addresses is on.
  func onLink(_ judge: (VantageLink, Observation) -> [Finding]) -> [Finding] {
    if usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    // Without IPv6 at the vantage it is not known what its links would be.
    guard run.neighbourhood.isKnown, run.hasIPv6 else { return [Finding("", .unknown, .notMeasured)] }
    var seen: Set<String> = []
    let links = usableIPv6.compactMap { run.neighbourhood.link(of: $0) }.filter {
      seen.insert($0.link.interface).inserted
    }
    return links.isEmpty ? [Finding("", .na, .offLink)] : links.flatMap { judge($0.link, $0.observation) }
  }
}

extension VantageLink {
  /// Whether it was watched for so long, without losing packets, that a router would have been heard of.
  func hasHeardOfAll(_ thresholds: Thresholds) -> Bool {
    dropped == 0 && watched.microseconds >= 1_000_000 * Int64(thresholds.routerSilenceSeconds)
  }

  /// `watched for 12 s`.
  var watchText: String { "watched for \(watched.microseconds / 1_000_000) s" }
}
