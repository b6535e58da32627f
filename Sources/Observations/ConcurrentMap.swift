import Dispatch
import Synchronization

extension RandomAccessCollection where Self: Sendable, Index == Int {
  /// `map` on every core of the machine: the same results in the same order, for work of at least microseconds an element
  /// that has no side effects.
  ///
  /// - Throws: the error of the first slice that has one.
  public func concurrentMap<Result: Sendable, Failure: Error>(
    _ transform: @Sendable (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    // Elements take unequal time: smaller slices let the cores end together.
    let size = Swift.max(1, count / 64)
    let slices = Mutex([Swift.Result<[Result], Failure>?](repeating: nil, count: (count + size - 1) / size))
    DispatchQueue.concurrentPerform(iterations: (count + size - 1) / size) { place in
      let first = startIndex + place * size
      let result = Swift.Result { () throws(Failure) in
        var results: [Result] = []
        results.reserveCapacity(size)
        for index in first..<Swift.min(first + size, endIndex) { results.append(try transform(self[index])) }
        return results
      }
      slices.withLock { $0[place] = result }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for slice in slices.withLock({ $0 }) {
      guard let slice else { preconditionFailure("every slice is mapped") }
      results += try slice.get()
    }
    return results
  }
}
