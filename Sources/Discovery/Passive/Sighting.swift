import Wire

/// How a station showed itself.
public enum SightingSource: UInt8, Sendable, Hashable, CaseIterable {
  /// It said in ARP that it has the address.
  case arp
  /// It said so in neighbour discovery.
  case neighbour
  /// It asked whether somebody has the address that it is about to take (RFC 4862 §5.4, RFC 5227 §2.1.1).
  case probe
  /// It advertises itself as a router.
  case router
  /// A DHCP server gave it the address, or it uses one that a server gave.
  case lease
  /// It told names by multicast DNS.
  case multicastDNS
  /// It told which groups it listens to.
  case listener
  /// It announces itself by LLDP or CDP.
  case announcement
  /// It sent anything else.
  case packet
}

/// What one frame says of who is there.
public enum Sighting: Sendable, Hashable {
  /// A station with an address of its own.
  case station(MACAddress, IPAddress, SightingSource)
  /// A station, of which no address is told.
  case presence(MACAddress, SightingSource)
  /// A station's name, as it tells it itself.
  case name(MACAddress, String, SightingSource)
  /// A router and what it advertises.
  case router(MACAddress, IPAddress, RouterAdvertisement)
  /// The station that has one address was given others.
  case lease(to: IPAddress, [IPAddress])
  /// Something answers at a port, wherever it is.
  case service(IPAddress, port: UInt16)
  /// What the TCP timestamp clock behind an address stands at.
  case clock(IPAddress, ticks: UInt32)
  /// Somebody connects to an address by a name.
  case serverName(IPAddress, port: UInt16, String)
  /// A name with an address, as a station tells of itself.
  case address(String, IPAddress)
}

extension Sighting {
  /// Whether it says that whoever sent the frame is there.
  var isOfSender: Bool {
    switch self {
    case .station, .presence, .name, .router: true
    case .lease, .service, .clock, .serverName, .address: false
    }
  }
}

extension SightingSource {
  /// The word for it.
  public var word: String {
    switch self {
    case .arp: "arp"
    case .neighbour: "nd"
    case .probe: "dad"
    case .router: "ra"
    case .lease: "dhcp"
    case .multicastDNS: "mdns"
    case .listener: "mld"
    case .announcement: "lldp"
    case .packet: "packet"
    }
  }
}
