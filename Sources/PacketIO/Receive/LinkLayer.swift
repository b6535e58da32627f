import CPcap
import Wire

/// Where the IP packet begins in what libpcap hands over, by the kind of link.
enum LinkLayer: Int32, CaseIterable {
  case ethernet = 1
  case raw = 12
  case ipv4 = 228
  case ipv6 = 229
  /// What libpcap puts before packets of links it has no better name for ("Linux cooked").
  case cooked = 113
  case cooked2 = 276

  /// The offset of the IP packet; `nil` if the frame holds none or is cut off before it.
  func packetOffset(in frame: RawSpan) -> Int? {
    switch self {
    case .raw, .ipv4, .ipv6: frame.byteCount > 0 ? 0 : nil
    case .ethernet:
      switch try? EthernetHeader(parsing: frame) {
      case .some(let header) where header.type == .ipv4 || header.type == .ipv6: header.payloadOffset
      default: nil
      }
    // The protocol is an EtherType: last in the 16 bytes of the first version, first in the 20 of the second.
    case .cooked: Self.offset(in: frame, typeAt: 14, header: 16)
    case .cooked2: Self.offset(in: frame, typeAt: 0, header: 20)
    }
  }

  private static func offset(in frame: RawSpan, typeAt: Int, header: Int) -> Int? {
    guard frame.byteCount >= header else { return nil }
    var start = header
    var type = EtherType(rawValue: frame.uint16(at: typeAt))
    for _ in 0..<2 where type == .vlan || type == .serviceVLAN {
      guard frame.byteCount >= start + 4 else { return nil }
      type = EtherType(rawValue: frame.uint16(at: start + 2))
      start += 4
    }
    return type == .ipv4 || type == .ipv6 ? start : nil
  }
}
