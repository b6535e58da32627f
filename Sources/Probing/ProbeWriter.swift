import Wire

/// Writes the packets of a list of probes. Immutable, so every sender may hold one.
public struct ProbeWriter: Sendable {
  /// No packet is longer than this, in bytes, Ethernet header excluded.
  public static let packetCapacity = 112

  let probes: [Probe]
  let key: SipHashKey
  /// The number that makes each probe's cookie; empty where that is its index. Only a replay, which holds some of a
  /// run's probes, has other numbers.
  var numbers: [UInt32] = []
  /// The vantage's own addresses: what an inner packet of another family than its carrier's comes from.
  var vantage = VantageAddresses()

  init(
    probes: [Probe], key: SipHashKey, numbers: [UInt32] = [], vantage: VantageAddresses = VantageAddresses()
  ) {
    self.probes = probes
    self.key = key
    self.numbers = numbers
    self.vantage = vantage
  }

  /// The key of the run's cookies. When the run is over it is no secret any more: it can then prove which replies were
  /// genuine.
  public var cookieKey: SipHashKey { key }

  /// The number of the probe at an index.
  @inline(__always) func number(_ index: UInt32) -> UInt32 {
    numbers.isEmpty ? index : numbers[Int(index)]
  }

  /// Writes the IP packet, checksums included, of one try of one probe.
  ///
  /// - Parameters:
  ///   - probe: an index into the list of probes.
  ///   - source: an address of the vantage, of the target's family.
  ///   - packet: must hold `packetCapacity` bytes from `offset` on.
  ///   - offset: where the packet begins: 14 behind an Ethernet header.
  /// - Returns: how many bytes were written.
  public func emit(
    probe: Int, attempt: Int, source: IPAddress, into packet: inout MutableRawSpan, at offset: Int = 0
  ) -> Int {
    let target = probes[probe].target
    if case .tunnel(let tunnel, let inner) = probes[probe].kind {
      return emitTunnel(
        tunnel, inner, probe: probe, attempt: attempt, source: source, into: &packet, at: offset)
    }
    precondition(source.family == target.family, "source and target of different families")
    let fields = fields(of: probe, attempt: attempt, source: source)
    let headerLength = target.family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let start = offset + headerLength
    let length: Int
    let upperLayer: IPProtocol
    switch fields.upperLayer {
    case .echo(let identifier, let sequence, let data):
      upperLayer = .icmp(target.family)
      length = Self.emitEcho(
        identifier, sequence, data: data, from: source, to: target, into: &packet, at: start)
    case .syn(let sourcePort, let port, let sequence):
      upperLayer = .tcp
      length = Self.emitSYN(
        sourcePort, port, sequence: sequence, from: source, to: target, into: &packet, at: start)
    case .datagram(let sourcePort, let port, let cookie):
      upperLayer = .udp
      length = Self.emitDatagram(
        sourcePort, port, cookie: cookie, from: source, to: target, into: &packet, at: start)
    }
    switch target.family {
    case .ipv4:
      var header = IPv4Header(
        source: source, destination: target, upperLayer: upperLayer, payloadLength: length)
      header.identification = fields.identification
      if let limit = probes[probe].kind.hopLimit { header.timeToLive = limit }
      header.emit(into: &packet, at: offset)
    case .ipv6:
      var header = IPv6Header(
        source: source, destination: target, nextHeader: upperLayer, payloadLength: length)
      header.flowLabel = fields.flowLabel
      if let limit = probes[probe].kind.hopLimit { header.hopLimit = limit }
      header.emit(into: &packet, at: offset)
    }
    return headerLength + length
  }

  /// What a cookie decides in a packet.
  private struct Fields {
    enum UpperLayer {
      case echo(identifier: UInt16, sequence: UInt16, data: UInt64)
      case syn(sourcePort: UInt16, port: UInt16, sequence: UInt32)
      case datagram(sourcePort: UInt16, port: UInt16, cookie: ProbeCookie)
    }
    var identification: UInt16
    var flowLabel: UInt32
    var upperLayer: UpperLayer
  }

  private func fields(of index: Int, attempt: Int, source: IPAddress) -> Fields {
    let probe = probes[index]
    func ordinary() -> ProbeCookie {
      ProbeCookie(
        key: key, source: source, probe: probe, index: number(UInt32(truncatingIfNeeded: index)))
    }
    func hop(_ port: UInt16?) -> HopCookie {
      HopCookie(key: key, source: source, target: probe.target, port: port)
    }
    switch probe.kind {
    case .echo:
      let cookie = ordinary()
      return Fields(
        identification: cookie.identification, flowLabel: cookie.flowLabel,
        upperLayer: .echo(
          identifier: cookie.identifier, sequence: cookie.sequence(attempt: attempt),
          data: cookie.echoData(attempt: attempt)))
    case .tcpSYN(let port):
      let cookie = ordinary()
      return Fields(
        identification: cookie.identification, flowLabel: cookie.flowLabel,
        upperLayer: .syn(
          sourcePort: cookie.sourcePort(attempt: attempt), port: port,
          sequence: cookie.initialSequence(attempt: attempt)))
    case .hop(let limit):
      let cookie = hop(nil)
      let serial = HopCookie.serial(limit: limit, attempt: attempt)
      return Fields(
        identification: cookie.identification, flowLabel: cookie.flowLabel,
        upperLayer: .echo(
          identifier: cookie.identifier, sequence: cookie.sequence(serial), data: cookie.echoData(serial)))
    case .hopSYN(let port, let limit):
      let cookie = hop(port)
      let serial = HopCookie.serial(limit: limit, attempt: attempt)
      return Fields(
        identification: cookie.identification, flowLabel: cookie.flowLabel,
        upperLayer: .syn(
          sourcePort: cookie.sourcePort, port: port, sequence: cookie.initialSequence(serial)))
    case .datagram(let port):
      let cookie = ordinary()
      return Fields(
        identification: cookie.identification, flowLabel: cookie.flowLabel,
        upperLayer: .datagram(
          sourcePort: cookie.sourcePort(attempt: attempt), port: port, cookie: cookie))
    case .tunnel: preconditionFailure("a tunnel has two headers")
    }
  }

  static func emitEcho(
    _ identifier: UInt16, _ sequence: UInt16, data: UInt64, from source: IPAddress, to target: IPAddress,
    into packet: inout MutableRawSpan, at start: Int
  ) -> Int {
    let length = ICMPMessage.byteCount + 8
    packet.set(data, at: start + ICMPMessage.byteCount)
    let echo = ICMPMessage(echoRequest: target.family, identifier: identifier, sequence: sequence)
    echo.emit(length: length, source: source, destination: target, into: &packet, at: start)
    return length
  }

  private static func emitSYN(
    _ sourcePort: UInt16, _ port: UInt16, sequence: UInt32, from source: IPAddress, to target: IPAddress,
    into packet: inout MutableRawSpan, at start: Int
  ) -> Int {
    let header = TCPHeader(sourcePort: sourcePort, destinationPort: port, sequence: sequence, flags: .syn)
    return header.emit(
      options: .commonSYN(target.family), source: source, destination: target, into: &packet, at: start)
  }
}

extension TCPOptions {
  /// What a common desktop system asks for. No timestamps: a clock that is not the kernel's would look like a host
  /// going back in time to servers that keep one clock an address (PAWS, RFC 7323 §5).
  static func commonSYN(_ family: AddressFamily) -> TCPOptions {
    TCPOptions(
      maximumSegmentSize: family == .ipv4 ? 1460 : 1440, windowScale: 8, selectiveAcknowledgment: true)
  }
}
