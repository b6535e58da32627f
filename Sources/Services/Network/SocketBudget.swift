import NIOCore
import Synchronization

/// Holds the number of open sockets below a limit, so that running out of file descriptors is never mistaken
/// for a fact about the network. Who comes first is served first.
final class SocketBudget: Sendable {
  private struct State {
    var free: Int
    var waiting = CircularBuffer<CheckedContinuation<Void, Never>>()
  }

  private let state: Mutex<State>

  /// A budget of this many sockets (at least 1).
  init(_ limit: Int) { state = Mutex(State(free: max(1, limit))) }

  /// Returns when a socket may be opened.
  func acquire() async {
    await withCheckedContinuation { continuation in
      let granted = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if granted { continuation.resume() }
    }
  }

  /// Hands a socket on to the next in line.
  func release() {
    let next = state.withLock { state in
      if let next = state.waiting.popFirst() { return Optional(next) }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
