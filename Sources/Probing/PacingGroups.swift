import Wire

/// What is spared as a whole: each /48 and each IPv4 /24; or, where it is known that prefixes belong together, all of them.
public struct PacingGroups: Sendable, Hashable {
  /// By prefix: what stands for its group.
  private var keys = PrefixTable<IPAddress>()

  /// Each /48 and each IPv4 /24 by itself.
  public init() {}

  /// Each of `groups` as one, and whatever lies in none of them by /48 and IPv4 /24. Of two prefixes that hold an address
  /// the longer counts.
  public init(_ groups: some Sequence<[Prefix]>) {
    for group in groups {
      guard let key = group.min()?.address else { continue }
      for prefix in group { keys.set(key, for: prefix) }
    }
  }

  /// What stands for the group of an address.
  func key(of address: IPAddress) -> IPAddress {
    keys.mostSpecific(holding: address)?.value ?? address.pacingPrefix
  }
}
