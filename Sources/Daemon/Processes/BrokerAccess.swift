import CLinux
import Glibc

/// The daemon's way to the broker: it gets a connection for each worker, and hands that over.
enum BrokerAccess: Sendable {
  /// systemd starts the broker when somebody connects to this path.
  case path(String)
  /// It is a child of this process, reached over this socket.
  case child(MessageSocket)

  /// Where systemd listens for it, if it does.
  static let path = "/run/v6audit-broker.sock"

  /// Finds the broker of the service manager, or starts one, which takes this process's capability along. To be called
  /// before there are threads and before this process gives its own up.
  static func find() throws(DaemonError) -> BrokerAccess {
    // The broker serves its own user only: whoever else starts a daemon by hand gets a broker of his own.
    var status = stat()
    if stat(path, &status) == 0, status.st_uid == getuid() { return .path(path) }
    let (mine, theirs) = try MessageSocket.pair()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    _ = try ChildProcess.start(
      ["broker"], environment: ["PATH": "/usr/bin:/bin"],
      descriptors: [null, STDERR_FILENO, STDERR_FILENO, theirs.descriptor])
    return .child(mine)
  }

  /// A connection for one worker.
  func connection() throws(DaemonError) -> MessageSocket {
    switch self {
    case .path(let path):
      let connection = MessageSocket(owning: clinux_socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, 0))
      guard UnixAddress(path: path)?.connect(connection.descriptor) == 0 else {
        throw DaemonError(
          path, why: "the broker cannot be reached: \(String(cString: strerror(errno)))",
          remedy: "see systemctl status v6audit-broker.socket")
      }
      return connection
    case .child(let door):
      let (mine, theirs) = try MessageSocket.pair()
      var byte: UInt8 = 0
      let sent = clinux_send_descriptors(door.descriptor, &byte, 1, [theirs.descriptor], 1)
      guard sent == 1 else { throw MessageSocket.failure("reach the broker", Int32(-sent)) }
      return mine
    }
  }

  /// Returns when the broker is gone, if it is a child of this process; else never.
  func end() async {
    guard case .child(let door) = self else {
      try? await Task.sleep(for: .seconds(Int64.max >> 20))
      return
    }
    // It never sends anything: what can be read is the end.
    for await _ in door.messages(of: Bool.self) {}
  }
}
