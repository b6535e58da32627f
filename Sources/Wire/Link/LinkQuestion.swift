/// A question to the stations of an Ethernet link, as a frame.
public enum LinkQuestion: Sendable, Hashable {
  /// An echo to all nodes, ff02::1 (RFC 4291 §2.7.1).
  ///
  /// - Parameter source: which address of its own the interface asks from; `nil`: its link-local one. Stations answer from an
  ///   address of the same scope (RFC 6724 §5), so that each prefix of the link is asked from by itself.
  case allNodes(from: IPAddress? = nil, identifier: UInt16, sequence: UInt16)
  /// The same with a destination option that nobody knows and whose type asks for a Parameter Problem also where the packet was
  /// for many (RFC 8200 §4.2): stations that answer no echo to all nodes answer this.
  case unknownOption(from: IPAddress? = nil, identifier: UInt16, sequence: UInt16)
  /// Who listens to which groups: an MLDv2 general query (RFC 3810 §5.1).
  ///
  /// - Parameter delay: within how many milliseconds they are to answer.
  case listeners(delay: UInt16)
  /// Who has an IPv4 address (RFC 826).
  case arp(IPAddress)
  /// Who has an IPv6 address (RFC 4861 §4.3).
  case neighbour(IPAddress)

  /// The frame.
  ///
  /// - Parameters:
  ///   - mac: of the interface that asks.
  ///   - source: its address: link-local, of IPv4 for ARP.
  public func frame(from mac: MACAddress, source: IPAddress) -> [UInt8] {
    switch self {
    case .allNodes(_, let identifier, let sequence):
      return ipv6(from: mac, source, to: Self.nodes, next: 58, Self.echo(identifier, sequence), options: [])
    case .unknownOption(_, let identifier, let sequence):
      // Type 10 (discard, and say so also of multicast), no flag to change it on the way, number 0 (never assigned).
      let option: [UInt8] = [58, 0, 0x80, 4, 0, 0, 0, 0]
      return ipv6(
        from: mac, source, to: Self.nodes, next: 60, Self.echo(identifier, sequence), options: option)
    case .listeners(let delay):
      var message: [UInt8] = [130, 0, 0, 0, UInt8(delay >> 8), UInt8(delay & 0xff), 0, 0]
      message += [UInt8](repeating: 0, count: 16) + [0x02, 125, 0, 0]
      // Router alert (RFC 2711), padded to eight bytes.
      return ipv6(
        from: mac, source, to: Self.nodes, next: 0, message, options: [58, 0, 5, 2, 0, 0, 1, 0], hops: 1)
    case .arp(let target):
      return Self.ethernet(MACAddress(bits: 0xffff_ffff_ffff), mac, 0x0806) + [0, 1, 8, 0, 6, 4, 0, 1]
        + Self.bytes(mac) + source.bytes + [UInt8](repeating: 0, count: 6) + target.bytes
    case .neighbour(let target):
      let group = IPAddress(ipv6High: 0xff02_0000_0000_0000, low: 0x1_ff00_0000 | target.low & 0xff_ffff)
      let message = [135, 0, 0, 0, 0, 0, 0, 0] + target.bytes + [1, 1] + Self.bytes(mac)
      return ipv6(from: mac, source, to: group, next: 58, message, options: [], hops: 255)
    }
  }

  private static let nodes = IPAddress(ipv6High: 0xff02_0000_0000_0000, low: 1)

  private static func echo(_ identifier: UInt16, _ sequence: UInt16) -> [UInt8] {
    [
      128, 0, 0, 0, UInt8(identifier >> 8), UInt8(identifier & 0xff), UInt8(sequence >> 8),
      UInt8(sequence & 0xff),
    ]
  }

  private func ipv6(
    from mac: MACAddress, _ source: IPAddress, to group: IPAddress, next: UInt8, _ message: [UInt8],
    options: [UInt8], hops: UInt8 = 64
  ) -> [UInt8] {
    var message = message
    var checksum = InternetChecksum(
      source: source, destination: group, upperLayer: .icmpv6, length: message.count)
    checksum.add(message.span.bytes)
    (message[2], message[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
    let length = options.count + message.count
    // RFC 2464 §7: the group's last four bytes behind 33:33.
    let destination = MACAddress(bits: 0x3333_0000_0000 | group.low & 0xffff_ffff)
    return Self.ethernet(destination, mac, 0x86dd) + [
      0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 0xff), next, hops,
    ]
      + source.bytes + group.bytes + options + message
  }

  private static func ethernet(_ destination: MACAddress, _ source: MACAddress, _ type: UInt16) -> [UInt8] {
    bytes(destination) + bytes(source) + [UInt8(type >> 8), UInt8(type & 0xff)]
  }

  private static func bytes(_ mac: MACAddress) -> [UInt8] { (0..<6).map { mac.byte(at: $0) } }
}
