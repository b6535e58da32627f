import Wire

/// Two hosts in documentation space, to write packets between.
enum Sample {
  static func source(_ family: AddressFamily) -> IPAddress {
    family == .ipv4 ? IPAddress(ipv4: 0xc000_0201) : IPAddress(ipv6High: 0x2001_0db8_0001_0000, low: 1)
  }

  static func destination(_ family: AddressFamily) -> IPAddress {
    family == .ipv4 ? IPAddress(ipv4: 0xc633_6402) : IPAddress(ipv6High: 0x2001_0db8_0002_0000, low: 2)
  }

  /// Writes an IP header from one to the other at the start of `packet`.
  static func emitHeader(
    _ family: AddressFamily, _ upperLayer: IPProtocol, payloadLength: Int, into packet: inout MutableRawSpan
  ) {
    switch family {
    case .ipv4:
      IPv4Header(
        source: source(family), destination: destination(family), upperLayer: upperLayer,
        payloadLength: payloadLength
      ).emit(into: &packet)
    case .ipv6:
      IPv6Header(
        source: source(family), destination: destination(family), nextHeader: upperLayer,
        payloadLength: payloadLength
      ).emit(into: &packet)
    }
  }
}
