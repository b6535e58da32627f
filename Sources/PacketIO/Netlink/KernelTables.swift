import CLinux
import Wire

/// A neighbour that the kernel has talked to: an entry of its ARP or ND cache. Nothing is sent to read it.
public struct KnownNeighbour: Sendable, Hashable {
  /// The name of the interface it is behind.
  public var interface: String
  /// Its address.
  public var address: IPAddress
  /// Its link-layer address.
  public var mac: MACAddress

  /// All of both families, in the order of interfaces and addresses; multicast groups, and entries that were made by hand or
  /// asked for in vain, are left out.
  public static func all() throws(PacketIOError) -> [KnownNeighbour] {
    let names = Dictionary(
      try NetworkInterface.all().map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    var socket = try NetlinkSocket()
    var found: [KnownNeighbour] = []
    try socket.dump(type: Int(RTM_GETNEIGH)) { writer in
      // struct ndmsg of zeros: every family and interface.
      for _ in 0..<3 { writer.append(UInt32(0)) }
    } _: { header, payload in
      guard header.type == RTM_NEWNEIGH, payload.byteCount >= 12,
        Int32(payload.native16(at: 8)) & (NUD_NOARP | NUD_PERMANENT) == 0,
        let neighbour = Neighbour(newNeighbour: payload), let name = names[neighbour.key.interface]
      else { return }
      switch neighbour.state {
      case .known(let mac), .stale(let mac):
        if mac.bits != 0, neighbour.key.address.scope != .multicast {
          found.append(KnownNeighbour(interface: name, address: neighbour.key.address, mac: mac))
        }
      case .unknown, .failed: break
      }
    }
    return found.sorted { ($0.interface, $0.address) < ($1.interface, $1.address) }
  }
}

/// A route of this machine's tables to other networks.
public struct KnownRoute: Sendable, Hashable {
  /// Where it leads.
  public var destination: Prefix
  /// The name of the output interface.
  public var interface: String
  /// The next hop; `nil` if the destination is on the link itself.
  public var gateway: IPAddress?

  /// All of a family that lead away from this machine, in the order of their destinations.
  public static func all(_ family: AddressFamily) throws(PacketIOError) -> [KnownRoute] {
    let names = Dictionary(
      try NetworkInterface.all().map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    return try RouteEntry.all(family).compactMap { entry in
      names[entry.interface].map {
        KnownRoute(destination: entry.destination, interface: $0, gateway: entry.gateway)
      }
    }.sorted { ($0.destination, $0.interface) < ($1.destination, $1.interface) }
  }
}
