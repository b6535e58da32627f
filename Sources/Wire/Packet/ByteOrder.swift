/// Numbers in network byte order at any offset. Every access is checked against the end of the span: an offset
/// outside traps, so parsers compare lengths first and these checks never fire.
extension RawSpan {
  /// The byte at `offset`.
  @inlinable @inline(__always) public func uint8(at offset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The 16-bit number in network order at `offset`.
  @inlinable @inline(__always) public func uint16(at offset: Int) -> UInt16 {
    unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self).bigEndian
  }

  /// The 32-bit number in network order at `offset`.
  @inlinable @inline(__always) public func uint32(at offset: Int) -> UInt32 {
    unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian
  }

  /// The 64-bit number in network order at `offset`.
  @inlinable @inline(__always) public func uint64(at offset: Int) -> UInt64 {
    unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
  }

  /// The address of `family` at `offset`: 4 or 16 bytes.
  @inlinable @inline(__always) public func address(_ family: AddressFamily, at offset: Int) -> IPAddress {
    switch family {
    case .ipv4: IPAddress(ipv4: uint32(at: offset))
    case .ipv6: IPAddress(ipv6High: uint64(at: offset), low: uint64(at: offset + 8))
    }
  }
}

extension MutableRawSpan {
  /// Writes one byte.
  @inlinable @inline(__always) public mutating func set(_ value: UInt8, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
  }

  /// Writes a 16-bit number in network order.
  @inlinable @inline(__always) public mutating func set(_ value: UInt16, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
  }

  /// Writes a 32-bit number in network order.
  @inlinable @inline(__always) public mutating func set(_ value: UInt32, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
  }

  /// Writes a 64-bit number in network order.
  @inlinable @inline(__always) public mutating func set(_ value: UInt64, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
  }

  /// Writes an address as its 4 or 16 bytes.
  @inlinable @inline(__always) public mutating func set(_ address: IPAddress, at offset: Int) {
    switch address.family {
    case .ipv4: set(address.ipv4Bits, at: offset)
    case .ipv6:
      set(address.high, at: offset)
      set(address.low, at: offset + 8)
    }
  }

  /// Copies bytes that lie elsewhere.
  public mutating func copy(_ bytes: RawSpan, at offset: Int) {
    let count = bytes.byteCount
    var place = 0
    while place + 8 <= count {
      set(bytes.uint64(at: place), at: offset + place)
      place += 8
    }
    while place < count {
      set(bytes.uint8(at: place), at: offset + place)
      place += 1
    }
  }
}
