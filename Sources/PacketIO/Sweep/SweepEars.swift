import Synchronization

/// The interfaces a sweep is heard on: a sender asks for those its packets leave by, and waits until the capture there is
/// live, before the first of them leaves. So no answer is taken for silence because nobody listened, however few targets
/// a route is for and whenever it appears.
final class SweepEars: Sendable {
  private struct State {
    var live: Set<String> = []
    var wanted: [(names: [String], isLive: Wakeup)] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Readable when a sender asks.
  let wakeup: Wakeup

  init() throws(PacketIOError) { wakeup = try Wakeup() }

  /// Waits until the captures on these interfaces are live, or until nobody receives any more: the sweep ends then.
  func listen(on names: [String]) throws(PacketIOError) {
    let isLive = try Wakeup()
    let mustWait = state.withLock { state in
      if state.isClosed || state.live.isSuperset(of: names) { return false }
      state.wanted.append((names, isLive))
      return true
    }
    guard mustWait else { return }
    wakeup.signal()
    var poll = PollSet([isLive.descriptor])
    repeat { poll.wait(nanoseconds: nil) } while !poll.isReady(0)
  }

  /// Nobody listens for the next list of targets yet.
  func forget() { state.withLock { $0.live = [] } }

  /// Opens what was asked for since the last time, each interface once, and lets the senders go on.
  func open(_ capture: (String) throws(PacketIOError) -> Void) throws(PacketIOError) {
    wakeup.reset()
    let (wanted, live) = state.withLock { state in
      defer { state.wanted = [] }
      return (state.wanted, state.live)
    }
    // Whoever waits is let go even if it fails: the failure ends the sweep.
    defer { for request in wanted { request.isLive.signal() } }
    for name in Set(wanted.flatMap(\.names)).subtracting(live).sorted() {
      try capture(name)
      state.withLock { _ = $0.live.insert(name) }
    }
  }

  /// Lets everybody go: nobody receives any more.
  func close() {
    let wanted = state.withLock { state in
      state.isClosed = true
      return state.wanted
    }
    for request in wanted { request.isLive.signal() }
  }
}
