import Wire

/// What is spared as a whole: each /48 and each IPv4 /24; or, where it is known that prefixes belong together, all of them.
public struct PacingGroups: Sendable, Hashable {
  /// By prefix: what stands for its group.
  private var keys: [Prefix: IPAddress] = [:]
  /// The lengths that there are, the longest first.
  private var lengths: [AddressFamily: [Int]] = [:]

  /// Each /48 and each IPv4 /24 by itself.
  public init() {}

  /// Each of `groups` as one, and whatever lies in none of them by /48 and IPv4 /24. Of two prefixes that hold an address
  /// the longer counts.
  public init(_ groups: some Sequence<[Prefix]>) {
    for group in groups {
      guard let key = group.min()?.address else { continue }
      for prefix in group { keys[prefix] = key }
    }
    for family in AddressFamily.allCases {
      lengths[family] = Set(keys.keys.filter { $0.family == family }.map(\.length)).sorted(by: >)
    }
  }

  /// What stands for the group of an address.
  func key(of address: IPAddress) -> IPAddress {
    for length in lengths[address.family] ?? [] {
      if let key = keys[Prefix(address, length: length)] { return key }
    }
    return address.pacingPrefix
  }
}
