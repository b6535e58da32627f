/// An IPv4 or IPv6 address as a plain value of 17 bytes: no storage to allocate, none to count.
///
/// The bits are kept left-aligned in network order in two words, so that prefixes of both families are
/// compared by the same code: an IPv4 address fills the upper 32 bits of `high`.
public struct IPAddress: Sendable, Hashable {
  /// The family the address belongs to.
  public let family: AddressFamily
  /// Bits 0–63 of the address, the first on the wire uppermost.
  public let high: UInt64
  /// Bits 64–127 of the address; zero for IPv4.
  public let low: UInt64

  /// An IPv6 address from its two halves, each in host order.
  @inlinable public init(ipv6High high: UInt64, low: UInt64) {
    self.family = .ipv6
    self.high = high
    self.low = low
  }

  /// An IPv4 address from its 32 bits in host order: `0xC0000201` is 192.0.2.1.
  @inlinable public init(ipv4 bits: UInt32) {
    self.family = .ipv4
    self.high = UInt64(bits) << 32
    self.low = 0
  }

  /// The 32 bits of an IPv4 address, in host order. Meaningless for IPv6.
  @inlinable public var ipv4Bits: UInt32 { UInt32(truncatingIfNeeded: high >> 32) }

  /// The address as it stands on the wire: 4 or 16 bytes.
  public var bytes: [UInt8] { (0..<family.byteCount).map { byte(at: $0) } }

  /// Byte `index` of the address in network order.
  @inlinable public func byte(at index: Int) -> UInt8 {
    let word = index < 8 ? high : low
    return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index & 7)))
  }

  /// The 16-bit group `index` of the address in network order.
  @inlinable public func group(at index: Int) -> UInt16 {
    let word = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index & 3)))
  }

  /// An address from 4 (IPv4) or 16 (IPv6) bytes in network order; `nil` for any other count.
  public init?(bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self.init(ipv4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      var halves = (UInt64(0), UInt64(0))
      for (index, byte) in bytes.enumerated() {
        if index < 8 {
          halves.0 = halves.0 << 8 | UInt64(byte)
        } else {
          halves.1 = halves.1 << 8 | UInt64(byte)
        }
      }
      self.init(ipv6High: halves.0, low: halves.1)
    default: return nil
    }
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by the number the address is.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    if left.family != right.family { return left.family == .ipv4 }
    return (left.high, left.low) < (right.high, right.low)
  }
}
