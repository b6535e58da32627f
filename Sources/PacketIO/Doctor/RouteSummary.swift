import CLinux
import Observations
import Wire

/// How this machine reaches the rest of a family's addresses: its default route, or failing that the widest other
/// route that leads away from the machine.
public struct RouteSummary: Sendable, Hashable {
  /// What the route is for: `::/0` or `0.0.0.0/0` when it is a default route.
  public var destination: Prefix
  /// The name of the output interface.
  public var interface: String
  /// The next hop; `nil` if the destination is on the link itself.
  public var gateway: IPAddress?
  /// The source address of packets over it; `nil` if there is none that a router would forward.
  public var source: IPAddress?

  /// Whether it leads to every address that has no better route.
  public var isDefault: Bool { destination.length == 0 }

  /// The summary for a family; `nil` if no route leads away from this machine. Sends nothing.
  public static func best(_ family: AddressFamily) throws(PacketIOError) -> RouteSummary? {
    let interfaces = try NetworkInterface.all()
    guard let entry = try widestEntry(family),
      let interface = interfaces.first(where: { $0.index == entry.interface })
    else { return nil }
    var lookup = try RouteLookup(interface: entry.interface)
    var routes: [Route] = []
    try lookup.look(up: [entry.destination.sample], into: &routes)
    let source = routes.first?.source.flatMap { source in
      source.scope == .linkLocal && entry.gateway != nil ? nil : source
    }
    return RouteSummary(
      destination: entry.destination, interface: interface.name, gateway: entry.gateway, source: source)
  }

  private static func widestEntry(_ family: AddressFamily) throws(PacketIOError) -> RouteEntry? {
    // Of those that are as wide the first one, as the kernel lists them.
    try RouteEntry.all(family).reduce(nil) { best, entry in
      if let best, !entry.isWider(than: best) { return best }
      return entry
    }
  }
}

/// An entry of a routing table.
struct RouteEntry: Hashable {
  var destination: Prefix
  var interface: Int32 = 0
  var gateway: IPAddress?
  /// The lower the better.
  var metric: UInt32 = 0

  /// Those of a family that lead away from this machine.
  static func all(_ family: AddressFamily) throws(PacketIOError) -> [RouteEntry] {
    var socket = try NetlinkSocket()
    var found: [RouteEntry] = []
    try socket.dump(type: Int(RTM_GETROUTE)) { writer in
      writer.append(UInt8(family.socketFamily))
      for _ in 0..<3 { writer.append(UInt8(0)) }
      for _ in 0..<2 { writer.append(UInt32(0)) }
    } _: { header, payload in
      guard header.type == RTM_NEWROUTE, let entry = RouteEntry(newRoute: payload, family: family),
        entry.leadsAway
      else { return }
      found.append(entry)
    }
    return found
  }

  /// Whether it leads to addresses beyond this machine and its link.
  var leadsAway: Bool {
    switch destination.address.scope {
    case .linkLocal, .loopback, .multicast: false
    // The default route begins at the unspecified address.
    default: interface != 0
    }
  }

  func isWider(than other: RouteEntry) -> Bool {
    (destination.length, metric) < (other.destination.length, other.metric)
  }

  /// Reads an RTM_NEWROUTE message of a dump; `nil` if it is cut off, of another family, a copy of a cache
  /// (RTM_F_CLONED), or leads nowhere or to this machine.
  init?(newRoute payload: RawSpan, family: AddressFamily) {
    guard payload.byteCount >= 12, payload.uint8(at: 0) == UInt8(family.socketFamily),
      Int(payload.uint8(at: 7)) == Int(RTN_UNICAST), payload.native32(at: 8) & UInt32(RTM_F_CLONED) == 0
    else { return nil }
    let length = Int(payload.uint8(at: 1))
    guard length <= family.bitWidth else { return nil }
    var address = family == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
    var entry = (interface: Int32(0), gateway: IPAddress?.none, metric: UInt32(0))
    NetlinkReader.forEachAttribute(in: payload, from: 12) { attribute, value in
      switch Int(attribute) {
      case Int(RTA_DST.rawValue): address = value.asAddress ?? address
      case Int(RTA_OIF.rawValue) where value.byteCount == 4:
        entry.interface = Int32(bitPattern: value.native32(at: 0))
      case Int(RTA_GATEWAY.rawValue): entry.gateway = value.asAddress
      case Int(RTA_PRIORITY.rawValue) where value.byteCount == 4: entry.metric = value.native32(at: 0)
      // struct rtnexthop: length, flags, weight; interface; attributes. The first of several stands for all.
      case Int(RTA_MULTIPATH.rawValue) where value.byteCount >= 8:
        entry.interface = Int32(bitPattern: value.native32(at: 4))
        let length = min(Int(value.native16(at: 0)), value.byteCount)
        guard length >= 8 else { break }
        NetlinkReader.forEachAttribute(in: value.extracting(0..<length), from: 8) { attribute, value in
          if Int(attribute) == Int(RTA_GATEWAY.rawValue) { entry.gateway = value.asAddress }
        }
      default: break
      }
    }
    guard address.family == family else { return nil }
    destination = Prefix(address, length: length)
    interface = entry.interface
    gateway = entry.gateway
    metric = entry.metric
  }
}

extension Prefix {
  /// An address inside to look a route up with; for a default route one that belongs to nobody (RFC 5737,
  /// RFC 9637).
  fileprivate var sample: IPAddress {
    switch (family, length) {
    case (.ipv4, 0): IPAddress(ipv4: 0xcb00_7101)
    case (.ipv6, 0): IPAddress(ipv6High: 0x3fff_0000_0000_0000, low: 1)
    case (.ipv4, 31...), (.ipv6, 127...): address
    case (.ipv4, _): IPAddress(ipv4: address.ipv4Bits + 1)
    case (.ipv6, _): IPAddress(ipv6High: address.high, low: address.low + 1)
    }
  }
}
