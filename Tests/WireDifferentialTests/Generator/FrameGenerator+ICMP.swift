import Probing
import Wire

extension FrameGenerator {
  /// Echo requests and replies (RFC 792, RFC 4443 §4).
  mutating func echo(_ isIPv4: Bool) -> UpperLayer {
    let type: UInt8 = random.onceIn(2) ? (isIPv4 ? 8 : 128) : (isIPv4 ? 0 : 129)
    return icmp(isIPv4, [type, 0, 0, 0] + bytes(4 + random.below(30)), story: "echo \(type)")
  }

  /// Every other type that IANA lists, with whatever behind it.
  mutating func otherICMP(_ isIPv4: Bool) -> UpperLayer {
    let types4: [UInt8] = [4, 5, 9, 10, 13, 14, 15, 16, 17, 18, 30, 40, 42, 43, 253]
    let types6: [UInt8] =
      [0, 5, 100, 127] + Array(130...155) + [157, 158, 159, 160, 161, 200, 255]
    let type = random.pick(isIPv4 ? types4 : types6)
    return icmp(isIPv4, [type, 0, 0, 0] + bytes(4 + random.below(60)), story: "ICMP type \(type)")
  }

  /// An error about a probe of ours, or about something else.
  mutating func icmpError(_ isIPv4: Bool) -> UpperLayer {
    let type: UInt8 = isIPv4 ? random.pick([3, 3, 3, 11, 12]) : UInt8(1 + random.below(4))
    let code: UInt8 = isIPv4 && type == 3 ? UInt8(random.below(16)) : UInt8(random.below(7))
    var quote = random.onceIn(5) ? strangersPacket(isIPv4) : probe(isIPv4)
    if !isIPv4, random.onceIn(3) { quote = behindExtensionHeaders(quote) }
    // A router has counted the hop limit down, and need not have put the checksum right (RFC 792).
    quote.bytes[isIPv4 ? 8 : 7] = UInt8(random.below(3))
    let header = isIPv4 ? 20 : 40
    var story = "ICMP error \(type)/\(code) quoting \(quote.story)"
    switch random.below(8) {
    case 0, 1:
      quote.bytes = Array(quote.bytes.prefix(header + 8))
      story += ", 8 bytes of it"
    case 2:
      quote.bytes = Array(quote.bytes.prefix(header + random.below(24)))
      story += ", \(quote.bytes.count) bytes with its header"
    case 3 where quote.bytes.count <= 128:
      // An extension object behind 128 bytes (RFC 4884 §4.1, §7), its length field in words or double words.
      quote.bytes += [UInt8](repeating: 0, count: 128 - quote.bytes.count)
      let object: [UInt8] = [0, 8, 1, 1, 0, 1, 0x41, 0xff]
      let structure: [UInt8] = [0x20, 0, 0, 0] + object
      quote.bytes += [0x20, 0] + .short(~onesComplementSum(structure)) + object
      story += ", with an extension"
      let length: [UInt8] = isIPv4 ? [0, 32, 0, 0] : [16, 0, 0, 0]
      return icmp(isIPv4, [type, code, 0, 0] + length + quote.bytes, story: story)
    default: break
    }
    let parameter: [UInt8] = [0, 0] + .short(random.pick([0, 1280, 1500, 40]))
    return icmp(isIPv4, [type, code, 0, 0] + parameter + quote.bytes, story: story)
  }

  private func icmp(_ isIPv4: Bool, _ bytes: [UInt8], story: String) -> UpperLayer {
    UpperLayer(
      protocolNumber: isIPv4 ? 1 : 58, bytes: bytes, checksumOffset: 2, coversAddresses: !isIPv4, story: story
    )
  }

  /// A packet as the program sends it.
  private mutating func probe(_ isIPv4: Bool) -> Packet {
    let kind: ProbeKind = random.onceIn(2) ? .echo : .tcpSYN(port: port())
    guard let target = IPAddress(bytes: address(isIPv4)), let source = IPAddress(bytes: address(isIPv4))
    else {
      return Packet(bytes: [], story: "nothing")
    }
    let engine = ProbeEngine(
      probes: [Probe(target: target, kind: kind)], settings: ProbeSettings(),
      key: SipHashKey(low: random.next(), high: random.next()))
    var buffer = [UInt8](repeating: 0, count: ProbeWriter.packetCapacity)
    var span = buffer.mutableSpan
    var raw = span.mutableBytes
    let length = engine.emit(probe: 0, attempt: random.below(3), source: source, into: &raw)
    return Packet(bytes: Array(buffer.prefix(length)), story: "a probe \(kind)")
  }

  /// A packet that the program does not send, but a machine beside it might.
  private mutating func strangersPacket(_ isIPv4: Bool) -> Packet {
    let (source, destination) = (address(isIPv4), address(isIPv4))
    let ports = [UInt8].short(port()) + .short(port())
    let (number, payload, story): (UInt8, [UInt8], String) =
      switch random.below(4) {
      case 0: (17, ports + .short(20) + bytes(14), "a UDP datagram")
      case 1: (isIPv4 ? 1 : 58, [isIPv4 ? 0 : 129, 0] + bytes(14), "an echo reply")
      case 2: (132, ports + bytes(20), "an SCTP packet")
      default: (6, ports + bytes(8) + [0x50, 0x10] + bytes(6), "a TCP segment")
      }
    let packet =
      isIPv4
      ? plainIPv4(from: source, to: destination, number, payload)
      : [0x60, 0, 0, 0] + .short(payload.count) + [number, 64] + source + destination + payload
    return Packet(bytes: packet, story: story)
  }

  private func plainIPv4(
    from source: [UInt8], to destination: [UInt8], _ number: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    var header: [UInt8] = [0x45, 0] + .short(20 + payload.count) + [0, 0, 0, 0, 64, number, 0, 0]
    header += source + destination
    header.set(~onesComplementSum(header), at: 10)
    return header + payload
  }

  /// The same IPv6 packet with a chain of headers put in.
  private mutating func behindExtensionHeaders(_ packet: Packet) -> Packet {
    let chain = extensionHeaders(1 + random.below(3), before: packet.bytes[6])
    var bytes = packet.bytes
    bytes[6] = chain.first
    bytes.insert(contentsOf: chain.bytes, at: 40)
    bytes.set(UInt16(bytes.count - 40), at: 4)
    return Packet(bytes: bytes, story: "\(packet.story) behind \(chain.story)")
  }
}
