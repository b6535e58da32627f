import Inventory
import Observations
import Wire

/// Hosts out of what was seen of addresses.
public struct ObservedHosts: Sendable {
  /// In the order of their first addresses.
  public private(set) var hosts: [ObservedHost] = []
  /// Why addresses were joined, or not.
  public let join: HostJoin
  /// Addresses that come and go.
  public private(set) var temporary: Set<IPAddress> = []
  /// Prefixes in which every address answers, in ascending order.
  public private(set) var aliased: [Prefix] = []
  /// Addresses in these that nobody gave a name: none of them is a host.
  public private(set) var aliases = 0
  /// What routers have ways to, and through where.
  public private(set) var ways: [Coverage.Way] = []

  /// Joins addresses, as ``HostJoin`` does.
  public init(_ traits: some Sequence<ObservedTrait>) {
    var known: [IPAddress: Collected] = [:]
    for trait in traits {
      switch trait.kind {
      case .aliased: if let prefix = Prefix(trait.value) { aliased.append(prefix) }
      case .route:
        let parts = trait.value.split(separator: " ", maxSplits: 1).map(String.init)
        if parts.count == 2, let prefix = Prefix(parts[0]) { ways.append(Coverage.Way(prefix, parts[1])) }
      default: known[trait.address, default: Collected(trait.address)].take(trait)
      }
    }
    aliased.sort()
    let answerers = PrefixTable(aliased)
    let nobodys = known.filter { $1.isNameless && answerers.holds($0) }
    for address in nobodys.keys { known[address] = nil }
    aliases = nobodys.count
    join = HostJoin(known.values.map(\.traits))
    var temporary: Set<IPAddress> = []
    hosts = join.hosts.map { addresses in
      let parts = addresses.compactMap { known[$0] }
      var host = ObservedHost(
        addresses: addresses, lastSeen: parts.map(\.lastSeen).max() ?? Timestamp(microseconds: 0))
      host.names = Set(parts.flatMap(\.names)).sorted()
      host.interfaces = Set(parts.flatMap { $0.traits.interfaces.map(\.mac) }).sorted { $0.bits < $1.bits }
      host.services = Set(parts.flatMap(\.services)).sorted()
      host.attachments = Set(parts.flatMap(\.attachments)).sorted()
      // What has a name is meant to stay.
      temporary.formUnion(
        TemporaryAddresses.among(parts.map { ($0.traits.address, $0.firstSeen, $0.lastSeen) })
          .subtracting(parts.filter { !$0.isNameless }.map(\.traits.address)))
      return host
    }
    self.temporary = temporary
  }

  /// What is known of one address.
  private struct Collected {
    var traits: AddressTraits
    var names: Set<String> = []
    var pointers: Set<String> = []
    var attachments: Set<String> = []
    var services: Set<Service> = []
    var firstSeen = Timestamp(microseconds: .max)
    var lastSeen = Timestamp(microseconds: .min)

    init(_ address: IPAddress) { traits = AddressTraits(address) }

    mutating func take(_ trait: ObservedTrait) {
      firstSeen = min(firstSeen, trait.firstSeen)
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
      case .certificateName: if let name = Self.name(trait.value) { names.insert(name) }
      case .sshKey: if let (place, key) = Self.key(trait.value) { traits.sshKeys[place] = key }
      case .tlsKey: if let (place, key) = Self.key(trait.value) { traits.tlsKeys[place] = key }
      case .clock:
        let parts = trait.value.split(separator: " ").compactMap { Double($0) }
        // Clocks drift: the latest reading counts.
        if parts.count == 2, trait.lastSeen >= clockSeen {
          traits.clock = .init(zero: parts[0], rate: parts[1])
          clockSeen = trait.lastSeen
        }
      case .attached: attachments.insert(trait.value)
      case .route, .aliased: break
      case .snmpEngine: traits.snmpEngine = trait.value
      }
    }

    private var forwards: Set<String> = []
    private var clockSeen = Timestamp(microseconds: .min)

    /// Whether DNS says nothing of it.
    var isNameless: Bool { pointers.isEmpty && forwards.isEmpty }

    /// A name as an inventory writes it. What is none names nobody: anybody may say anything on a link. Nor does one without
    /// a dot, which many a network has.
    private static func name(_ text: String) -> String? {
      guard let name = try? NameCell.read(Array(text.utf8)[...]), name.contains(".") else { return nil }
      return name
    }

    /// Where a key was shown, and its fingerprint, which stands last.
    private static func key(_ value: String) -> (String, String)? {
      guard let space = value.lastIndex(of: " ") else { return nil }
      return (String(value[..<space]), String(value[value.index(after: space)...]))
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
