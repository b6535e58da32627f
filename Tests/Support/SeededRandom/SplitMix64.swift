/// Steele, Lea and Flood's SplitMix64 (2014): a seed gives the same numbers everywhere, so that a failure can be
/// repeated.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`; `bound` is positive.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A number in `0..<bound`; `bound` is positive.
  public mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }

  /// True once in `times` on average.
  public mutating func onceIn(_ times: Int) -> Bool { below(times) == 0 }

  /// One of the elements; there is at least one.
  public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
