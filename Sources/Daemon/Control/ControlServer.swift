import CLinux
@preconcurrency import Dispatch
import Foundation
import Glibc
import Logging
import Synchronization

/// The Unix socket at which members of the daemon's group ask it. Who may connect is the file system's affair: the socket
/// belongs to the group and nobody else can open it.
struct ControlServer: Sendable {
  private let path: String
  private let listener: MessageSocket
  private let log: Logger

  /// How many may ask at once.
  private static let limit = 16
  /// How long a request may take to come.
  private static let patience = Duration.seconds(5)

  /// Makes the socket, in place of one that a killed daemon has left.
  init(path: String, log: Logger) throws(DaemonError) {
    (self.path, self.log) = (path, log)
    let descriptor = clinux_socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, 1)
    guard descriptor >= 0 else { throw MessageSocket.failure("make a socket", -descriptor) }
    listener = MessageSocket(owning: descriptor)
    guard let address = UnixAddress(path: path) else {
      throw DaemonError("socket: \(path)", why: "the path is too long", remedy: "choose a shorter one")
    }
    // One that answers belongs to a daemon that lives.
    let probe = MessageSocket(owning: clinux_socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, 1))
    if address.connect(probe.descriptor) == 0 {
      throw DaemonError(
        "socket: \(path)", why: "another daemon answers there", remedy: "stop that one, or name another path")
    }
    unlink(path)
    let mask = umask(0o117)
    defer { umask(mask) }
    guard address.bind(descriptor) == 0, listen(descriptor, 16) == 0 else {
      throw DaemonError(
        "socket: \(path)", why: String(cString: strerror(errno)),
        remedy: "let the user of the daemon write to its directory, or set socket: off")
    }
  }

  /// Answers until the task is cancelled.
  func run(_ supervisor: Supervisor) async {
    defer { unlink(path) }
    await withDiscardingTaskGroup { group in
      let open = OpenConversations()
      for await descriptor in connections() {
        let connection = MessageSocket(owning: descriptor)
        guard open.enter(Self.limit) else {
          try? connection.send(
            ControlReply.refused(why: "too many are asking at once", remedy: "try again in a moment"))
          continue
        }
        group.addTask {
          await answer(connection, supervisor)
          open.leave()
        }
      }
    }
  }

  private func connections() -> AsyncStream<Int32> {
    AsyncStream { continuation in
      let watch = listener.watch { [listener] in
        let descriptor = accept(listener.descriptor, nil, nil)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        if case .terminated = continuation.yield(descriptor) { close(descriptor) }
      }
      continuation.onTermination = { _ in watch.cancel() }
      watch.resume()
    }
  }

  private func answer(_ connection: MessageSocket, _ supervisor: Supervisor) async {
    let user = clinux_peer_user(connection.descriptor)
    var requests = connection.messages(of: ControlRequest.self).makeAsyncIterator()
    let timer = Task {
      try await Task.sleep(for: Self.patience)
      shutdown(connection.descriptor, Int32(SHUT_RDWR))
    }
    let first = await requests.next()
    timer.cancel()
    guard let (request, descriptors) = first else { return }
    defer { for descriptor in descriptors { close(descriptor) } }
    switch request {
    case .status: try? connection.send(ControlReply.status(await supervisor.status))
    case .check(let check):
      guard descriptors.count == 2 else { return }
      log.info("check of \(check.host) asked for", metadata: ["uid": "\(user)", "host": "\(check.host)"])
      let work = Task {
        let reply = await supervisor.check(check, output: descriptors[0], errors: descriptors[1])
        try? connection.send(reply)
        // Ends the waiting below.
        shutdown(connection.descriptor, Int32(SHUT_RD))
      }
      // A client that goes away ends its check.
      _ = await requests.next()
      work.cancel()
      await work.value
    }
  }
}

/// Counts conversations.
private final class OpenConversations: Sendable {
  private let count = Mutex(0)

  /// Whether one more may begin.
  func enter(_ limit: Int) -> Bool {
    count.withLock { count in
      if count >= limit { return false }
      count += 1
      return true
    }
  }

  func leave() { count.withLock { $0 -= 1 } }
}

/// The address of a Unix socket that has a path.
struct UnixAddress: Sendable {
  private let address: sockaddr_un

  /// `nil` if the path is too long.
  init?(path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self.address = address
  }

  func bind(_ descriptor: Int32) -> Int32 { with { Glibc.bind(descriptor, $0, $1) } }

  func connect(_ descriptor: Int32) -> Int32 { with { Glibc.connect(descriptor, $0, $1) } }

  private func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
