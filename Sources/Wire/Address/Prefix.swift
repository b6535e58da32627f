/// An IP prefix in CIDR form. Bits behind the length are always zero.
public struct Prefix: Sendable, Hashable {
  /// The first address of the prefix.
  public let address: IPAddress
  /// The prefix length in bits, 0–32 or 0–128.
  public let length: Int

  /// The prefix of `length` bits (0 to the family's width) that holds `address`; host bits are cleared.
  public init(_ address: IPAddress, length: Int) {
    precondition((0...address.family.bitWidth).contains(length), "prefix length out of range")
    self.address = address.masked(to: length)
    self.length = length
  }

  /// The prefix that holds exactly one address.
  public init(only address: IPAddress) {
    self.address = address
    self.length = address.family.bitWidth
  }

  /// The family of the prefix.
  @inlinable public var family: AddressFamily { address.family }

  /// Whether `other` lies inside; an address of the other family never does.
  public func contains(_ other: IPAddress) -> Bool {
    other.family == family && other.masked(to: length) == address
  }

  /// Whether every address of `other` lies inside.
  public func contains(_ other: Prefix) -> Bool {
    other.length >= length && contains(other.address)
  }
}

extension Prefix: Comparable {
  /// By first address, then the shorter (wider) one first.
  public static func < (left: Prefix, right: Prefix) -> Bool {
    (left.address, left.length) < (right.address, right.length)
  }
}

extension Prefix: LosslessStringConvertible {
  /// Reads `2001:db8::/32` or `192.0.2.0/24`, the length in decimal without leading zeros. `nil` when it is not a prefix **or** when host bits are set;
  /// `parts(of:)` tells these two apart.
  public init?(_ text: String) {
    guard let (address, length) = Prefix.parts(of: text), address.masked(to: length) == address else {
      return nil
    }
    self.init(address, length: length)
  }

  /// The address and length as written, host bits kept; `nil` when the text is no prefix at all.
  public static func parts(of text: String) -> (address: IPAddress, length: Int)? {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let address = IPAddress(String(halves[0])),
      halves[1].utf8.allSatisfy({ (48...57).contains($0) }), halves[1] == "0" || !halves[1].hasPrefix("0"),
      let length = Int(halves[1]), length <= address.family.bitWidth
    else { return nil }
    return (address, length)
  }

  /// `address/length`, the address as RFC 5952.
  public var description: String { "\(address)/\(length)" }
}

extension IPAddress {
  /// The address with all bits behind `length` cleared.
  public func masked(to length: Int) -> IPAddress {
    let high = self.high & Self.mask(max(0, min(64, length)))
    guard family == .ipv6 else { return IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32)) }
    return IPAddress(ipv6High: high, low: low & Self.mask(max(0, length - 64)))
  }

  private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : UInt64.max << UInt64(64 - bits) }
}

extension Prefix: Codable {
  /// Reads the text form; host bits are an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let prefix = Prefix(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a prefix: \(text)")
    }
    self = prefix
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
