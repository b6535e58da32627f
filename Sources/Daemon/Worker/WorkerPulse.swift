import Audit
import Observations
import PacketIO
import Store
import Synchronization

/// What shows that a worker gets on: how far its round has come, its captures, its store.
final class WorkerPulse: Sendable {
  /// How long the disk takes.
  let commits = CommitTimes()
  private let progress = Mutex<AuditProgress?>(nil)

  /// The round has come so far.
  func note(_ now: AuditProgress) { progress.withLock { $0 = now } }

  /// How it is now.
  var beat: WorkerBeat {
    let now = progress.withLock { $0 }
    return WorkerBeat(
      phase: now?.phase.rawValue ?? "", done: now?.done ?? 0, total: now?.total ?? 0,
      captureAge: CapturePulse.slowest.map { Double($0) / 1e9 },
      commitAge: commits.underWay?.seconds)
  }
}
