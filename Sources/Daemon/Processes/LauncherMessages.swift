/// What the daemon asks of the launcher.
enum LauncherRequest: Codable, Sendable, Hashable {
  /// Start a worker. With it come the descriptors that it gets as 0, 1, 2 and 3.
  case start(id: UInt64, environment: [String: String])
  /// Send a worker a signal.
  case signal(id: UInt64, number: Int32)
}

/// What the launcher tells.
enum LauncherReply: Codable, Sendable, Hashable {
  /// A worker runs, as this process.
  case started(id: UInt64, process: Int32)
  /// A worker could not be started.
  case notStarted(id: UInt64, why: String)
  /// A worker has ended.
  case ended(id: UInt64, WorkerEnd)
}

/// How a worker ended.
enum WorkerEnd: Codable, Sendable, Hashable {
  /// By itself, with this status.
  case exited(Int32)
  /// By this signal.
  case killed(Int32)

  /// From what waitpid(2) tells.
  init(status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal)
  }
}
