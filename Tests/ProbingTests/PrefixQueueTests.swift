import SeededRandom
import Testing
import Wire

@testable import Probing

@Suite struct PrefixQueueTests {
  private let interval = RateLimit(rate: 1000, slack: 0).interval

  /// Place 1,000 P + N is host N of prefix P.
  private func target(_ place: Int) -> IPAddress {
    IPAddress(ipv6High: 0x2001_0db8_0000_0000 | UInt64(place / 1000) << 16, low: UInt64(place % 1000))
  }

  @Test(
    "Those of one prefix leave in their order, an interval apart, also when nobody came for them for long")
  func late() {
    var queue = PrefixQueue(rate: 1000, slack: 0)
    let first = queue.admit(0, target(0), now: 0)
    #expect(first)
    for place in 1..<500 { _ = queue.admit(place, target(place), now: 0) }
    #expect(queue.count == 499)
    // All of them would have been due.
    var now = 500 * interval
    var left: [Int] = []
    while queue.count > 0 {
      while let place = queue.popDue(now: now, target: target) { left.append(place) }
      #expect(queue.nextTime.map { $0 == now + interval } ?? true)
      now += interval
    }
    #expect(left == Array(1..<500))
    #expect(now == 999 * interval)
  }

  @Test("One prefix that waits keeps no other waiting")
  func others() {
    var queue = PrefixQueue(rate: 1000, slack: 0)
    for place in 0..<100 { _ = queue.admit(place, target(place), now: 0) }
    let other = [1000, 1001].map { queue.admit($0, target($0), now: 0) }
    #expect(other == [true, false])
    #expect(queue.nextTime == interval)
    var due: Set<Int> = []
    while let place = queue.popDue(now: interval, target: target) { due.insert(place) }
    #expect(due == [1, 1001])
  }

  @Test("A packet that left late puts off the next one of its prefix, and no other")
  func noteLate() {
    var queue = PrefixQueue(rate: 1000, slack: 0)
    for place in [0, 1, 1000, 1001] { _ = queue.admit(place, target(place), now: 0) }
    queue.noteLate(target(0), now: interval / 2)
    let due = (0..<2).map { _ in queue.popDue(now: interval, target: target) }
    #expect(due == [1001, nil])
    #expect(queue.nextTime == interval + interval / 2)
    let late = queue.popDue(now: interval + interval / 2, target: target)
    #expect(late == 1)
    #expect(queue.nextTime == nil)
  }

  @Test(
    "Nobody is lost, nobody leaves twice, and no two of a prefix leave sooner than allowed, whatever comes when"
  )
  func seeds() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var queue = PrefixQueue(rate: 1000, slack: 0)
      var now: UInt64 = 0
      var last: [IPAddress: UInt64] = [:]
      var (next, left, waiting) = ([0, 1000, 2000], [Int](), Set<Int>())
      func leaves(_ place: Int) {
        let prefix = target(place).pacingPrefix
        #expect(last[prefix].map { $0 + interval <= now } ?? true, "seed \(seed)")
        last[prefix] = now
        left.append(place)
      }
      for _ in 0..<300 {
        now += UInt64.random(in: 0...(2 * interval), using: &random)
        if Bool.random(using: &random) {
          let prefix = Int.random(in: 0..<3, using: &random)
          let place = next[prefix]
          next[prefix] += 1
          if queue.admit(place, target(place), now: now) { leaves(place) } else { waiting.insert(place) }
        } else if let place = queue.popDue(now: now, target: target) {
          #expect(waiting.remove(place) != nil, "seed \(seed)")
          leaves(place)
        }
        #expect(Set(queue.places) == waiting && queue.count == waiting.count, "seed \(seed)")
      }
      while queue.count > 0 {
        now = max(now, queue.nextTime ?? now)
        while let place = queue.popDue(now: now, target: target) { leaves(place) }
      }
      // In order within each prefix, and all of them.
      for prefix in 0..<3 {
        #expect(left.filter { $0 / 1000 == prefix } == Array(1000 * prefix..<next[prefix]), "seed \(seed)")
      }
    }
  }

  @Test("What is taken out at once is out, and the prefixes keep their pace")
  func removeAll() {
    var queue = PrefixQueue(rate: 1000, slack: 0)
    for place in 0..<10 { _ = queue.admit(place, target(place), now: 0) }
    #expect(queue.places.sorted() == Array(1..<10))
    queue.removeAll()
    #expect(queue.places.isEmpty && queue.nextTime == nil && queue.count == 0)
    let isGranted = queue.admit(5, target(5), now: interval / 2)
    #expect(!isGranted)
    let due = queue.popDue(now: interval, target: target)
    #expect(due == 5)
  }
}
