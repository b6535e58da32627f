import SeededRandom
import Testing

@testable import Probing

@Suite struct TimerTests {
  @Test(
    "a wheel ends every deadline once, never early, at most a slot late", arguments: 0..<30 as Range<UInt64>)
  func wheel(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let longest: UInt64 = random.pick([1, 1000, 70_000_000, 1_000_000_000, 3_600_000_000_000] as [UInt64])
    var wheel = TimerWheel(itemCount: 500, longest: longest)
    var running: [UInt32: UInt64] = [:]
    var now = random.next() % 1_000_000_000_000
    for _ in 0..<3_000 {
      while let item = wheel.popDue(at: now) {
        guard let deadline = running.removeValue(forKey: item) else {
          Issue.record("item \(item) ended without a deadline")
          return
        }
        #expect(deadline <= now, "early by \(deadline - now)")
      }
      for (item, deadline) in running where deadline + wheel.tick <= now {
        Issue.record("item \(item) is late by \(now - deadline), a slot is \(wheel.tick)")
      }
      #expect((wheel.nextTime ?? .max) > now)
      #expect((wheel.nextTime == nil) == running.isEmpty)
      for _ in 0..<random.below(4) {
        let item = UInt32(random.below(500))
        if running[item] == nil {
          let deadline = now + random.next() % (longest + 1)
          running[item] = deadline
          wheel.insert(item, at: deadline)
        }
      }
      // Sometimes a short step, sometimes straight to the next deadline, sometimes far beyond.
      switch random.below(8) {
      case 0: now = wheel.nextTime ?? now + 1
      case 1: now += random.next() % (3 * longest + 1)
      default: now += random.next() % (longest / 50 + 2)
      }
    }
  }

  @Test("a heap gives back what is due, the earliest first")
  func heap() {
    var random = SplitMix64(seed: 3)
    var heap = TimerHeap()
    var times: [UInt32: UInt64] = [:]
    for item in 0..<2_000 as Range<UInt32> {
      times[item] = random.next() % 1_000
      heap.insert(item, at: times[item] ?? 0)
    }
    var last: UInt64 = 0
    for now in 0..<1_000 as Range<UInt64> {
      while let item = heap.popDue(at: now) {
        let time = times.removeValue(forKey: item) ?? .max
        #expect(time <= now && time >= last)
        last = time
      }
      #expect((heap.nextTime ?? .max) > now)
    }
    #expect(times.isEmpty)
  }
}
