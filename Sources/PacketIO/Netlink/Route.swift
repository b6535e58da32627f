import CLinux
import Glibc
import Wire

/// What the kernel would do with a packet to one destination.
struct Route: Hashable {
  /// How the packet goes on, as far as it matters here.
  enum Kind {
    /// Out of an interface.
    case unicast
    /// To this machine itself.
    case local
    /// Nowhere: no route, or one that says so (unreachable, blackhole, prohibit), or broadcast and multicast,
    /// which are never probed.
    case none
  }

  var kind: Kind
  /// The output interface.
  var interface: Int32 = 0
  /// The next hop if it is not the destination. May be of the other family (RFC 8950).
  var gateway: IPAddress?
  /// The source address the kernel would choose (RFC 6724 §5).
  var source: IPAddress?
  /// Whether the route wraps packets in another header, which only the kernel can do.
  var isEncapsulated = false

  static let none = Route(kind: .none)
}

extension Route {
  /// Reads an RTM_NEWROUTE message; `nil` if it is cut off.
  init?(newRoute payload: RawSpan) {
    // struct rtmsg: family, destination length, source length, TOS, table, protocol, scope, type; flags.
    guard payload.byteCount >= 12 else { return nil }
    let type = Int(payload.uint8(at: 7))
    self.init(kind: .none)
    var table = UInt32(payload.uint8(at: 4))
    NetlinkReader.forEachAttribute(in: payload, from: 12) { attribute, value in
      switch Int(attribute) {
      case Int(RTA_OIF.rawValue) where value.byteCount == 4:
        interface = Int32(bitPattern: value.native32(at: 0))
      case Int(RTA_TABLE.rawValue) where value.byteCount == 4: table = value.native32(at: 0)
      case Int(RTA_GATEWAY.rawValue): gateway = value.asAddress
      case Int(RTA_VIA.rawValue) where value.byteCount > 2:
        gateway = value.extracting(2..<value.byteCount).asAddress
      case Int(RTA_PREFSRC.rawValue): source = value.asAddress
      case Int(RTA_ENCAP_TYPE.rawValue): isEncapsulated = true
      default: break
      }
    }
    switch type {
    // Asked with an interface, IPv4 takes any destination as on that link when no table has a route
    // (ip_route_output_key_hash_rcu); the table that it names then is none.
    case Int(RTN_UNICAST) where table != RT_TABLE_UNSPEC.rawValue: kind = .unicast
    case Int(RTN_LOCAL), Int(RTN_ANYCAST): kind = .local
    default: kind = .none
    }
  }
}

/// Asks the kernel for routes, many to a system call.
struct RouteLookup: ~Copyable {
  /// Answers wait in the socket's buffer until they are read, and each takes some 4 KiB of it.
  static let batch = 32

  private var socket: NetlinkSocket
  private var writer = NetlinkWriter()
  private let interface: Int32?

  /// A lookup of routes over one interface, or over any.
  init(interface: Int32?) throws(PacketIOError) {
    socket = try NetlinkSocket()
    self.interface = interface
  }

  /// Fills `routes` with the routes to `destinations` (at most `batch`), in their order.
  mutating func look(
    up destinations: [IPAddress], into routes: inout [Route]
  ) throws(PacketIOError) {
    routes.removeAll(keepingCapacity: true)
    routes.append(contentsOf: repeatElement(.none, count: destinations.count))
    try ask(destinations[...], first: 0, into: &routes)
  }

  private mutating func ask(
    _ destinations: ArraySlice<IPAddress>, first: Int, into routes: inout [Route]
  ) throws(PacketIOError) {
    guard !destinations.isEmpty else { return }
    let sequence = socket.takeSequences(destinations.count)
    writer.removeAll()
    for (offset, destination) in destinations.enumerated() {
      Self.write(destination, interface: interface, sequence: sequence &+ UInt32(offset), into: &writer)
    }
    try socket.send(writer)
    var answered = 0
    while answered < destinations.count {
      try socket.waitForAnswer()
      let reading = try socket.receive { header, payload in
        let offset = Int(header.sequence &- sequence)
        guard offset < destinations.count else { return }
        answered += 1
        // An error is the answer of a table that has no route, or one that says no: ENETUNREACH, EHOSTUNREACH,
        // EACCES (prohibit), EINVAL (blackhole).
        if header.type == RTM_NEWROUTE, let route = Route(newRoute: payload) {
          routes[first + offset] = route
        }
      }
      if case .overrun = reading {
        // Whatever was left out is asked again, half as much at a time.
        let half = (destinations.count + 1) / 2
        try drain()
        try ask(destinations.prefix(half), first: first, into: &routes)
        return try ask(destinations.dropFirst(half), first: first + half, into: &routes)
      }
    }
  }

  private mutating func drain() throws(PacketIOError) {
    while case .datagram = try socket.receive({ _, _ in }) {}
  }

  /// Writes the request for one destination.
  static func write(
    _ destination: IPAddress, interface: Int32?, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    writer.message(type: Int(RTM_GETROUTE), flags: Int(NLM_F_REQUEST), sequence: sequence) { writer in
      writer.append(UInt8(destination.family.socketFamily))
      writer.append(UInt8(destination.family.bitWidth))
      writer.append(UInt16(0))
      writer.append(UInt32(0))
      // Without this flag the kernel names the main table whatever it found the route in.
      writer.append(UInt32(RTM_F_LOOKUP_TABLE))
      writer.attribute(Int(RTA_DST.rawValue), destination)
      if let interface { writer.attribute(Int(RTA_OIF.rawValue), UInt32(bitPattern: interface)) }
    }
  }
}
