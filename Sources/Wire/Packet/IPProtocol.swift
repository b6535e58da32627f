/// An Internet protocol number as IANA assigns them: what follows an IPv4 or IPv6 header.
public struct IPProtocol: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public let rawValue: UInt8

  /// A protocol by its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// IPv6 Hop-by-Hop Options (RFC 8200 §4.3).
  @inlinable public static var hopByHop: Self { .init(rawValue: 0) }
  /// ICMP for IPv4 (RFC 792).
  @inlinable public static var icmp: Self { .init(rawValue: 1) }
  /// IPv4 inside another packet (RFC 2003, RFC 2473).
  @inlinable public static var ipv4: Self { .init(rawValue: 4) }
  /// IPv6 inside another packet (RFC 4213, RFC 2473).
  @inlinable public static var ipv6: Self { .init(rawValue: 41) }
  /// TCP (RFC 9293).
  @inlinable public static var tcp: Self { .init(rawValue: 6) }
  /// UDP (RFC 768).
  @inlinable public static var udp: Self { .init(rawValue: 17) }
  /// IPv6 Routing (RFC 8200 §4.4).
  @inlinable public static var routing: Self { .init(rawValue: 43) }
  /// IPv6 Fragment (RFC 8200 §4.5).
  @inlinable public static var fragment: Self { .init(rawValue: 44) }
  /// Encapsulating Security Payload (RFC 4303): nothing behind it can be read.
  @inlinable public static var esp: Self { .init(rawValue: 50) }
  /// Authentication Header (RFC 4302).
  @inlinable public static var authentication: Self { .init(rawValue: 51) }
  /// ICMPv6 (RFC 4443).
  @inlinable public static var icmpv6: Self { .init(rawValue: 58) }
  /// No Next Header (RFC 8200 §4.7).
  @inlinable public static var noNextHeader: Self { .init(rawValue: 59) }
  /// IPv6 Destination Options (RFC 8200 §4.6).
  @inlinable public static var destinationOptions: Self { .init(rawValue: 60) }

  /// The ICMP of a family.
  @inlinable public static func icmp(_ family: AddressFamily) -> Self { family == .ipv4 ? .icmp : .icmpv6 }
}
