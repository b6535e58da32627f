extension FrameGenerator {
  /// Something for an IP packet to carry.
  mutating func upperLayer(_ isIPv4: Bool) -> UpperLayer {
    switch random.below(20) {
    case 0..<6: tcp()
    case 6..<8: udp()
    case 8..<11: dns()
    case 11..<13: echo(isIPv4)
    case 13..<17: icmpError(isIPv4)
    case 17..<19: otherICMP(isIPv4)
    default: nothingKnown(isIPv4)
    }
  }

  /// Ports that neither Wireshark nor we take for a protocol's, and a few that we probe.
  mutating func port() -> UInt16 {
    random.onceIn(3) ? random.pick([22, 25, 80, 443]) : UInt16(61_000 + random.below(4000))
  }

  /// RFC 9293 §3.1.
  private mutating func tcp() -> UpperLayer {
    let options = random.onceIn(4) ? (bytes: [], story: "no options") : tcpOptions()
    let flags: UInt8 = random.pick([0x02, 0x12, 0x14, 0x04, 0x10, 0x18, 0x11, 0xc2, UInt8(random.below(256))])
    let offset = UInt8((20 + options.bytes.count) / 4) << 4
    var header = [UInt8].short(port()) + .short(port()) + bytes(8) + [offset, flags]
    header += bytes(2) + [0, 0] + bytes(2) + options.bytes
    let data = random.onceIn(3) ? bytes(random.below(40)) : []
    var story = "TCP flags \(flags) with \(options.story)"
    if random.onceIn(40) {
      // Shorter than itself, or longer than the segment.
      header[12] = random.onceIn(2) ? 0x40 : 0xf0
      story += ", data offset \(header[12] >> 4)"
    }
    return UpperLayer(protocolNumber: 6, bytes: header + data, checksumOffset: 16, story: story)
  }

  /// All kinds that IANA lists as in use and some that end the list early.
  private mutating func tcpOptions() -> (bytes: [UInt8], story: String) {
    var options: [UInt8] = []
    var kinds: [String] = []
    for _ in 0...random.below(6) {
      let option: [UInt8]
      switch random.below(15) {
      case 0: option = [1]
      case 1, 2: option = [2, 4] + bytes(2)
      case 3: option = [3, 3, UInt8(random.below(15))]
      case 4: option = [3, 3, UInt8(random.below(256))]
      case 5, 6: option = [4, 2]
      case 7: option = [5, 10] + bytes(8)
      case 8: option = [8, 10] + bytes(8)
      case 9: option = [19, 18] + bytes(16)
      case 10: option = [34, 10] + bytes(8)
      case 11: option = [28, 4] + bytes(2)
      case 12: option = [30, 4] + [0x20, 0]
      case 13: option = [253, 6] + bytes(4)
      default: option = random.pick([[0], [2, 3, 9], [2, 1, 5, 0xb4], [3, 0], [8, 60], [4, 4, 0, 0]])
      }
      guard options.count + option.count <= 40 else { break }
      options += option
      kinds.append("\(option[0])\(option.count > 1 ? "/\(option[1])" : "")")
    }
    return (options.padded(to: 4), "options \(kinds.joined(separator: " "))")
  }

  /// RFC 768, now and then with a length that is not that of the packet.
  private mutating func udp() -> UpperLayer {
    udp(from: port(), to: port(), bytes(random.below(40)), story: "UDP")
  }

  private mutating func udp(
    from source: UInt16, to destination: UInt16, _ data: [UInt8], story: String
  ) -> UpperLayer {
    var length = 8 + data.count
    var story = story
    if random.onceIn(12) {
      length = random.pick([0, 7, 8, max(8, length - 3), length + 5])
      story += " that states \(length) bytes"
    }
    let header = [UInt8].short(source) + .short(destination) + .short(length) + [0, 0]
    return UpperLayer(
      protocolNumber: 17, bytes: header + data, checksumOffset: 6, coveredLength: max(8, length), story: story
    )
  }

  /// A DNS message over UDP.
  private mutating func dns() -> UpperLayer {
    let message = dnsMessage()
    let client = UInt16(61_000 + random.below(4000))
    return message[2] & 0x80 == 0
      ? udp(from: client, to: 53, message, story: "DNS query")
      : udp(from: 53, to: client, message, story: "DNS response")
  }

  /// What is no protocol of ours: ESP (RFC 4303), No Next Header (RFC 8200 §4.7), SCTP, an unassigned number, and
  /// the ICMP of the other family.
  private mutating func nothingKnown(_ isIPv4: Bool) -> UpperLayer {
    let number: UInt8 = random.pick([50, 59, 132, 200, isIPv4 ? 58 : 1])
    return UpperLayer(protocolNumber: number, bytes: bytes(24), story: "protocol \(number)")
  }
}
