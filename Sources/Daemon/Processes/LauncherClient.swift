import Glibc

/// The daemon's side of the launcher: starts workers through it and learns how they ended.
actor LauncherClient {
  private let control: MessageSocket
  private var latest: UInt64 = 0
  private var waiting: [UInt64: CheckedContinuation<WorkerEnd, Never>] = [:]
  private var ended: [UInt64: WorkerEnd] = [:]
  private var isGone = false

  /// A worker under way.
  struct Worker: Sendable {
    let id: UInt64
    /// What it tells, until it has ended.
    let reports: AsyncStream<(message: WorkerMessage, descriptors: [Int32])>
  }

  /// Starts the launcher, which takes this process's capability along. To be called before there are threads and before
  /// this process gives its own up.
  static func start() throws(DaemonError) -> MessageSocket {
    let (mine, theirs) = try MessageSocket.pair()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    _ = try ChildProcess.start(
      ["launcher"], environment: ["PATH": "/usr/bin:/bin"],
      descriptors: [null, STDERR_FILENO, STDERR_FILENO, theirs.descriptor])
    return mine
  }

  /// Speaks with a launcher over the socket that `start` returned.
  init(_ control: MessageSocket) { self.control = control }

  /// Listens to the launcher; returns when it is gone, which nothing can be measured after.
  func run() async {
    for await (reply, _) in control.messages(of: LauncherReply.self) {
      switch reply {
      case .started: break
      // A worker that never was ends like one that could not begin.
      case .notStarted(let id, _): end(id, .exited(127))
      case .ended(let id, let end): self.end(id, end)
      }
    }
    isGone = true
    for id in waiting.keys { end(id, .killed(SIGKILL)) }
  }

  /// Starts a worker.
  ///
  /// - Parameter terminal: where its output goes; `nil`: to the daemon's own log.
  func start(
    _ order: WorkerOrder, environment: [String: String], terminal: (output: Int32, errors: Int32)? = nil
  ) throws(DaemonError) -> Worker {
    let file = try order.file()
    defer { close(file) }
    let (mine, theirs) = try MessageSocket.pair()
    latest += 1
    try control.send(
      LauncherRequest.start(id: latest, environment: environment),
      [file, terminal?.output ?? STDERR_FILENO, terminal?.errors ?? STDERR_FILENO, theirs.descriptor])
    return Worker(id: latest, reports: mine.messages())
  }

  /// Sends a worker a signal; one that has ended gets none.
  func signal(_ worker: Worker, _ number: Int32) {
    try? control.send(LauncherRequest.signal(id: worker.id, number: number))
  }

  /// Waits until a worker has ended; to be called once.
  func end(of worker: Worker) async -> WorkerEnd {
    if let end = ended.removeValue(forKey: worker.id) { return end }
    if isGone { return .killed(SIGKILL) }
    return await withCheckedContinuation { waiting[worker.id] = $0 }
  }

  private func end(_ id: UInt64, _ end: WorkerEnd) {
    if let continuation = waiting.removeValue(forKey: id) {
      continuation.resume(returning: end)
    } else {
      ended[id] = end
    }
  }
}
