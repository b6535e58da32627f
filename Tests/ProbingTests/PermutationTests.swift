import SeededRandom
import Testing
import Wire

@testable import Probing

@Suite struct PermutationTests {
  private func key(_ seed: UInt64) -> SipHashKey { SipHashKey(low: seed, high: ~seed &* 0x9e37_79b9) }

  @Test("every number comes once, whatever the count and the key")
  func bijection() {
    var random = SplitMix64(seed: 4)
    let counts = Array(1...300) + [511, 512, 513, 1023, 4096, 65_535, 65_536, 65_537, 100_003]
    for count in counts {
      let permutation = Permutation(count: count, key: key(random.next()))
      var seen = Array(repeating: false, count: count)
      var isInverse = true
      for place in 0..<count {
        seen[permutation[place]] = true
        isInverse = isInverse && permutation.place(of: permutation[place]) == place
      }
      #expect(!seen.contains(false), "\(count)")
      #expect(isInverse, "\(count)")
    }
  }

  @Test("another key gives another order, the same key the same")
  func keyed() {
    let first = Permutation(count: 1000, key: key(1))
    let again = Permutation(count: 1000, key: key(1))
    let other = Permutation(count: 1000, key: key(2))
    #expect((0..<1000).allSatisfy { first[$0] == again[$0] })
    #expect((0..<1000).count { first[$0] == other[$0] } < 20)
  }

  @Test("neighbours in the list are far apart in the order")
  func spread() {
    let count = 1 << 16
    let permutation = Permutation(count: count, key: key(9))
    let near = (1..<count).count { abs(permutation[$0] - permutation[$0 - 1]) < 64 }
    // Of uniformly random pairs, 127 in 65536 are that near.
    #expect(near < 200)
    let rising = (1..<count).count { permutation[$0] > permutation[$0 - 1] }
    #expect((count / 2 - 1000...count / 2 + 1000).contains(rising))
  }
}
