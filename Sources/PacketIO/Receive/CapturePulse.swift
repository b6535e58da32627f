import Synchronization

/// Shows from outside that a capturing thread still looks at what has come. Each such thread has one for as long as it
/// captures.
public final class CapturePulse: Sendable {
  private static let live = Mutex<[ObjectIdentifier: CapturePulse]>([:])
  private let last = Atomic<UInt64>(MonotonicClock.now)

  init() { Self.live.withLock { $0[ObjectIdentifier(self)] = self } }

  /// The thread has just looked.
  @inline(__always) func beat() { last.store(MonotonicClock.now, ordering: .relaxed) }

  /// The thread captures no more.
  func end() { Self.live.withLock { $0[ObjectIdentifier(self)] = nil } }

  /// How long ago the slowest of all capturing threads of this process looked, in nanoseconds; `nil` when nothing is
  /// captured.
  public static var slowest: UInt64? {
    let now = MonotonicClock.now
    return live.withLock { live in
      live.values.map { pulse in
        let last = pulse.last.load(ordering: .relaxed)
        return now - min(now, last)
      }.max()
    }
  }
}
