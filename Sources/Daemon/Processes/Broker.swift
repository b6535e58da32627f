import CLinux
import Glibc

/// The only process that keeps CAP_NET_RAW. It opens packet and raw sockets for workers of the daemon, which have no
/// capability, and does nothing else: it never reads from such a socket, opens no file and runs no program. One thread, one
/// loop.
public struct Broker {
  /// The descriptor over which it is reached: a socket that listens, as systemd hands it over, or the daemon's own, with
  /// which come connections.
  public static let descriptor: Int32 = 3

  private let door: MessageSocket
  private let isListening: Bool
  private let user: uid_t
  private var connections: [Int32] = []

  /// One for each worker under way, and some to spare.
  private static let limit = 64

  /// Takes over what this process was started with.
  ///
  /// - Throws: if there is no such descriptor, or capabilities cannot be set.
  public init() throws(DaemonError) {
    for number in [SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
    var listens: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(Self.descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 else {
      throw DaemonError(
        "descriptor \(Self.descriptor)", why: String(cString: strerror(errno)),
        remedy: "let systemd start the broker by its socket, or the daemon by itself")
    }
    isListening = listens != 0
    let status = clinux_keep_net_raw()
    guard status == 0 else { throw MessageSocket.failure("set capabilities", -status) }
    door = MessageSocket(owning: Self.descriptor)
    user = getuid()
  }

  /// Serves until whoever started it is gone.
  public mutating func run() {
    while true {
      let isFull = connections.count >= Self.limit
      var polled = [pollfd(fd: isFull ? -1 : door.descriptor, events: Int16(POLLIN), revents: 0)]
      polled += connections.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard clinux_wait(&polled, UInt32(polled.count), -1) >= 0 else { continue }
      // From the last to the first, since those that are closed are taken out.
      for place in connections.indices.reversed() where polled[1 + place].revents != 0 {
        if !serve(connections[place]) { close(connections.remove(at: place)) }
      }
      if polled[0].revents != 0, !admit() { return }
    }
  }

  /// Takes a connection in.
  ///
  /// - Returns: whether there can be another one.
  private mutating func admit() -> Bool {
    if isListening {
      let connection = accept(door.descriptor, nil, nil)
      guard connection >= 0 else { return true }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      // The socket's file lets nobody else in; this holds even where that was changed.
      guard clinux_peer_user(connection) == Int64(user) else {
        close(connection)
        return true
      }
      take(connection)
      return true
    }
    var byte: UInt8 = 0
    var descriptors = [Int32](repeating: -1, count: 8)
    var count: UInt32 = 0
    let received = clinux_receive_descriptors(door.descriptor, &byte, 1, &descriptors, &count)
    if received == Int64(-EINTR) { return true }
    guard received > 0 else { return false }
    for descriptor in descriptors.prefix(Int(count)) { take(descriptor) }
    return true
  }

  /// Keeps a connection. One that asks and does not read must not hold up the others.
  private mutating func take(_ connection: Int32) {
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    connections.append(connection)
  }

  /// Opens a socket for a worker, of the kinds that measuring needs and no other.
  ///
  /// - Returns: whether the worker may go on asking.
  private func serve(_ connection: Int32) -> Bool {
    var request = clinux_broker_request()
    var unwanted = [Int32](repeating: -1, count: 8)
    var count: UInt32 = 0
    let received = withUnsafeMutableBytes(of: &request) {
      clinux_receive_descriptors(connection, $0.baseAddress, $0.count, &unwanted, &count)
    }
    for descriptor in unwanted.prefix(Int(count)) { close(descriptor) }
    if received == Int64(-EINTR) || received == Int64(-EAGAIN) { return true }
    guard received == Int64(MemoryLayout<clinux_broker_request>.size) else { return false }
    let socket = SocketRequest(request).map { $0.open() } ?? -EPERM
    var status: Int32 = socket < 0 ? socket : 0
    let sent = [socket].withUnsafeBufferPointer {
      clinux_send_descriptors(
        connection, &status, MemoryLayout<Int32>.size, $0.baseAddress, socket < 0 ? 0 : 1)
    }
    if socket >= 0 { close(socket) }
    return sent > 0
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
