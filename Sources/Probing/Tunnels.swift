import Observations
import Wire

/// The vantage's own addresses, one of each family; `nil` where it has none.
public struct VantageAddresses: Sendable, Hashable {
  /// Its IPv4 address.
  public var ipv4: IPAddress?
  /// Its IPv6 address.
  public var ipv6: IPAddress?

  /// A vantage with these addresses.
  public init(ipv4: IPAddress? = nil, ipv6: IPAddress? = nil) {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }

  func of(_ family: AddressFamily) -> IPAddress? { family == .ipv4 ? ipv4 : ipv6 }
}

extension TunnelKind {
  /// The family of the packet that is sent; of Teredo too.
  public var carrier: AddressFamily {
    switch self {
    case .sixInFour, .sixToFour, .isatap, .teredo: .ipv4
    case .sixInSix, .fourInSix: .ipv6
    }
  }

  var number: UInt8 {
    switch self {
    case .sixInFour: 0
    case .sixToFour: 1
    case .isatap: 2
    case .teredo: 3
    case .sixInSix: 4
    case .fourInSix: 5
    }
  }
}

extension IPAddress {
  /// The first address of the /48 that 6to4 makes of an IPv4 address (RFC 3056 §2), with the usual ::1.
  public var asSixToFour: IPAddress {
    IPAddress(ipv6High: 0x2002 << 48 | UInt64(ipv4Bits) << 16, low: 1)
  }

  /// The link-local address that ISATAP makes of an IPv4 address (RFC 5214 §6.1); the bit that says "unique" is set
  /// for a global one.
  public var asISATAP: IPAddress {
    let unique: UInt64 = scope == .global ? 0x0200 << 48 : 0
    return IPAddress(ipv6High: 0xfe80 << 48, low: unique | 0x5efe << 32 | UInt64(ipv4Bits))
  }
}

extension ProbeKind {
  /// The address inside, of a tunnel probe.
  var inner: IPAddress? { if case .tunnel(_, let inner) = self { inner } else { nil } }
}

extension ProbeWriter {
  /// Where the packet inside a tunnel probe comes from: the address that a tunnel of its kind would lead back to.
  ///
  /// - Parameter outer: the source of the packet that carries it.
  func innerSource(of probe: Int, outer: IPAddress?) -> IPAddress? {
    guard case .tunnel(let tunnel, _) = probes[probe].kind else { return nil }
    return switch tunnel {
    case .sixInFour, .sixInSix: vantage.ipv6
    case .fourInSix: vantage.ipv4
    case .sixToFour: outer?.asSixToFour
    case .isatap: outer?.asISATAP
    case .teredo: nil
    }
  }

  /// Writes an echo request inside a packet that carries it; 0 bytes if it would have no source.
  func emitTunnel(
    _ tunnel: TunnelKind, _ inner: IPAddress, probe: Int, attempt: Int, source: IPAddress,
    into packet: inout MutableRawSpan, at offset: Int
  ) -> Int {
    guard let innerSource = innerSource(of: probe, outer: source) else { return 0 }
    let cookie = ProbeCookie(
      key: key, source: innerSource, probe: probes[probe], index: UInt32(truncatingIfNeeded: probe))
    let target = probes[probe].target
    let start = offset + target.family.headerLength
    let message = start + inner.family.headerLength
    let length = Self.emitEcho(
      cookie.identifier, cookie.sequence(attempt: attempt), data: cookie.echoData(attempt: attempt),
      from: innerSource, to: inner, into: &packet, at: message)
    Self.emitHeader(
      .icmp(inner.family), length, cookie, from: innerSource, to: inner, into: &packet, at: start)
    let carried = inner.family.headerLength + length
    Self.emitHeader(
      inner.family == .ipv4 ? .ipv4 : .ipv6, carried, cookie, from: source, to: target, into: &packet,
      at: offset)
    return target.family.headerLength + carried
  }

  private static func emitHeader(
    _ upperLayer: IPProtocol, _ length: Int, _ cookie: ProbeCookie, from source: IPAddress,
    to target: IPAddress,
    into packet: inout MutableRawSpan, at start: Int
  ) {
    switch target.family {
    case .ipv4:
      var header = IPv4Header(
        source: source, destination: target, upperLayer: upperLayer, payloadLength: length)
      header.identification = cookie.identification
      header.emit(into: &packet, at: start)
    case .ipv6:
      var header = IPv6Header(
        source: source, destination: target, nextHeader: upperLayer, payloadLength: length)
      header.flowLabel = cookie.flowLabel
      header.emit(into: &packet, at: start)
    }
  }

  /// Writes a datagram with the question of its port's usual service, if that is short.
  static func emitDatagram(
    _ sourcePort: UInt16, _ port: UInt16, cookie: ProbeCookie, from source: IPAddress, to target: IPAddress,
    into packet: inout MutableRawSpan, at start: Int
  ) -> Int {
    let payload = SweepPayload(shortFor: port)
    let bytes = payload.bytes
    for (index, byte) in bytes.enumerated() {
      packet.set(byte, at: start + UDPHeader.byteCount + index)
    }
    payload.patch(&packet, at: start + UDPHeader.byteCount, cookie)
    let header = UDPHeader(sourcePort: sourcePort, destinationPort: port, dataLength: bytes.count)
    header.emit(source: source, destination: target, into: &packet, at: start)
    return header.length
  }
}

extension SweepPayload {
  /// The payload for a port, empty where it would not fit into an audit's probe.
  init(shortFor port: UInt16) {
    let usual = SweepPayload(port: port)
    self = usual.bytes.count <= 64 ? usual : .empty
  }
}

extension ProbeEngine {
  /// The tunnel probes of a list by the address inside.
  static func tunnels(among probes: [Probe]) -> [IPAddress: [UInt32]] {
    var tunnels: [IPAddress: [UInt32]] = [:]
    for (index, probe) in probes.enumerated() {
      if let inner = probe.kind.inner { tunnels[inner, default: []].append(UInt32(index)) }
    }
    return tunnels
  }

  /// The tunnel probe whose inner echo this answers, whether the answer came natively or was carried itself.
  func findTunnel(_ reply: ICMPMessage, data: UInt64?, from inner: IPAddress, to source: IPAddress) -> Match?
  {
    for index in tunnels[inner] ?? [] {
      let cookie = ProbeCookie(
        key: writer.key, source: source, probe: writer.probes[Int(index)], index: index)
      let place = order.place(of: Int(index))
      let attempt = cookie.attempt(
        identifier: reply.identifier, sequence: reply.sequence, sent: Int(states[place].attempts))
      if let attempt, data == nil || data == cookie.echoData(attempt: attempt) {
        return Match(place: place, attempt: attempt)
      }
    }
    return nil
  }

  /// Takes a packet that carries another one: only an echo reply to a tunnel probe is of use.
  mutating func acceptCarried(_ packet: RawSpan, _ carrier: IPPacket, now: UInt64) throws(PacketError) {
    guard !tunnels.isEmpty else { throw .unsupported }
    let carried = packet.extracting(carrier.payload)
    let ip = try IPPacket(parsing: carried)
    guard ip.upperLayer == .icmp(ip.family), ip.fragmentOffset == 0 else { throw .unsupported }
    let bytes = carried.extracting(ip.payload)
    let message = try ICMPMessage(parsing: bytes, family: ip.family)
    guard message.kind == .echoReply else { throw .unsupported }
    guard ICMPMessage.checksumState(of: ip, in: carried) != .wrong else { throw .badChecksum }
    let data = bytes.byteCount >= 16 ? bytes.uint64(at: ICMPMessage.byteCount) : nil
    guard let match = findTunnel(message, data: data, from: ip.source, to: ip.destination) else {
      counters.forged += 1
      return
    }
    settle(match, .answered, now: now)
  }

  /// Takes a datagram: an answer to one of ours if it comes back to its port and repeats what it must.
  mutating func acceptDatagram(_ packet: RawSpan, _ ip: IPPacket, now: UInt64) throws(PacketError) {
    let datagram = packet.extracting(ip.payload)
    let header = try UDPHeader(parsing: datagram)
    guard UDPHeader.checksumState(of: ip, in: packet) != .wrong else { throw .badChecksum }
    let payload = datagram.extracting(UDPHeader.byteCount..<datagram.byteCount)
    let wanted = Probe(target: ip.source, kind: .datagram(port: header.sourcePort))
    let match = find(wanted, source: ip.destination) { cookie, sent in
      SweepPayload(shortFor: header.sourcePort).isAnswered(by: payload, cookie)
        ? cookie.attempt(port: header.destinationPort, sent: sent) : nil
    }
    guard let match else {
      counters.forged += 1
      return
    }
    settle(match, .answered, now: now)
  }
}
