import Glibc
import NIOCore
import Observations
import Synchronization
import Wire

/// A socket that listens, made here or inherited. It is closed with the value, unless it was taken.
final class ListeningSocket: Sendable {
  /// For people: `[::1]:9606`, or the path of a Unix socket.
  let name: String
  /// Where it listens; `nil` for a Unix socket.
  let endpoint: Endpoint?
  private let descriptor: Mutex<Int32>

  /// How many connections the kernel keeps for us.
  private static let backlog: Int32 = 64

  /// Binds and listens. The kernel takes connections from now on; they are served when the server runs.
  init(_ wanted: Endpoint) throws(DashboardError) {
    let family = wanted.address.family == .ipv6 ? AF_INET6 : AF_INET
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let made = socket(family, kind, 0)
    descriptor = Mutex(made)
    guard made >= 0 else { throw Self.failure("\(wanted)", errno) }
    Self.set(made, SOL_SOCKET, SO_REUSEADDR)
    // An endpoint is of one family: `[::]` does not take IPv4's connections along.
    if family == AF_INET6 { Self.set(made, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
    guard let address = try? SocketAddress(ipAddress: wanted.address.description, port: Int(wanted.port))
    else {
      throw Self.failure("\(wanted)", EINVAL)
    }
    let status = address.withSockAddr { bind(made, $0, socklen_t($1)) }
    guard status == 0, listen(made, Self.backlog) == 0 else { throw Self.failure("\(wanted)", errno) }
    let bound = Self.localName(of: made)
    endpoint = bound?.endpoint ?? wanted
    name = "\(bound?.endpoint ?? wanted)"
  }

  /// Takes over a socket that listens already.
  init(inherited: Int32) throws(DashboardError) {
    descriptor = Mutex(inherited)
    var listens: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(inherited, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens == 1,
      let local = Self.localName(of: inherited)
    else {
      throw DashboardError(
        "web: descriptor \(inherited)", why: "was handed over and is no listening stream socket",
        remedy: "let v6audit.socket have ListenStream= and Accept=no")
    }
    (name, endpoint) = local
    _ = fcntl(inherited, F_SETFD, FD_CLOEXEC)
  }

  deinit { descriptor.withLock { if $0 >= 0 { close($0) } } }

  /// Whether only this machine can reach it.
  var isLocal: Bool { endpoint?.address.isThisMachine ?? true }

  /// Gives the descriptor away, once.
  func take() -> Int32? {
    descriptor.withLock { held in
      defer { held = -1 }
      return held >= 0 ? held : nil
    }
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    _ = setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func failure(_ name: String, _ code: Int32) -> DashboardError {
    let remedy =
      switch code {
      case EADDRINUSE: "stop what listens there, or name another port"
      case EADDRNOTAVAIL: "name an address that this machine has"
      case EACCES, EPERM: "name a port from 1024 up, or let systemd open it with v6audit.socket"
      case EAFNOSUPPORT: "name an address of a family that this machine has switched on"
      default: "see the system's log"
      }
    return DashboardError("web: \(name)", why: String(cString: strerror(code)), remedy: remedy)
  }

  /// What a socket is bound to.
  private static func localName(of descriptor: Int32) -> (name: String, endpoint: Endpoint?)? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard status == 0 else { return nil }
    // Family, port, then for IPv6 the flow label: 4 bytes of address at 4 (sockaddr_in), 16 at 8 (sockaddr_in6).
    let bytes = withUnsafeBytes(of: storage) { Array($0.prefix(28)) }
    let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    let address: IPAddress?
    switch Int32(storage.ss_family) {
    case AF_INET: address = IPAddress(bytes: bytes[4..<8])
    case AF_INET6: address = IPAddress(bytes: bytes[8..<24])
    case AF_UNIX: return ("a Unix socket", nil)
    default: return nil
    }
    return address.map { ("\(Endpoint($0, port))", Endpoint($0, port)) }
  }
}

extension IPAddress {
  /// ::1, 127.0.0.0/8, and the latter written as an IPv6 address.
  var isThisMachine: Bool {
    family == .ipv4
      ? high >> 56 == 127 : high == 0 && (low == 1 || low >> 24 == 0xffff_7f)
  }
}
