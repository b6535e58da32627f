import Observations
import Probing
import Synchronization
import Wire

/// Watches many connections at the same time over one capture: the driver of `PathMTUWatch`.
///
/// `run` has to be under way, in a task of its own, while `watch` is called, and ends after `finish`. All sending
/// happens in one thread, and passes the scope given here.
public final class PathMTUWatcher: Sendable {
  private let scope: Scope
  private let pace: ProbeSettings
  private let interface: String?
  private let inbox: Inbox

  /// A watcher.
  ///
  /// - Parameters:
  ///   - scope: the addresses that may be touched.
  ///   - pace: how fast; only its three rates count.
  ///   - interface: the only interface to use, whatever the routing table prefers; `nil` for the kernel's choice.
  /// - Throws: `PacketIOError` when there are no descriptors left.
  public init(scope: Scope, pace: ProbeSettings, interface: String? = nil) throws(PacketIOError) {
    self.scope = scope
    self.pace = pace
    self.interface = interface
    inbox = Inbox(wakeup: try Wakeup())
  }

  /// Captures and sends until `finish` is called and every connection has its outcome, or the task is cancelled.
  ///
  /// - Parameter targets: every address that connections may lead to.
  /// - Throws: `PacketIOError` when nothing can be sent or captured. Connections then end without an outcome.
  public func run(over targets: [IPAddress]) async throws(PacketIOError) -> TransferCounters {
    defer { inbox.close() }
    return try await ThreadedRun.result("v6audit-pmtu") { [self] stop throws(PacketIOError) in
      try PathMTUWatchRun.run(
        targets, inbox: inbox, scope: scope, pace: pace, interface: interface, stop: stop)
    }
  }

  /// Lets `run` end when the last connection has its outcome.
  public func finish() { inbox.finish() }

  /// Watches a connection that the caller owns, from its first data on.
  ///
  /// - Parameters:
  ///   - local: the caller's end of the connection.
  ///   - remote: the other end.
  ///   - settings: what to tell, and how patiently.
  ///   - cue: called from the sending thread when the owner of the connection has to do something; must return soon.
  /// - Returns: the outcome; `nil` if the run ended before there was one.
  public func watch(
    local: Endpoint, remote: Endpoint, settings: PathMTUSettings,
    cue: @escaping @Sendable (PathMTUCue) -> Void
  ) async -> PathMTUOutcome? {
    await withCheckedContinuation { continuation in
      inbox.add(
        WatchJob(
          local: local, remote: remote, settings: settings, cue: cue,
          done: { continuation.resume(returning: $0) }))
    }
  }
}

/// A connection to watch.
struct WatchJob: Sendable {
  let local: Endpoint
  let remote: Endpoint
  let settings: PathMTUSettings
  let cue: @Sendable (PathMTUCue) -> Void
  /// To be called exactly once.
  let done: @Sendable (PathMTUOutcome?) -> Void
}

/// Connections on their way to the sending thread.
final class Inbox: Sendable {
  private struct State {
    var jobs: [WatchJob] = []
    var isFinished = false
    var isClosed = false
  }

  private let state = Mutex(State())
  let wakeup: Wakeup

  init(wakeup: Wakeup) { self.wakeup = wakeup }

  func add(_ job: WatchJob) {
    let isTaken = state.withLock { state in
      if !state.isClosed { state.jobs.append(job) }
      return !state.isClosed
    }
    if isTaken { wakeup.signal() } else { job.done(nil) }
  }

  /// The connections that came since the last call, and whether no more will.
  func take() -> (jobs: [WatchJob], isFinished: Bool) {
    wakeup.reset()
    return state.withLock { state in
      defer { state.jobs = [] }
      return (state.jobs, state.isFinished)
    }
  }

  func finish() {
    state.withLock { $0.isFinished = true }
    wakeup.signal()
  }

  /// Ends what waits, and whatever comes from now on.
  func close() {
    let left = state.withLock { state in
      state.isClosed = true
      defer { state.jobs = [] }
      return state.jobs
    }
    for job in left { job.done(nil) }
  }
}
