import CLinux
import Foundation
import Glibc

/// Asks a daemon at its control socket.
public struct ControlClient: Sendable {
  /// Where it is looked for when nobody says otherwise.
  public static let defaultPath = "/run/v6audit/control.sock"

  /// Whether there is a daemon's socket at the usual place, as far as this user may know.
  public static var isThere: Bool { access(defaultPath, F_OK) == 0 || errno == EACCES }

  private let path: String
  private let connection: MessageSocket

  /// Connects.
  ///
  /// - Throws: `DaemonError` when nobody answers there, or this user may not ask.
  public init(path: String = ControlClient.defaultPath) throws(DaemonError) {
    self.path = path
    let descriptor = clinux_socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, 0)
    guard descriptor >= 0 else { throw MessageSocket.failure("make a socket", -descriptor) }
    connection = MessageSocket(owning: descriptor)
    guard UnixAddress(path: path)?.connect(descriptor) == 0 else {
      let code = errno
      throw DaemonError(
        path, why: code == EACCES ? "access denied" : "no daemon answers there",
        remedy: code == EACCES
          ? "become a member of its group (usermod -aG v6audit USER, then log in again), or ask as root"
          : "start it (systemctl start v6audit), or name its socket with --socket")
    }
  }

  /// How the daemon is.
  public func status() throws(DaemonError) -> DaemonStatus {
    try connection.send(ControlRequest.status)
    guard case .status(let status) = try answer() else { throw unexpected }
    return status
  }

  /// Has it check a host; what it prints goes to this process's output.
  ///
  /// - Returns: the exit code.
  public func check(_ request: CheckRequest) throws(DaemonError) -> Int32 {
    try connection.send(ControlRequest.check(request), [STDOUT_FILENO, STDERR_FILENO])
    guard case .ended(let status) = try answer() else { throw unexpected }
    return status
  }

  private func answer() throws(DaemonError) -> ControlReply {
    guard let (reply, descriptors) = try connection.receive(ControlReply.self) else {
      throw DaemonError(path, why: "the daemon has closed the connection", remedy: "see its log")
    }
    for descriptor in descriptors { close(descriptor) }
    if case .refused(let why, let remedy) = reply { throw DaemonError(path, why: why, remedy: remedy) }
    return reply
  }

  private var unexpected: DaemonError {
    DaemonError(
      path, why: "the daemon answers something else", remedy: "use the command of the daemon's version")
  }
}
