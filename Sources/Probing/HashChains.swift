import Wire

/// An index from a hash to the items that have it: two flat arrays, 8–12 bytes an item, nothing to allocate on a
/// lookup. Items are small numbers; whoever asks compares what they stand for.
struct HashChains: Sendable {
  /// The end of a chain.
  static let none = UInt32.max

  private var heads: [UInt32]
  private var links: [UInt32]
  private let mask: UInt64

  /// An empty index with room for items `0..<capacity`.
  init(capacity: Int) {
    var size = 16
    while size < capacity { size *= 2 }
    heads = Array(repeating: Self.none, count: size)
    links = Array(repeating: Self.none, count: capacity)
    mask = UInt64(size - 1)
  }

  /// Adds an item that is not in yet, in front of its chain.
  mutating func insert(_ item: UInt32, hash: UInt64) {
    let slot = Int(hash & mask)
    links[Int(item)] = heads[slot]
    heads[slot] = item
  }

  /// The first item of the chain for `hash`, or `none`. Items of other hashes may be in it.
  @inline(__always) func first(_ hash: UInt64) -> UInt32 { heads[Int(hash & mask)] }

  /// The item behind `item` in its chain, or `none`.
  @inline(__always) func next(_ item: UInt32) -> UInt32 { links[Int(item)] }
}

extension IPAddress {
  /// A fast hash under `key`: it spreads addresses over a table of ours and authenticates nothing.
  @inline(__always) func tableHash(_ key: SipHashKey, salt: UInt64) -> UInt64 {
    let left = (high ^ key.low).multipliedFullWidth(by: (low ^ key.high) | 1)
    let mixed = (left.high ^ left.low ^ high ^ salt).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return mixed.high ^ mixed.low
  }
}
