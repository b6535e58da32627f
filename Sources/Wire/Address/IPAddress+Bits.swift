extension IPAddress {
  /// The bits of the address, the first on the wire uppermost, so that prefixes of both families begin at the top.
  @inlinable @inline(__always) public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// The address of a family with these bits; those behind an IPv4 address are dropped.
  @inlinable @inline(__always) public init(_ family: AddressFamily, bits: UInt128) {
    let high = UInt64(truncatingIfNeeded: bits >> 64)
    self =
      family == .ipv4
      ? IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32))
      : IPAddress(ipv6High: high, low: UInt64(truncatingIfNeeded: bits))
  }
}
