import CLinux
@preconcurrency import Dispatch
import Glibc

/// Starts workers and learns how they ended.
struct Workers: Sendable {
  private let broker: BrokerAccess

  /// A worker under way.
  struct Worker: Sendable {
    /// Its process.
    let process: pid_t
    /// Readable when it has ended.
    fileprivate let end: MessageSocket
    /// What it tells, until it has ended.
    let reports: AsyncStream<(message: WorkerMessage, descriptors: [Int32])>
  }

  init(_ broker: BrokerAccess) { self.broker = broker }

  /// Starts a worker. `end` has to be called for each.
  ///
  /// - Parameter terminal: where its output goes; `nil`: to the daemon's own log.
  func start(
    _ order: WorkerOrder, environment: [String: String], terminal: (output: Int32, errors: Int32)? = nil
  ) throws(DaemonError) -> Worker {
    let file = try order.file()
    defer { close(file) }
    let (mine, theirs) = try MessageSocket.pair()
    let connection = try broker.connection()
    let process = try ChildProcess.start(
      ["worker"], environment: environment,
      descriptors: [
        file, terminal?.output ?? STDERR_FILENO, terminal?.errors ?? STDERR_FILENO, theirs.descriptor,
        connection.descriptor,
      ])
    let end = clinux_process_descriptor(process)
    guard end >= 0 else {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw MessageSocket.failure("watch a worker", -end)
    }
    let ended = MessageSocket(owning: end)
    mine.endReading(with: ended)
    return Worker(process: process, end: ended, reports: mine.messages(inFiles: true))
  }

  /// Sends a worker a signal that has not been waited for yet.
  func signal(_ worker: Worker, _ number: Int32) { kill(worker.process, number) }

  /// Waits until a worker has ended; to be called once.
  func end(of worker: Worker) async -> WorkerEnd {
    await worker.end.readable()
    var status: Int32 = 0
    while waitpid(worker.process, &status, 0) < 0 && errno == EINTR {}
    return WorkerEnd(status: status)
  }
}
