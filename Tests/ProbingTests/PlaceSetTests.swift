import SeededRandom
import Testing

@testable import Probing

@Suite struct PlaceSetTests {
  @Test("it holds what a set of numbers holds", arguments: [0, 1, 63, 64, 65, 1000])
  func likeASet(_ capacity: Int) {
    var random = SplitMix64(seed: UInt64(capacity))
    var places = PlaceSet(capacity: capacity)
    var numbers: Set<Int> = []
    for _ in 0..<capacity * 2 {
      let place = random.below(capacity)
      #expect(places.insert(place) == numbers.insert(place).inserted)
    }
    #expect(places.count == numbers.count)
    for place in 0..<capacity {
      #expect(places.contains(place) == numbers.contains(place))
      let next = (place..<capacity).first { !numbers.contains($0) } ?? capacity
      #expect(places.firstAbsent(from: place) == next)
    }
    #expect(places.firstAbsent(from: capacity) == capacity)
    #expect(PlaceSet(capacity: capacity, words: places.words) == places)
    #expect(PlaceSet(capacity: capacity, words: places.words + [0]) == nil)
  }
}
