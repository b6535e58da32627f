import Wire

/// A name in one of the reverse trees, as the digits that stand in it: nibbles of an IPv6 address (RFC 3596 §2.5), octets of an
/// IPv4 one (RFC 1035 §3.5).
public struct ReverseNode: Sendable, Hashable {
  /// The family whose tree it is in.
  public let family: AddressFamily
  /// The digits from the root of the tree down, most significant first.
  public let digits: [UInt8]

  /// The node that a prefix is: its length must end at a digit.
  public init?(_ prefix: Prefix) {
    family = prefix.address.family
    let width = family == .ipv6 ? 4 : 8
    guard prefix.length % width == 0 else { return nil }
    digits = (0..<prefix.length / width).map { Self.digit(prefix.address, $0) }
  }

  private init(_ family: AddressFamily, _ digits: [UInt8]) { (self.family, self.digits) = (family, digits) }

  private static func digit(_ address: IPAddress, _ place: Int) -> UInt8 {
    if address.family == .ipv4 {
      return UInt8(truncatingIfNeeded: address.ipv4Bits >> UInt32(24 - 8 * place))
    }
    let word = place < 16 ? address.high : address.low
    return UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place % 16))) & 15
  }

  /// How many digits an address has.
  var depth: Int { family == .ipv6 ? 32 : 4 }
  /// How many children a node has at most.
  var breadth: Int { family == .ipv6 ? 16 : 256 }

  /// Whether it stands for one address.
  public var isAddress: Bool { digits.count == depth }

  /// The address it stands for; `nil` for a node above.
  public var address: IPAddress? {
    guard isAddress else { return nil }
    if family == .ipv4 { return IPAddress(ipv4: digits.reduce(0) { $0 << 8 | UInt32($1) }) }
    let words = [digits[..<16], digits[16...]].map { $0.reduce(0 as UInt64) { $0 << 4 | UInt64($1) } }
    return IPAddress(ipv6High: words[0], low: words[1])
  }

  /// The nodes below it.
  var children: [ReverseNode] { (0..<breadth).map { ReverseNode(family, digits + [UInt8($0)]) } }

  /// A node far below whose digits are drawn by lot.
  func below(_ random: inout some RandomNumberGenerator) -> ReverseNode {
    ReverseNode(
      family,
      digits + (digits.count..<depth).map { _ in UInt8.random(in: 0...UInt8(breadth - 1), using: &random) })
  }

  /// The name to ask for.
  public var name: String {
    let labels = digits.reversed().map { family == .ipv6 ? String($0, radix: 16) : String($0) }
    return (labels + [family == .ipv6 ? "ip6.arpa" : "in-addr.arpa"]).joined(separator: ".")
  }
}
