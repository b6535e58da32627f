/// A domain name, kept as it stands uncompressed on the wire (RFC 1035 §3.1): at most 255 bytes, each label
/// at most 63.
///
/// Two names are equal if they differ only in the case of ASCII letters (RFC 4343 §3).
public struct DNSName: Sendable {
  /// Length-prefixed labels up to and with the root's zero.
  public let wire: [UInt8]

  /// The root.
  public static let root = DNSName(uncheckedWire: [0])

  /// The most bytes a name takes on the wire (RFC 1035 §2.3.4).
  static let maximumLength = 255
  /// The most bytes of a label.
  static let maximumLabelLength = 63

  init(uncheckedWire wire: [UInt8]) { self.wire = wire }

  /// The labels from left to right, without the root.
  public var labels: [ArraySlice<UInt8>] {
    var labels: [ArraySlice<UInt8>] = []
    var position = 0
    while wire[position] != 0 {
      let end = position + 1 + Int(wire[position])
      labels.append(wire[(position + 1)..<end])
      position = end
    }
    return labels
  }

  /// Whether this is the root.
  public var isRoot: Bool { wire.count == 1 }

  /// Upper-case ASCII letters folded. Length bytes are below 64 and so never letters.
  private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
}

extension DNSName: Hashable {
  /// Equal apart from the case of ASCII letters.
  public static func == (left: DNSName, right: DNSName) -> Bool {
    left.wire.count == right.wire.count
      && zip(left.wire, right.wire).allSatisfy { folded($0) == folded($1) }
  }

  /// Hashes the folded name.
  public func hash(into hasher: inout Hasher) {
    for byte in wire { hasher.combine(Self.folded(byte)) }
  }
}
