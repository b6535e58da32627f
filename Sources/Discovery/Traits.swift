import Inventory
import Observations
import PacketIO
import Wire

extension StationBook {
  /// What was heard of each address, to be kept.
  ///
  /// - Parameter link: where it was heard; the VLAN is put behind it.
  public func traits(on link: String) -> [ObservedTrait] {
    var traits: [ObservedTrait] = []
    var holders: [IPAddress: Station.Holding] = [:]
    for station in everybody {
      let place = station.vlan == 0 ? link : "\(link).\(station.vlan)"
      let temporary = Set(station.temporary)
      for holding in station.holdings {
        holders[holding.address] = holding
        let sources = SightingSource.allCases.filter { holding.sources.contains(SightingSources($0)) }
        func note(_ kind: ObservedTrait.Kind, _ value: String, _ source: String) {
          traits.append(
            ObservedTrait(
              holding.address, kind, value, source: source, firstSeen: holding.firstSeen,
              lastSeen: holding.lastSeen))
        }
        for source in sources { note(.present, "", source.word) }
        note(.interface, "\(station.mac) \(place)", "link")
        if let name = station.name { note(.linkName, name, "link") }
        if station.advertisement != nil { note(.router, "", SightingSource.router.word) }
        if temporary.contains(holding.address) { note(.temporary, "", "link") }
      }
    }
    for (key, names) in services {
      // Of servers behind a router the station is the router's: what is known of them is that they answer.
      let holding = holders[key.address]
      guard let first = holding?.firstSeen ?? earliest, let last = holding?.lastSeen ?? latest else {
        continue
      }
      traits.append(
        ObservedTrait(
          key.address, .service, "tcp/\(key.port)", source: "tcp", firstSeen: first, lastSeen: last))
      traits += names.map {
        ObservedTrait(key.address, .name, $0, source: "tls", firstSeen: first, lastSeen: last)
      }
    }
    for (name, addresses) in names {
      for address in addresses {
        guard let holding = holders[address] else { continue }
        traits.append(
          ObservedTrait(
            address, .linkName, name, source: SightingSource.multicastDNS.word, firstSeen: holding.firstSeen,
            lastSeen: holding.lastSeen))
      }
    }
    return traits
  }

  private var earliest: Timestamp? { everybody.map(\.firstSeen).min() }
  private var latest: Timestamp? { everybody.map(\.lastSeen).max() }
}

extension ReverseWalk {
  /// The names it found, to be kept.
  public func traits(at time: Timestamp) -> [ObservedTrait] {
    found.flatMap { address, names in
      names.map {
        ObservedTrait(address, .pointer, $0, source: "reverse-zone", firstSeen: time, lastSeen: time)
      }
    }
  }
}

extension KnownNeighbour {
  /// What the kernel knows, to be kept.
  public func trait(at time: Timestamp) -> ObservedTrait {
    ObservedTrait(
      address, .interface, "\(mac) \(interface)", source: "kernel", firstSeen: time, lastSeen: time)
  }
}

/// Hosts out of what was seen of addresses.
public struct ObservedHosts: Sendable {
  /// In the order of their first addresses.
  public private(set) var hosts: [ObservedHost] = []
  /// Why addresses were joined, or not.
  public let join: HostJoin
  /// Addresses that come and go.
  public private(set) var temporary: Set<IPAddress> = []

  /// Joins addresses, as ``HostJoin`` does.
  public init(_ traits: some Sequence<ObservedTrait>) {
    var known: [IPAddress: Collected] = [:]
    for trait in traits { known[trait.address, default: Collected(trait.address)].take(trait) }
    temporary = Set(known.values.filter(\.isTemporary).map(\.traits.address))
    join = HostJoin(known.values.map(\.traits))
    // Without a second address there is nothing to join.
    hosts = join.hosts.map { addresses in
      let parts = addresses.compactMap { known[$0] }
      var host = ObservedHost(
        addresses: addresses, lastSeen: parts.map(\.lastSeen).max() ?? Timestamp(microseconds: 0))
      host.names = Set(parts.flatMap(\.names)).sorted()
      host.interfaces = Set(parts.flatMap { $0.traits.interfaces.map(\.mac) }).sorted { $0.bits < $1.bits }
      host.services = Set(parts.flatMap(\.services)).sorted()
      return host
    }
  }

  /// What is known of one address.
  private struct Collected {
    var traits: AddressTraits
    var names: Set<String> = []
    var pointers: Set<String> = []
    var services: Set<Service> = []
    var isTemporary = false
    var lastSeen = Timestamp(microseconds: .min)

    init(_ address: IPAddress) { traits = AddressTraits(address) }

    mutating func take(_ trait: ObservedTrait) {
      lastSeen = max(lastSeen, trait.lastSeen)
      switch trait.kind {
      case .present, .router: break
      case .interface:
        let parts = trait.value.split(separator: " ", maxSplits: 1)
        if parts.count == 2, let mac = MACAddress(String(parts[0])) {
          traits.interfaces.insert(AddressTraits.Interface(mac: mac, link: String(parts[1])))
        }
      case .name, .pointer:
        guard let name = Self.name(trait.value) else { return }
        names.insert(name)
        // Both ways: the name leads here, and the address back to it.
        if trait.kind == .pointer { pointers.insert(name) } else { forwards.insert(name) }
        traits.confirmedNames = pointers.intersection(forwards)
      case .linkName:
        traits.linkName = trait.value
        if let name = Self.name(trait.value) { names.insert(name) }
      case .service:
        let parts = trait.value.split(separator: "/")
        if parts.count == 2, let transport = Transport(rawValue: String(parts[0])),
          let port = UInt16(parts[1])
        {
          services.insert(Service(usualAt: port, transport))
        }
      case .sshKey: if let (port, key) = Self.key(trait.value) { traits.sshKeys[port] = key }
      case .tlsKey: if let (port, key) = Self.key(trait.value) { traits.tlsKeys[port] = key }
      case .snmpEngine: traits.snmpEngine = trait.value
      case .temporary: isTemporary = true
      }
    }

    private var forwards: Set<String> = []

    /// A name as an inventory writes it; what is none names nobody.
    private static func name(_ text: String) -> String? {
      let name = text.lowercased()
      return name.hasSuffix(".") ? String(name.dropLast()) : name.contains(".") ? name : nil
    }

    private static func key(_ value: String) -> (UInt16, String)? {
      let parts = value.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let port = UInt16(parts[0]) else { return nil }
      return (port, String(parts[1]))
    }
  }
}

extension Service {
  /// What usually answers at a port; where nothing is usual, the port with its transport alone.
  fileprivate init(usualAt port: UInt16, _ transport: Transport) {
    let usual = ServiceName.allCases.first {
      $0.defaultPort == port && $0.permittedTransports.contains(transport)
    }
    self.init(usual ?? (transport == .tcp ? .tcp : .udp), port: port, transport: transport)
  }
}
