/// An Internet protocol version. A family is asked for and kept: nothing in this program falls back from
/// one to the other.
public enum AddressFamily: String, Sendable, Hashable, Codable, CaseIterable {
  case ipv4
  case ipv6

  /// Length of an address of this family, in bits: 32 or 128.
  @inlinable public var bitWidth: Int { self == .ipv4 ? 32 : 128 }

  /// Length of an address of this family, in bytes: 4 or 16.
  @inlinable public var byteCount: Int { self == .ipv4 ? 4 : 16 }

  /// The name a person reads: `IPv4` or `IPv6`.
  public var label: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
