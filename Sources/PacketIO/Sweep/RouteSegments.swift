import CLinux
import Wire

/// The address space cut at every place where the kernel's routing tables may decide otherwise, so that one lookup
/// stands for all addresses between two cuts.
///
/// A sweep of a million addresses would otherwise ask the kernel a million times. A rule that looks at more than the
/// destination gives the same answer to all of one vantage's probes; one that looks at destinations inside a segment
/// (`ip rule add to …`) is cut at as well.
struct RouteSegments: ~Copyable {
  private let cuts: [AddressFamily: AddressCuts]
  private let interfaces: [Int32: NetworkInterface]
  private let loopback: Int32?
  private var lookup: RouteLookup
  /// By segment: the index of its path, `unknown`, or below that why there is none.
  private var pathOfSegment: [AddressFamily: [Int32]]
  private var routes: [Route] = []
  private(set) var paths: [Path] = []

  /// What a target's segment leads to.
  enum Way {
    case path(Int)
    case none(NoPath)
  }

  private var dead: [NoPath] = []

  /// Reads all tables of the families.
  init(interface: Int32?, interfaces: [NetworkInterface]) throws(PacketIOError) {
    let lookup = try RouteLookup(interface: interface)
    let cuts = try Self.cuts()
    self.lookup = lookup
    self.cuts = cuts
    pathOfSegment = cuts.mapValues { Array(repeating: Self.unknown, count: $0.starts.count) }
    self.interfaces = Dictionary(interfaces.map { ($0.index, $0) }) { first, _ in first }
    loopback = interfaces.first { $0.kind == .loopback && $0.isUp }?.index
  }

  /// The address space, cut where the decision may change.
  private static func cuts() throws(PacketIOError) -> [AddressFamily: AddressCuts] {
    var cuts: [AddressFamily: AddressCuts] = [:]
    for family in AddressFamily.allCases {
      cuts[family] = AddressCuts(try prefixes(family, RTM_GETROUTE) + prefixes(family, RTM_GETRULE))
    }
    return cuts
  }

  private static let unknown = Int32.max

  /// The way to a target.
  mutating func way(to target: IPAddress) throws(PacketIOError) -> Way {
    let segment = segment(of: target)
    let known = pathOfSegment[target.family]?[segment] ?? Self.unknown
    if known != Self.unknown { return known >= 0 ? .path(Int(known)) : .none(dead[Int(-1 - known)]) }
    try lookup.look(up: [target], into: &routes)
    var number: Int32
    switch Path.along(routes[0], to: target, interfaces: interfaces, loopback: loopback) {
    case .success(var path):
      // Each address on a link is its own neighbour: the kernel's stack looks them up.
      if case .frame(_, isGateway: false) = path.means { path.means = .stack(isLocal: false) }
      let index = paths.firstIndex(of: path) ?? paths.count
      if index == paths.count { paths.append(path) }
      number = Int32(index)
    case .failure(let reason):
      dead.append(reason)
      number = -Int32(dead.count)
    }
    pathOfSegment[target.family]?[segment] = number
    return number >= 0 ? .path(Int(number)) : .none(dead[Int(-1 - number)])
  }

  /// The range of addresses around a target that share its way, by the bits of the first and the last.
  func extent(around target: IPAddress) -> ClosedRange<UInt128> {
    cuts[target.family]?.range(of: segment(of: target)) ?? target.bits...target.bits
  }

  private func segment(of target: IPAddress) -> Int { cuts[target.family]?.part(of: target.bits) ?? 0 }

  /// The destinations of all routes, or all rules, of a family.
  private static func prefixes(_ family: AddressFamily, _ question: Int) throws(PacketIOError) -> [Prefix] {
    var socket = try NetlinkSocket()
    var found: [Prefix] = []
    // struct rtmsg and struct fib_rule_hdr begin alike: family, destination length.
    try socket.dump(type: question) { writer in
      writer.append(UInt8(family.socketFamily))
      for _ in 0..<3 { writer.append(UInt8(0)) }
      for _ in 0..<2 { writer.append(UInt32(0)) }
    } _: { _, payload in
      guard payload.byteCount >= 12, Int32(payload.uint8(at: 0)) == family.socketFamily else { return }
      let length = Int(payload.uint8(at: 1))
      NetlinkReader.forEachAttribute(in: payload, from: 12) { attribute, value in
        // RTA_DST and FRA_DST are both 1.
        guard attribute == 1, let address = value.asAddress, address.family == family,
          length <= family.bitWidth
        else { return }
        found.append(Prefix(address, length: length))
      }
    }
    return found
  }
}
