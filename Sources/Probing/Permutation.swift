/// A keyed bijection of `0..<count`: the order in which targets are probed, so that consecutive packets go to
/// different hosts, and the same key gives the same order again.
///
/// A Feistel network over the smallest power of two that holds `count`, its halves of unequal width where the
/// number of bits is odd; results outside the range are mapped again until they fall inside (cycle walking, Black
/// and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002), on average less than twice. It shuffles; it keeps
/// no secret, so a fast mixing function stands in for a cipher's rounds.
public struct Permutation: Sendable {
  /// How many numbers are permuted.
  public let count: Int
  private let leftBits: UInt64
  private let rightBits: UInt64
  private let key: SipHashKey

  /// The permutation of `0..<count` under `key`.
  public init(count: Int, key: SipHashKey) {
    precondition(count >= 0, "a negative count")
    self.count = count
    self.key = key
    let bits = UInt64(max(2, Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
    leftBits = bits / 2
    rightBits = bits - leftBits
  }

  /// The number at `place` (`0..<count`) of the order.
  public subscript(place: Int) -> Int {
    precondition(place >= 0 && place < count, "place out of range")
    var value = UInt64(place)
    repeat { value = forward(value) } while value >= UInt64(count)
    return Int(value)
  }

  /// The place of `number` (`0..<count`) in the order: the inverse of the subscript.
  public func place(of number: Int) -> Int {
    precondition(number >= 0 && number < count, "number out of range")
    var value = UInt64(number)
    repeat { value = backward(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func forward(_ value: UInt64) -> UInt64 {
    var (left, right) = halves(value)
    for round in 0..<3 as Range<UInt64> {
      left ^= mixed(right, key.low &+ round) & leftMask
      right ^= mixed(left, key.high &+ round) & rightMask
    }
    return left << rightBits | right
  }

  private func backward(_ value: UInt64) -> UInt64 {
    var (left, right) = halves(value)
    for round in (0..<3 as Range<UInt64>).reversed() {
      right ^= mixed(left, key.high &+ round) & rightMask
      left ^= mixed(right, key.low &+ round) & leftMask
    }
    return left << rightBits | right
  }

  private var leftMask: UInt64 { 1 << leftBits - 1 }
  private var rightMask: UInt64 { 1 << rightBits - 1 }

  private func halves(_ value: UInt64) -> (left: UInt64, right: UInt64) {
    (value >> rightBits, value & rightMask)
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014) over the half and the round's key.
  private func mixed(_ half: UInt64, _ roundKey: UInt64) -> UInt64 {
    var value = half &* 0x9e37_79b9_7f4a_7c15 &+ roundKey
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
