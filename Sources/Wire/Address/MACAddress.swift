/// A 48-bit IEEE 802 address.
public struct MACAddress: Sendable, Hashable, LosslessStringConvertible {
  /// The address in the lower 48 bits, the first byte on the wire uppermost.
  public let bits: UInt64

  /// An address from its lower 48 bits.
  @inlinable public init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

  /// Reads six pairs of hexadecimal digits joined by `:` or `-`.
  public init?(_ text: String) {
    let separator: Character = text.contains("-") ? "-" : ":"
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var bits: UInt64 = 0
    for part in parts {
      guard part.utf8.count == 2, part.allSatisfy(\.isHexDigit), let byte = UInt8(part, radix: 16) else {
        return nil
      }
      bits = bits << 8 | UInt64(byte)
    }
    self.bits = bits
  }

  /// Byte `index` (0–5) in transmission order.
  @inlinable public func byte(at index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * index))
  }

  /// Lower-case pairs joined by colons.
  public var description: String {
    (0..<6).map { index in
      let text = String(byte(at: index), radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined(separator: ":")
  }
}
