import Testing

@testable import Observations

/// Work on every core gives what work on one gives.
struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 2, 63, 64, 65, 1000]) func itIsMap(count: Int) {
    let numbers = Array(0..<count)
    #expect(numbers.concurrentMap { $0 * 3 } == numbers.map { $0 * 3 })
    #expect(numbers.dropFirst(5).concurrentMap { $0 * 3 } == numbers.dropFirst(5).map { $0 * 3 })
  }

  private struct Odd: Error, Equatable { let number: Int }

  @Test func theFirstErrorIsThrown() {
    #expect(throws: Odd(number: 501)) {
      try (0..<1000).concurrentMap { number throws(Odd) in
        if number > 500, number % 2 == 1 { throw Odd(number: number) }
        return number
      }
    }
  }
}
