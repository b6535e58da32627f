import Inventory
import Observations
import Wire

/// The addresses of a host, declared or published, and the names it goes by at each: what an audit touches
/// and what a verdict speaks of are found by the same rules.
public struct HostAddressing: Sendable {
  /// The host as declared.
  public let host: Host
  private let published: [String: [IPAddress]]

  /// The addressing of a host, given what each of its names publishes in both families.
  public init(_ host: Host, published: [String: [IPAddress]]) {
    self.host = host
    self.published = published.mapValues { Set($0).sorted() }
  }

  /// The addressing of a host by its lookups and what the authoritative servers said. What the resolver made up is
  /// left out, unless a server of the zone publishes the very same.
  public init(
    _ host: Host, lookups observations: some Sequence<Observation>, synthesis: Synthesis = Synthesis([])
  ) {
    var resolved: [String: [IPAddress]] = [:]
    var published: [String: [IPAddress]] = [:]
    for fact in observations.lazy.map(\.fact) {
      switch fact {
      case .lookup(let name, _, let outcome): resolved[name, default: []] += outcome.addresses
      case .authority(let name, _, let outcome): published[name, default: []] += outcome.addresses
      default: break
      }
    }
    for (name, addresses) in resolved {
      published[name, default: []] += addresses.filter { !synthesis.makes($0) }
    }
    self.init(host, published: published)
  }

  /// The addresses a name publishes in one family, ascending.
  public func published(_ name: String, _ family: AddressFamily) -> [IPAddress] {
    (published[name] ?? []).filter { $0.family == family }
  }

  /// Every address of a family that is declared or published, ascending.
  public func addresses(_ family: AddressFamily) -> [IPAddress] {
    Set(host.addresses(family) + host.names.flatMap { published($0, family) }).sorted()
  }

  /// The names a service is asked under at an address: HTTP serves by name, so each name that publishes the
  /// address, or all where none does; the others serve by address, and so does a host without names.
  public func offeredNames(_ service: Service, at address: IPAddress) -> [String?] {
    guard service.name.isNamed, !host.names.isEmpty else { return [nil] }
    let publishing = host.names.filter { published($0, address.family).contains(address) }
    return publishing.isEmpty ? host.names : publishing
  }
}
