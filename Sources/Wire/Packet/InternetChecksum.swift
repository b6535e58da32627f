/// The one's complement sum of RFC 1071, over any number of pieces of which only the last may be of odd length.
public struct InternetChecksum: Sendable {
  /// The running sum. 16-bit words are added unfolded: 2^48 of them would be needed to overflow.
  @usableFromInline var sum: UInt64 = 0

  /// A sum over nothing yet.
  @inlinable public init() {}

  /// The sum over the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1).
  ///
  /// - Parameter length: of the upper-layer header and data, in bytes.
  @inlinable public init(source: IPAddress, destination: IPAddress, upperLayer: IPProtocol, length: Int) {
    add(source)
    add(destination)
    sum += UInt64(upperLayer.rawValue)
    sum += UInt64(UInt16(truncatingIfNeeded: length >> 16)) + UInt64(UInt16(truncatingIfNeeded: length))
  }

  /// Adds one 16-bit word.
  @inlinable public mutating func add(_ word: UInt16) { sum += UInt64(word) }

  /// Adds one 32-bit word.
  @inlinable public mutating func add(_ word: UInt32) { sum += UInt64(word >> 16) + UInt64(word & 0xffff) }

  /// Adds one 64-bit word.
  @inlinable public mutating func add(_ word: UInt64) {
    sum += (word >> 48) + (word >> 32 & 0xffff) + (word >> 16 & 0xffff) + (word & 0xffff)
  }

  /// Adds the bytes of an address.
  @inlinable public mutating func add(_ address: IPAddress) {
    add(address.high)
    add(address.low)
  }

  /// Adds bytes; a last odd one counts as if a zero followed.
  @inlinable public mutating func add(_ bytes: RawSpan) {
    let count = bytes.byteCount
    var offset = 0
    while offset + 8 <= count {
      add(bytes.uint64(at: offset))
      offset += 8
    }
    while offset + 2 <= count {
      add(bytes.uint16(at: offset))
      offset += 2
    }
    if offset < count { sum += UInt64(bytes.uint8(at: offset)) << 8 }
  }

  /// The sum folded to 16 bits, not complemented: 0xffff over bytes that hold their own right checksum.
  @inlinable public var folded: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = (folded >> 16) + (folded & 0xffff) }
    return UInt16(truncatingIfNeeded: folded)
  }

  /// What goes into a checksum field that was zero while summing.
  @inlinable public var value: UInt16 { ~folded }

  /// Whether bytes that hold their own checksum are intact.
  @inlinable public var isIntact: Bool { folded == 0xffff }
}

/// What is known about the checksum of a captured upper-layer packet.
public enum ChecksumState: Sendable, Hashable {
  /// Right.
  case intact
  /// Wrong: the packet was damaged or made up.
  case wrong
  /// Holds the sum of the pseudo-header only: the sending kernel left the rest to hardware that a virtual link
  /// (veth, loopback) never passed, so the packet did not travel a wire.
  case offloaded
  /// Not all bytes that it covers were captured, or the packet is a fragment.
  case unverifiable
}
