extension DNSName {
  /// The name without its first label; `nil` for the root.
  public var parent: DNSName? {
    if isRoot { return nil }
    return DNSName(uncheckedWire: Array(wire[(1 + Int(wire[0]))...]))
  }

  /// How many labels it has, the root's not counted.
  public var labelCount: Int { labels.count }

  /// Whether it is `other` or lies below it.
  public func isWithin(_ other: DNSName) -> Bool {
    guard wire.count >= other.wire.count else { return false }
    var name = self
    while name.wire.count > other.wire.count {
      guard let parent = name.parent else { return false }
      name = parent
    }
    return name == other
  }

  /// The name under which the PTR of an address stands (RFC 1035 §3.5, RFC 3596 §2.5).
  public init(reverseOf address: IPAddress) {
    var labels: [[UInt8]]
    switch address.family {
    case .ipv4:
      labels = address.bytes.reversed().map { Array(String($0).utf8) } + [Array("in-addr".utf8)]
    case .ipv6:
      let digits = Array("0123456789abcdef".utf8)
      labels =
        address.bytes.reversed().flatMap { [[digits[Int($0 & 15)]], [digits[Int($0 >> 4)]]] }
        + [Array("ip6".utf8)]
    }
    labels.append(Array("arpa".utf8))
    self.init(uncheckedWire: labels.flatMap { [UInt8($0.count)] + $0 } + [0])
  }
}
