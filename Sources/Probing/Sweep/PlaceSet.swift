/// A set of places, one bit each.
public struct PlaceSet: Sendable, Hashable {
  /// The bits, place 0 lowermost in word 0.
  public internal(set) var words: [UInt64]

  /// How many places there can be.
  public let capacity: Int

  /// An empty set over `0..<capacity`.
  public init(capacity: Int) {
    self.capacity = capacity
    words = Array(repeating: 0, count: (capacity + 63) / 64)
  }

  /// A set from words as `words` gives them; `nil` if there are too few or too many, or places behind the last.
  public init?(capacity: Int, words: [UInt64]) {
    guard capacity >= 0, words.count == (capacity + 63) / 64 else { return nil }
    if capacity % 64 > 0, words[words.count - 1] >> UInt64(capacity % 64) != 0 { return nil }
    self.capacity = capacity
    self.words = words
  }

  /// How many places are in the set.
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether a place is in the set.
  @inline(__always) public func contains(_ place: Int) -> Bool {
    words[place >> 6] >> UInt64(place & 63) & 1 != 0
  }

  /// Adds a place; whether it was new.
  @inline(__always) @discardableResult public mutating func insert(_ place: Int) -> Bool {
    let bit = 1 << UInt64(place & 63) as UInt64
    let isNew = words[place >> 6] & bit == 0
    words[place >> 6] |= bit
    return isNew
  }

  /// The first place from `place` on that is not in the set; `capacity` if there is none.
  @inline(__always) func firstAbsent(from place: Int) -> Int {
    guard place < capacity else { return capacity }
    var word = place >> 6
    var absent = ~words[word] & .max << UInt64(place & 63)
    while absent == 0 {
      word += 1
      if word == words.count { return capacity }
      absent = ~words[word]
    }
    return min(capacity, word << 6 + absent.trailingZeroBitCount)
  }
}
