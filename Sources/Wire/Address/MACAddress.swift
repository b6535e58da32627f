/// A 48-bit IEEE 802 address.
public struct MACAddress: Sendable, Hashable, LosslessStringConvertible {
  /// The address in the lower 48 bits, the first byte on the wire uppermost.
  public let bits: UInt64

  /// An address from its lower 48 bits.
  @inlinable public init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

  /// Reads six pairs of hexadecimal digits joined by `:` or `-`.
  public init?(_ text: String) {
    guard text.utf8.count == 17 else { return nil }
    var (bits, separator, place) = (UInt64(0), UInt8(ascii: ":"), 0)
    for byte in text.utf8 {
      if place == 2 {
        guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") else { return nil }
        separator = byte
      } else if place % 3 == 2 {
        guard byte == separator else { return nil }
      } else {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): bits = bits << 4 | UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): bits = bits << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): bits = bits << 4 | UInt64(byte - UInt8(ascii: "A") + 10)
        default: return nil
        }
      }
      place += 1
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
