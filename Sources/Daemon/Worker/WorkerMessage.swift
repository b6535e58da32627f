import Audit
import Dashboard
import Observations
import Session

/// What a worker tells the daemon.
enum WorkerMessage: Codable, Sendable {
  /// About once a second: it lives.
  case beat(WorkerBeat)
  /// The disk refuses what is measured, or takes it again.
  case store(StoreCondition)
  /// The round has ended and is on disk.
  case ended(RoundSummary)
  /// The probe has its answer.
  case probed(ProbeAnswer)
  /// There is no round, or no answer.
  case failed(why: String)
}

/// How a worker is.
struct WorkerBeat: Codable, Sendable, Hashable {
  /// What is being asked; empty at the beginning and at the end.
  var phase: String
  /// Questions of the phase that have their answer, and all of them.
  var done: Int
  var total: Int
  /// Seconds since the slowest capture last looked at what has come; `nil` while nothing is captured.
  var captureAge: Double?
  /// Seconds that the disk has taken for what it was given; `nil` while it is idle.
  var commitAge: Double?
}
