import CLinux
import Glibc
import Wire

/// A socket with the batch that waits to leave through it.
final class SendSocket {
  /// What it takes.
  enum Medium: Hashable {
    /// Ethernet frames for one interface (packet(7)).
    case frames(interface: Int32)
    /// IP packets of a family with their header (raw(7)), out of one interface, or of any if 0.
    case packets(AddressFamily, interface: Int32)
  }

  private let socket: FileDescriptor
  private var arena: FrameArena
  /// The probe in each slot, to name those that could not be sent.
  private var probes = [Int](repeating: 0, count: FrameArena.slotCount)
  private var filled = 0

  /// Packets the kernel took.
  private(set) var sent: UInt64 = 0

  /// How long a full queue may stay full before the packet is given up.
  private static let patience: UInt64 = 1_000_000_000

  /// Opens a socket.
  ///
  /// - Parameter capacity: no frame or packet is longer than this, in bytes.
  init(_ medium: Medium, capacity: Int = FrameArena.slotSize) throws(PacketIOError) {
    arena = FrameArena(slotSize: capacity)
    socket = try Self.open(medium)
  }

  /// Opens a socket for a medium; nothing is received on it.
  static func open(_ medium: Medium) throws(PacketIOError) -> FileDescriptor {
    switch medium {
    case .frames(let interface):
      let operation = "open a packet socket"
      // Protocol 0: it receives nothing, so that nothing has to be thrown away.
      let socket = try FileDescriptor(clinux_socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0, 1), operation)
      try SystemCall.check(clinux_bind_packet(socket.number, interface), "bind a packet socket")
      // Straight to the driver. Not all kernels and links can; then the queue is only a detour.
      _ = clinux_set_option(
        socket.number, Int32(CLINUX_SOL_PACKET), Int32(CLINUX_PACKET_QDISC_BYPASS), 1)
      return socket
    case .packets(let family, let interface):
      let operation = "open a raw \(family.label) socket"
      // IPPROTO_RAW implies that the header is included, in both families, and receives nothing (raw(7)).
      let socket = try FileDescriptor(
        clinux_socket(family.socketFamily, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_RAW), 1), operation)
      guard interface != 0 else { return socket }
      try SystemCall.check(
        clinux_set_option(socket.number, SOL_SOCKET, Int32(CLINUX_SO_BINDTOIFINDEX), interface),
        "bind a raw socket to an interface")
      return socket
    }
  }

  /// Whether the batch has to be flushed before another packet fits.
  var isFull: Bool { filled == FrameArena.slotCount }

  /// Whether packets wait.
  var isEmpty: Bool { filled == 0 }

  /// Adds a packet if the guard admits it. There must be room.
  ///
  /// - Parameters:
  ///   - offset: where the IP packet begins in what `write` writes.
  ///   - write: writes the frame or packet; returns its length.
  /// - Returns: whether it was admitted.
  func add(
    probe: Int, to name: SocketName, packetAt offset: Int, guard scope: inout ScopeGuard,
    _ write: (inout MutableRawSpan) -> Int
  ) -> Bool {
    arena.fill(filled, write)
    let isAdmitted = arena.withFrame(filled) { frame in
      scope.admits(packet: frame.extracting(min(offset, frame.byteCount)..<frame.byteCount))
    }
    guard isAdmitted else { return false }
    arena.address(filled, to: name)
    probes[filled] = probe
    filled += 1
    return true
  }

  /// Lets `read` look at the packet that was added last.
  func withLast(_ read: (RawSpan) -> Void) {
    if filled > 0 { arena.withFrame(filled - 1, read) }
  }

  /// Sends what waits. Full queues are waited for; a packet that the kernel refuses is reported and the rest
  /// goes on, so that no target is lost or silently skipped.
  func flush(now: () -> UInt64, refused: (_ probe: Int, _ code: Int32) -> Void) {
    var next = 0
    var firstFailure: UInt64?
    while next < filled {
      let result = arena.send(next..<filled, over: socket.number)
      if result > 0 {
        next += Int(result)
        sent += UInt64(result)
        firstFailure = nil
        continue
      }
      let code = result == 0 ? EAGAIN : -result
      if code == EINTR { continue }
      let start = firstFailure ?? now()
      firstFailure = start
      if Self.isCongestion(code), now() - start < Self.patience {
        Self.waitForRoom(socket.number, code)
      } else {
        refused(probes[next], code)
        next += 1
        firstFailure = nil
      }
    }
    filled = 0
  }

  /// Whether a failure passes when some packets have left.
  static func isCongestion(_ code: Int32) -> Bool { code == EAGAIN || code == ENOBUFS || code == ENOMEM }

  /// EAGAIN is the socket's own buffer, which can be polled; ENOBUFS the driver's queue, which cannot.
  static func waitForRoom(_ socket: Int32, _ code: Int32) {
    var descriptor = pollfd(fd: socket, events: code == EAGAIN ? Int16(POLLOUT) : 0, revents: 0)
    _ = clinux_wait(&descriptor, 1, code == EAGAIN ? 10_000_000 : 200_000)
  }
}
