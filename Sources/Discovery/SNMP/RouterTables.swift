import Observations
import Wire

/// What a router says of itself and of whom it knows, by SNMP. Pure.
public struct RouterTables: Sendable {
  /// The subtrees that are asked for, each with what it is.
  public static let subtrees: [(object: [UInt32], name: String)] = [
    ([1, 3, 6, 1, 2, 1, 1, 5], "sysName"),
    ([1, 3, 6, 1, 6, 3, 10, 2, 1, 1], "snmpEngineID"),
    (interfaceName, "ifName"),
    (addressInterface, "ipAddressIfIndex"),
    (neighbourInterface, "ipNetToPhysicalPhysAddress"),
    (neighbourType, "ipNetToPhysicalType"),
    (oldNeighbourInterface, "ipNetToMediaPhysAddress"),
    (oldNeighbourType, "ipNetToMediaType"),
    (bridgePortInterface, "dot1dBasePortIfIndex"),
    (bridgePort, "dot1dTpFdbPort"),
    (vlanBridgePort, "dot1qTpFdbPort"),
    (routeInterface, "inetCidrRouteIfIndex"),
  ]

  /// IF-MIB (RFC 2863).
  private static let interfaceName: [UInt32] = [1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1]
  /// IP-MIB (RFC 4293): addresses of its own, and whom it knows; the latter also as RFC 1213 had it, of IPv4 alone.
  private static let addressInterface: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 34, 1, 3]
  private static let neighbourInterface: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 35, 1, 4]
  private static let neighbourType: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 35, 1, 6]
  private static let oldNeighbourInterface: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 22, 1, 2]
  private static let oldNeighbourType: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 22, 1, 4]
  /// BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363): which interface is at which port.
  private static let bridgePortInterface: [UInt32] = [1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2]
  private static let bridgePort: [UInt32] = [1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 2]
  private static let vlanBridgePort: [UInt32] = [1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1, 2]
  /// IP-FORWARD-MIB (RFC 4292).
  private static let routeInterface: [UInt32] = [1, 3, 6, 1, 2, 1, 4, 24, 7, 1, 7]

  /// Somebody it knows.
  public struct Neighbour: Sendable, Hashable {
    /// The address.
    public var address: IPAddress
    /// The interface that has it.
    public var mac: MACAddress
    /// Through which of its own interfaces.
    public var port: String
  }

  /// A way it knows.
  public struct Route: Sendable, Hashable {
    /// Where to.
    public var destination: Prefix
    /// The next router; `nil` where the prefix is on a link of its own.
    public var gateway: IPAddress?
    /// Through which of its own interfaces.
    public var port: String
  }

  /// What it calls itself, as it came.
  public private(set) var name: String?
  /// The engine of its agent, in hexadecimal (RFC 3411 §5).
  public private(set) var engine: String?
  /// Its own addresses.
  public private(set) var addresses: [IPAddress] = []
  /// Whom it knows, in the order of addresses.
  public private(set) var neighbours: [Neighbour] = []
  /// Which interfaces are at which of its ports.
  public private(set) var bridged: [MACAddress: String] = [:]
  /// The ways it knows.
  public private(set) var routes: [Route] = []

  /// Reads what was printed of all subtrees.
  public init(_ output: SNMPOutput) {
    var ports: [UInt32: String] = [:]
    for (index, value) in output.column(Self.interfaceName) {
      if let number = index.first, let text = Self.text(value), !text.isEmpty { ports[number] = text }
    }
    func port(_ number: UInt32) -> String { ports[number] ?? "\(number)" }
    name = output.column([1, 3, 6, 1, 2, 1, 1, 5]).lazy.compactMap { Self.text($0.value) }.first {
      !$0.isEmpty
    }
    engine =
      output.column([1, 3, 6, 1, 6, 3, 10, 2, 1, 1]).lazy.compactMap { index, value in
        if index.first == 0, case .bytes(let bytes) = value, !bytes.isEmpty {
          hexadecimal(bytes)
        } else {
          nil
        }
      }.first
    addresses = output.column(Self.addressInterface).compactMap { Self.address($0.index)?.address }
      .filter { ![.loopback, .unspecified, .multicast].contains($0.scope) }.sorted()
    neighbours = Self.neighbours(output, port)
    bridged = Self.bridged(output, port)
    routes = Self.routes(output, port)
  }

  private static func neighbours(_ output: SNMPOutput, _ port: (UInt32) -> String) -> [Neighbour] {
    /// Entries that the agent says are not valid any more.
    var invalid: Set<[UInt32]> = []
    for (index, value) in output.column(neighbourType) + output.column(oldNeighbourType)
    where value == .number(2) { invalid.insert(Array(index)) }
    var found: [IPAddress: Neighbour] = [:]
    func take(_ index: ArraySlice<UInt32>, _ address: IPAddress?, _ value: SNMPOutput.Value) {
      guard let address, let number = index.first, !invalid.contains(Array(index)), let mac = mac(value),
        ![.loopback, .unspecified, .multicast].contains(address.scope)
      else { return }
      found[address] = Neighbour(address: address, mac: mac, port: port(number))
    }
    for (index, value) in output.column(oldNeighbourInterface) where index.count == 5 {
      take(index, octets(index.dropFirst()).flatMap { IPAddress(bytes: $0) }, value)
    }
    // The newer table is right where both tell of an address.
    for (index, value) in output.column(neighbourInterface) {
      take(index, address(index.dropFirst())?.address, value)
    }
    return found.values.sorted { $0.address < $1.address }
  }

  private static func bridged(_ output: SNMPOutput, _ port: (UInt32) -> String) -> [MACAddress: String] {
    var interfaces: [UInt32: UInt32] = [:]
    for (index, value) in output.column(bridgePortInterface) {
      if let number = index.first, case .number(let its) = value {
        interfaces[number] = UInt32(clamping: its)
      }
    }
    var found: [MACAddress: String] = [:]
    // The index ends with the address, behind the number of a filtering database where there are VLANs.
    for (index, value) in output.column(bridgePort) + output.column(vlanBridgePort) where index.count >= 6 {
      guard case .number(let number) = value, number > 0, let bytes = octets(index.suffix(6)) else {
        continue
      }
      let mac = MACAddress(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
      let its = UInt32(clamping: number)
      if isStation(mac) { found[mac] = port(interfaces[its] ?? its) }
    }
    return found
  }

  private static func routes(_ output: SNMPOutput, _ port: (UInt32) -> String) -> [Route] {
    output.column(routeInterface).compactMap { index, value -> Route? in
      guard case .number(let number) = value, let (address, behind) = address(index),
        let length = behind.first, length <= UInt32(address.family.bitWidth)
      else { return nil }
      let destination = Prefix(address, length: Int(length))
      // A policy of any length, then the next hop.
      let policy = behind.dropFirst()
      guard let count = policy.first, policy.count > Int(count) else { return nil }
      let hop = Self.address(policy.dropFirst(Int(count) + 1))?.address
      // Its own addresses are no ways to anywhere, nor is what is on every link.
      guard ![.loopback, .multicast, .linkLocal].contains(destination.address.scope),
        length < UInt32(address.family.bitWidth) || hop.map({ $0.scope != .unspecified }) == true
      else { return nil }
      return Route(
        destination: destination, gateway: hop?.scope == .unspecified ? nil : hop,
        port: port(UInt32(clamping: number)))
    }.sorted { $0.destination < $1.destination }
  }

  /// An address as an index has it (RFC 4001): its type, its length, its bytes, with a zone behind them for types 3 and 4.
  private static func address(
    _ index: ArraySlice<UInt32>
  ) -> (address: IPAddress, rest: ArraySlice<UInt32>)? {
    let kind = index.first ?? 0
    let wanted: (length: Int, own: Int)
    switch kind {
    case 1: wanted = (4, 4)
    case 2: wanted = (16, 16)
    case 3: wanted = (8, 4)
    case 4: wanted = (20, 16)
    default: return nil
    }
    let behind = index.dropFirst()
    guard behind.first == UInt32(wanted.length), behind.count > wanted.length,
      let bytes = octets(behind.dropFirst().prefix(wanted.own)), let address = IPAddress(bytes: bytes)
    else { return nil }
    return (address, behind.dropFirst(wanted.length + 1))
  }

  private static func octets(_ index: ArraySlice<UInt32>) -> [UInt8]? {
    let bytes = index.compactMap { UInt8(exactly: $0) }
    return bytes.count == index.count ? bytes : nil
  }

  private static func mac(_ value: SNMPOutput.Value) -> MACAddress? {
    guard case .bytes(let bytes) = value, bytes.count == 6 else { return nil }
    let mac = MACAddress(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    return isStation(mac) ? mac : nil
  }

  private static func isStation(_ mac: MACAddress) -> Bool { mac.bits != 0 && mac.byte(at: 0) & 1 == 0 }

  private static func text(_ value: SNMPOutput.Value) -> String? {
    if case .bytes(let bytes) = value { String(decoding: bytes.prefix(255), as: UTF8.self) } else { nil }
  }
}

extension RouterTables {
  /// What it says, to be kept.
  ///
  /// - Parameter router: the address it was asked at.
  public func traits(of router: IPAddress, at time: Timestamp) -> [ObservedTrait] {
    func trait(_ address: IPAddress, _ kind: ObservedTrait.Kind, _ value: String = "") -> ObservedTrait {
      ObservedTrait(address, kind, value, source: "snmp", firstSeen: time, lastSeen: time)
    }
    var traits: [ObservedTrait] = []
    for own in Set(addresses + [router]).sorted() where ![.linkLocal, .loopback].contains(own.scope) {
      traits.append(trait(own, .present))
      if let engine { traits.append(trait(own, .snmpEngine, engine)) }
      if let name { traits.append(trait(own, .linkName, name)) }
    }
    for neighbour in neighbours {
      traits.append(trait(neighbour.address, .interface, "\(neighbour.mac) \(router)/\(neighbour.port)"))
      if let port = bridged[neighbour.mac], port != neighbour.port {
        traits.append(trait(neighbour.address, .attached, "\(router)/\(port)"))
      }
    }
    for route in routes {
      let way = route.gateway.map { "via \($0) " } ?? ""
      traits.append(
        trait(
          route.destination.address, .route,
          "\(route.destination) \(way)on \(route.port) of \(name ?? "\(router)")"))
    }
    return traits
  }
}
