import SeededRandom
import Testing

@testable import Probing

@Suite struct SweepThrottleTests {
  /// Seconds of a sweep of 1,000 packets each, of which so many are answered and refused.
  private static func factors(_ seconds: [(answered: UInt64, rejected: UInt64)]) -> [Double] {
    var throttle = SweepThrottle()
    var (sent, answered, rejected) = (0 as UInt64, 0 as UInt64, 0 as UInt64)
    _ = throttle.note(sent: 0, answered: 0, rejected: 0, now: 1_000_000_000)
    return seconds.enumerated().map { second, seen in
      sent += 1000
      answered += seen.answered
      rejected += seen.rejected
      _ = throttle.note(
        sent: sent, answered: answered, rejected: rejected, now: UInt64(second + 2) * 1_000_000_000)
      return throttle.factor
    }
  }

  @Test("a share that stays as it is slows nothing down, also when chance moves it")
  func steady() {
    var random = SplitMix64(seed: 1)
    for share in [0, 3, 10, 50, 300, 1000] as [UInt64] {
      let seconds = (0..<200).map { _ in
        (
          answered: (0..<1000).reduce(into: 0 as UInt64) {
            if random.next() % 1000 < share { $0 += 1 }; _ = $1
          },
          rejected: 0 as UInt64
        )
      }
      #expect(Self.factors(seconds).allSatisfy { $0 == 1 }, "\(share)")
    }
  }

  @Test("answers that fall away halve the rate, down to a sixteenth, and it comes back slowly")
  func limited() {
    let factors = Self.factors(
      Array(repeating: (500, 0), count: 5) + Array(repeating: (100, 0), count: 6)
        + Array(repeating: (500, 0), count: 40))
    #expect(factors[4] == 1)
    #expect(Array(factors[5..<11]) == [0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625])
    #expect(factors[12] > 0.0625 && factors[12] < 0.09)
    #expect(factors.last == 1)
  }

  @Test("errors that come up halve the rate")
  func refused() {
    let factors = Self.factors(Array(repeating: (500, 10), count: 5) + [(450, 300)])
    #expect(factors[4] == 1 && factors[5] == 0.5)
  }

  @Test("errors that were there from the start are how that network is")
  func usualErrors() {
    #expect(Self.factors(Array(repeating: (100, 800), count: 20)).allSatisfy { $0 == 1 })
  }

  @Test("a new round asks only those that did not answer, and is not slowed down for that")
  func nextRound() {
    var throttle = SweepThrottle()
    for second in 1...5 as ClosedRange<UInt64> {
      _ = throttle.note(
        sent: second * 1000, answered: second * 800, rejected: 0, now: second * 1_000_000_000)
    }
    throttle.beginRound()
    for second in 6...9 as ClosedRange<UInt64> {
      _ = throttle.note(sent: second * 1000, answered: 4000, rejected: 0, now: second * 1_000_000_000)
    }
    #expect(throttle.factor == 1)
  }
}
