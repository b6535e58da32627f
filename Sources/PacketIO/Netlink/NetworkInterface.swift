import CLinux
import Wire

/// A network interface of this machine.
public struct NetworkInterface: Sendable, Hashable {
  /// What kind of link it is, as far as sending goes.
  public enum Kind: Sendable, Hashable {
    /// Takes Ethernet frames: sent through a packet socket.
    case ethernet
    /// The loopback: sent through the kernel's IP stack, which drops injected frames as martian.
    case loopback
    /// Anything else (tunnels, PPP, …) by its ARP hardware type: sent through the kernel's IP stack.
    case other(UInt16)
  }

  /// The kernel's number for it.
  public var index: Int32
  /// Its name: `eth0`.
  public var name: String
  /// What kind of link it is.
  public var kind: Kind
  /// The largest IP packet it carries, in bytes.
  public var mtu: Int
  /// Its own address; `nil` where it has none of six bytes.
  public var mac: MACAddress?
  /// Whether it is up, administratively and in fact.
  public var isUp: Bool
  /// Whether its neighbours have addresses to be found out.
  public var hasNeighbours: Bool

  /// All interfaces, by index.
  public static func all() throws(PacketIOError) -> [NetworkInterface] {
    var found: [NetworkInterface] = []
    try forEachLink { payload in
      if let link = NetworkInterface(newLink: payload) { found.append(link) }
    }
    return found.sorted { $0.index < $1.index }
  }

  /// How many frames that arrived at the interface the kernel has dropped before any capture saw them, since the interface
  /// exists: the queue of its processor was full, or they were too long (`rx_dropped` of `struct rtnl_link_stats64`).
  static func droppedArrivals(at index: Int32) throws(PacketIOError) -> UInt64 {
    var dropped: UInt64 = 0
    try forEachLink { payload in
      guard payload.byteCount >= 16, Int32(bitPattern: payload.native32(at: 4)) == index else { return }
      NetlinkReader.forEachAttribute(in: payload, from: 16) { attribute, value in
        // Packets, bytes and errors of both directions, 64 bits each, come first.
        if attribute == IFLA_STATS64, value.byteCount >= 56 { dropped = value.native64(at: 48) }
      }
    }
    return dropped
  }

  /// Hands over the payload of RTM_NEWLINK for each interface.
  private static func forEachLink(_ body: (RawSpan) -> Void) throws(PacketIOError) {
    var socket = try NetlinkSocket()
    try socket.dump(type: Int(RTM_GETLINK)) { writer in
      for _ in 0..<4 { writer.append(UInt32(0)) }
    } _: { header, payload in
      if header.type == RTM_NEWLINK { body(payload) }
    }
  }

  /// The addresses of this machine that packets to others can leave from, ascending: not the loopback's, and not
  /// those that hold on one link only.
  public static func ownAddresses() throws(PacketIOError) -> [IPAddress] {
    try ownersOfAddresses().keys.filter { $0.scope != .loopback && $0.scope != .linkLocal }.sorted()
  }

  /// The interfaces that have each address of this machine, by index.
  static func ownersOfAddresses() throws(PacketIOError) -> [IPAddress: [Int32]] {
    var socket = try NetlinkSocket()
    var owners: [IPAddress: [Int32]] = [:]
    try socket.dump(type: Int(RTM_GETADDR)) { writer in
      for _ in 0..<2 { writer.append(UInt32(0)) }
    } _: { header, payload in
      // struct ifaddrmsg: family, prefix length, flags, scope; index.
      guard header.type == RTM_NEWADDR, payload.byteCount >= 8 else { return }
      let index = Int32(bitPattern: payload.native32(at: 4))
      var address: IPAddress?
      NetlinkReader.forEachAttribute(in: payload, from: 8) { type, value in
        // On a point-to-point link IFA_ADDRESS is the peer; IFA_LOCAL, where there is one, is ours.
        if type == IFA_LOCAL || type == IFA_ADDRESS && address == nil { address = value.asAddress }
      }
      if let address { owners[address, default: []].append(index) }
    }
    return owners
  }
}

extension [NetworkInterface] {
  /// The one of this name.
  public func named(_ name: String) throws(PacketIOError) -> NetworkInterface {
    guard let found = first(where: { $0.name == name }) else {
      throw .unknownInterface(name: name, known: map(\.name))
    }
    return found
  }
}

extension NetworkInterface {
  /// Reads an RTM_NEWLINK message; `nil` if it is cut off or has no name.
  init?(newLink payload: RawSpan) {
    // struct ifinfomsg: family, pad, type (16 bits); index; flags; change mask.
    guard payload.byteCount >= 16 else { return nil }
    let flags = payload.native32(at: 8)
    let type = payload.native16(at: 2)
    var name: String?
    var mtu = 0
    var mac: MACAddress?
    NetlinkReader.forEachAttribute(in: payload, from: 16) { attribute, value in
      switch Int(attribute) {
      case Int(IFLA_IFNAME): name = value.asText
      case Int(IFLA_MTU) where value.byteCount == 4: mtu = Int(value.native32(at: 0))
      case Int(IFLA_ADDRESS): mac = value.asMACAddress
      default: break
      }
    }
    guard let name else { return nil }
    let isLoopback = flags & UInt32(CLINUX_IFF_LOOPBACK) != 0
    self.init(
      index: Int32(bitPattern: payload.native32(at: 4)), name: name,
      kind: isLoopback
        ? .loopback : Int(type) == CLINUX_ARPHRD_ETHER ? .ethernet : .other(type),
      mtu: mtu, mac: mac, isUp: flags & UInt32(CLINUX_IFF_UP) != 0,
      hasNeighbours: flags & UInt32(CLINUX_IFF_NOARP) == 0)
  }
}

extension RawSpan {
  /// The bytes before the first NUL as text.
  var asText: String {
    var text: [UInt8] = []
    for offset in 0..<byteCount {
      let byte = uint8(at: offset)
      if byte == 0 { break }
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The whole span as a MAC address; `nil` unless it has six bytes.
  var asMACAddress: MACAddress? {
    guard byteCount == 6 else { return nil }
    return MACAddress(bits: UInt64(uint32(at: 0)) << 16 | UInt64(uint16(at: 4)))
  }
}
