import NIOCore
import Observations
import Synchronization

/// Times the phases of one conversation and closes its channel when a phase takes too long.
///
/// A phase's limit is an overall deadline: a peer that drips a byte a second cannot prolong it.
final class PhaseClock: Sendable {
  private struct State {
    var phase = HandshakePhase.connect
    var began: NIODeadline
    var durations: [HandshakePhase: Duration64] = [:]
    var expired = false
    var timer: Scheduled<Void>?
  }

  private let state: Mutex<State>

  /// A clock that stands in `first`, whose limit is enforced by whoever connects.
  init(_ first: HandshakePhase = .connect) {
    state = Mutex(State(phase: first, began: .now()))
  }

  /// Starts the first phase over: what was spent in line for a socket is not the network's time.
  func restart() { state.withLock { $0.began = .now() } }

  /// The phase the conversation is in.
  var phase: HandshakePhase { state.withLock { $0.phase } }

  /// Whether a phase took longer than its limit.
  var expired: Bool { state.withLock { $0.expired } }

  /// How long each finished phase took.
  var durations: [HandshakePhase: Duration64] { state.withLock { $0.durations } }

  /// Ends the phase before and begins `phase`; `channel` is closed when `limit` is over first.
  func begin(_ phase: HandshakePhase, limit: Duration, closing channel: any Channel) {
    complete()
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      self.state.withLock { $0.expired = true }
      channel.close(mode: .all, promise: nil)
    }
    replaceTimer(by: timer) {
      $0.phase = phase
      $0.began = .now()
    }
  }

  /// Notes that the phase has what it was for. Its deadline stays, for what is left to read.
  func complete() {
    state.withLock { state in
      guard state.durations[state.phase] == nil else { return }
      let length = NIODeadline.now() - state.began
      state.durations[state.phase] = Duration64(microseconds: length.nanoseconds / 1000)
    }
  }

  /// Takes the last deadline away.
  func stop() { replaceTimer(by: nil) { _ in } }

  private func replaceTimer(by timer: Scheduled<Void>?, _ change: (inout State) -> Void) {
    let old = state.withLock { state in
      change(&state)
      defer { state.timer = timer }
      return state.timer
    }
    old?.cancel()
  }

  /// What an error means now: a channel that the clock closed is a timeout, whatever it looked like.
  func failure(_ error: any Error) -> NetworkFailure {
    expired ? .timeout(phase) : NetworkFailure(error, in: phase)
  }
}
