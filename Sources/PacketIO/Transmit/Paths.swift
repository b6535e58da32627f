import Observations
import Probing
import Wire

/// How a packet to one target leaves. Targets with the same way share one value.
struct Path: Hashable {
  /// By what means it is sent.
  enum Means: Hashable {
    /// In an Ethernet frame to a neighbour.
    case frame(neighbour: Neighbour.Key, isGateway: Bool)
    /// By the kernel's IP stack, because the target is this machine or the link is no Ethernet.
    case stack(isLocal: Bool)
  }

  var means: Means
  /// Where it leaves, and replies arrive: the loopback for this machine's own addresses.
  var interface: Int32
  /// The source address in it.
  var source: IPAddress

  /// The path a route gives to `target`, or why there is none.
  static func along(
    _ route: Route, to target: IPAddress, interfaces: [Int32: NetworkInterface], loopback: Int32?
  ) -> Result<Path, NoPath> {
    switch route.kind {
    case .none: return .failure(NoPath(reason: .noRoute))
    case .local:
      guard let loopback else { return .failure(NoPath(reason: .noRoute)) }
      guard let source = route.source, source.family == target.family else {
        return .failure(NoPath(reason: .noSource))
      }
      return .success(Path(means: .stack(isLocal: true), interface: loopback, source: source))
    case .unicast:
      guard let interface = interfaces[route.interface] else {
        return .failure(NoPath(reason: .noRoute))
      }
      guard let source = route.source, source.family == target.family else {
        return .failure(NoPath(reason: .noSource))
      }
      // Routers drop packets with a link-local source (RFC 4291 §2.5.6), so it is none for a target behind one.
      guard source.scope != .linkLocal || route.gateway == nil else {
        return .failure(NoPath(reason: .noSource))
      }
      if case .ethernet = interface.kind, interface.hasNeighbours, !route.isEncapsulated {
        let neighbour = Neighbour.Key(interface: interface.index, address: route.gateway ?? target)
        let means = Means.frame(neighbour: neighbour, isGateway: route.gateway != nil)
        return .success(Path(means: means, interface: interface.index, source: source))
      }
      return .success(Path(means: .stack(isLocal: false), interface: interface.index, source: source))
    }
  }
}

/// Why nothing can leave for a target.
struct NoPath: Error {
  var reason: NotSentReason
}

/// The path of every probe: four bytes a probe, and one value for each different path.
struct PathTable {
  private(set) var paths: [Path] = []
  /// By probe: an index into `paths`, or `none`.
  private var pathOfProbe: [UInt32]
  private var indices: [Path: UInt32] = [:]

  private static let none = UInt32.max

  /// A table for `count` probes, none of which has a path yet.
  init(count: Int) { pathOfProbe = Array(repeating: Self.none, count: count) }

  /// The index into `paths` of a probe's path; `nil` if it has none.
  func pathIndex(of probe: Int) -> Int? {
    let index = pathOfProbe[probe]
    return index == Self.none ? nil : Int(index)
  }

  mutating func set(_ path: Path, of probe: Int) {
    let index = indices[path] ?? UInt32(paths.count)
    if index == paths.count {
      paths.append(path)
      indices[path] = index
    }
    pathOfProbe[probe] = index
  }
}

extension PathTable {
  /// Looks up the paths of all targets that the guard admits, and says for every other probe why it has none.
  static func make(
    for probes: [Probe], over wanted: NetworkInterface?, interfaces: [NetworkInterface],
    guard scope: inout ScopeGuard, hasNoPath: (_ probe: Int, NotSentReason) -> Void
  ) throws(PacketIOError) -> PathTable {
    var table = PathTable(count: probes.count)
    var lookup = try RouteLookup(interface: wanted?.index)
    let byIndex = Dictionary(interfaces.map { ($0.index, $0) }) { first, _ in first }
    let loopback = interfaces.first { $0.kind == .loopback && $0.isUp }?.index
    var targets: [IPAddress] = []
    var members: [(probe: Int, target: Int)] = []
    var routes: [Route] = []

    func resolve() throws(PacketIOError) {
      try lookup.look(up: targets, into: &routes)
      for (probe, target) in members {
        let path = Path.along(
          routes[target], to: targets[target], interfaces: byIndex, loopback: loopback)
        switch path {
        case .success(let path): table.set(path, of: probe)
        case .failure(let failure): hasNoPath(probe, failure.reason)
        }
      }
      targets.removeAll(keepingCapacity: true)
      members.removeAll(keepingCapacity: true)
    }

    for (probe, target) in probes.lazy.map(\.target).enumerated() {
      guard scope.admits(target: target) else {
        hasNoPath(probe, .outOfScope)
        continue
      }
      // Probes of one host usually stand together, and then share one lookup.
      if targets.last != target {
        if targets.count == RouteLookup.batch { try resolve() }
        targets.append(target)
      }
      members.append((probe, targets.count - 1))
    }
    try resolve()
    return table
  }
}

extension NetworkInterface {
  /// The names of the interfaces that packets to these targets leave by or their answers arrive on, as far as the
  /// scope allows to touch them and routes lead there.
  static func inUse(
    for targets: some Sequence<IPAddress>, scope: Scope, over wanted: NetworkInterface? = nil
  ) throws(PacketIOError) -> [String] {
    let probes = Set(targets).sorted().map { Probe(target: $0, kind: .echo) }
    let interfaces = try all()
    var guardian = ScopeGuard(scope)
    let table = try PathTable.make(for: probes, over: wanted, interfaces: interfaces, guard: &guardian) {
      _, _ in
    }
    return try table.paths.captureInterfaces(interfaces)
  }
}

extension [Path] {
  /// The names of the interfaces on which replies may arrive: those that packets leave by, and the Ethernets
  /// that have the source addresses, since a reply may take another way back.
  func captureInterfaces(_ interfaces: [NetworkInterface]) throws(PacketIOError) -> [String] {
    let owners = try NetworkInterface.ownersOfAddresses()
    var wanted = Set(map(\.interface))
    for source in Set(map(\.source)) {
      for index in owners[source] ?? [] where interfaces.contains(where: { $0.isEthernet(index) }) {
        wanted.insert(index)
      }
    }
    return interfaces.filter { wanted.contains($0.index) }.map(\.name)
  }
}

extension NetworkInterface {
  fileprivate func isEthernet(_ index: Int32) -> Bool { self.index == index && isUp && kind == .ethernet }
}
