import CLinux
import Glibc

/// The only process of the daemon that keeps CAP_NET_RAW. It reads nothing but requests of the daemon and of the workers
/// it has started, opens no file and no connection: it starts workers, which have no capability, and opens packet sockets
/// for them. One thread, one loop.
public struct Launcher: ~Copyable {
  /// The descriptor over which the daemon asks.
  public static let controlDescriptor: Int32 = 3
  /// The descriptor over which a worker reports.
  public static let reportDescriptor: Int32 = 3
  /// The descriptor over which a worker asks for sockets.
  public static let brokerDescriptor: Int32 = 4

  private let control: MessageSocket
  private var workers: [Worker] = []

  private struct Worker {
    var id: UInt64
    var process: pid_t
    /// Readable when the process has ended.
    var end: Int32
    /// Where it asks for sockets; -1 once it is closed.
    var broker: Int32
  }

  /// Takes over what the daemon started this process with.
  ///
  /// - Throws: if the capabilities cannot be set.
  public init() throws(DaemonError) {
    for number in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
    let status = clinux_keep_net_raw()
    guard status == 0 else { throw MessageSocket.failure("set capabilities", -status) }
    _ = clinux_die_with_parent()
    control = MessageSocket(owning: Self.controlDescriptor)
    _ = fcntl(Self.controlDescriptor, F_SETFD, FD_CLOEXEC)
  }

  /// Serves until the daemon is gone; then every worker ends with it.
  public mutating func run() throws(DaemonError) {
    while true {
      var polled = [pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)]
      for worker in workers {
        polled.append(pollfd(fd: worker.end, events: Int16(POLLIN), revents: 0))
        polled.append(pollfd(fd: worker.broker, events: Int16(POLLIN), revents: 0))
      }
      let ready = clinux_wait(&polled, UInt32(polled.count), -1)
      if ready < 0 { continue }
      // From the last to the first, since those that have ended are taken out.
      for place in workers.indices.reversed() {
        if polled[2 + 2 * place].revents != 0 { serve(place) }
        if polled[1 + 2 * place].revents != 0 { try collect(place) }
      }
      guard polled[0].revents != 0 else { continue }
      guard let (request, descriptors) = try control.receive(LauncherRequest.self) else { break }
      try take(request, descriptors)
    }
    for worker in workers { kill(worker.process, SIGKILL) }
  }

  private mutating func take(_ request: LauncherRequest, _ descriptors: [Int32]) throws(DaemonError) {
    defer { for descriptor in descriptors { close(descriptor) } }
    switch request {
    case .start(let id, let environment):
      do throws(DaemonError) {
        let worker = try start(id, environment, descriptors)
        workers.append(worker)
        try control.send(LauncherReply.started(id: id, process: worker.process))
      } catch {
        try control.send(LauncherReply.notStarted(id: id, why: "\(error)"))
      }
    case .signal(let id, let number):
      // Not reaped yet, so the number is still that worker's.
      if let worker = workers.first(where: { $0.id == id }) { kill(worker.process, number) }
    }
  }

  private func start(
    _ id: UInt64, _ environment: [String: String], _ descriptors: [Int32]
  ) throws(DaemonError) -> Worker {
    let (mine, theirs) = try MessageSocket.pair()
    let process = try ChildProcess.start(
      ["worker"], environment: environment, descriptors: descriptors + [theirs.descriptor])
    let end = clinux_process_descriptor(process)
    guard end >= 0 else {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw MessageSocket.failure("watch a worker", -end)
    }
    // The pair closes with its owner; what is kept is a copy.
    let broker = fcntl(mine.descriptor, F_DUPFD_CLOEXEC, 0)
    return Worker(id: id, process: process, end: end, broker: broker)
  }

  private mutating func collect(_ place: Int) throws(DaemonError) {
    let worker = workers.remove(at: place)
    var status: Int32 = 0
    while waitpid(worker.process, &status, 0) < 0 && errno == EINTR {}
    close(worker.end)
    if worker.broker >= 0 { close(worker.broker) }
    try control.send(LauncherReply.ended(id: worker.id, WorkerEnd(status: status)))
  }

  /// Opens a socket for a worker, of the kinds that measuring needs and no other.
  private mutating func serve(_ place: Int) {
    let broker = workers[place].broker
    var request = clinux_broker_request()
    var unwanted = [Int32](repeating: -1, count: 8)
    var count: UInt32 = 0
    let received = withUnsafeMutableBytes(of: &request) {
      clinux_receive_descriptors(broker, $0.baseAddress, $0.count, &unwanted, &count)
    }
    for descriptor in unwanted.prefix(Int(count)) { close(descriptor) }
    guard received == Int64(MemoryLayout<clinux_broker_request>.size) else {
      if received == Int64(-EINTR) { return }
      close(broker)
      workers[place].broker = -1
      return
    }
    let socket = SocketRequest(request).map { $0.open() } ?? -EPERM
    var status: Int32 = socket < 0 ? socket : 0
    let sent = [socket].withUnsafeBufferPointer {
      clinux_send_descriptors(
        broker, &status, MemoryLayout<Int32>.size, $0.baseAddress, socket < 0 ? 0 : 1)
    }
    if socket >= 0 { close(socket) }
    if sent < 0 { kill(workers[place].process, SIGKILL) }
  }
}

/// A socket that needs CAP_NET_RAW and that measuring needs.
struct SocketRequest {
  private let request: clinux_broker_request

  /// `nil` for every other socket.
  init?(_ request: clinux_broker_request) {
    let kind = request.type & ~Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let isRaw = kind == Int32(SOCK_RAW.rawValue)
    let isCooked = kind == Int32(SOCK_DGRAM.rawValue)
    switch request.family {
    case AF_PACKET:
      // Everything (ETH_P_ALL, in network order), until a filter is attached, or nothing: packet(7). libpcap takes
      // cooked packets of links whose header it does not know.
      let protocols = [0, Int32(UInt16(0x0003).bigEndian)]
      guard isRaw || isCooked, protocols.contains(request.protocol) else { return nil }
    case AF_INET, AF_INET6:
      guard isRaw, request.protocol == Int32(IPPROTO_RAW) else { return nil }
    default: return nil
    }
    self.request = request
  }

  /// The socket, or a negative errno.
  func open() -> Int32 {
    let descriptor = socket(
      request.family, request.type | Int32(SOCK_CLOEXEC.rawValue), request.protocol)
    return descriptor < 0 ? -errno : descriptor
  }
}
