import Observations
import Synchronization

/// How long the disk took for what it was given, and whether it is busy with something now.
public final class CommitTimes: Sendable {
  private struct State {
    var histogram = Histogram()
    var began: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  /// Nothing was written yet.
  public init() {}

  /// Every write so far, those that failed among them.
  public var histogram: Histogram { state.withLock { $0.histogram } }

  /// How long the write that is under way has taken until now; `nil` when there is none.
  public var underWay: Duration? { state.withLock { $0.began }.map { ContinuousClock.now - $0 } }

  /// Times a write.
  func timing<Value>(_ body: () throws -> Value) rethrows -> Value {
    let began = ContinuousClock.now
    state.withLock { $0.began = began }
    defer {
      let taken = ContinuousClock.now - began
      state.withLock { state in
        state.began = nil
        state.histogram.note(taken.seconds)
      }
    }
    return try body()
  }
}
