import CLinux
import Glibc

/// A socket to the kernel's routing tables (rtnetlink(7)). Reading them needs no privilege.
struct NetlinkSocket: ~Copyable {
  private let socket: FileDescriptor
  private var sequence: UInt32 = 0
  /// Holds the largest datagram the kernel makes for a dump (32 KiB, NLMSG_GOODSIZE) and some.
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  /// A socket that hears the multicast groups of the bit mask, if any.
  init(groups: UInt32 = 0) throws(PacketIOError) {
    let socket = try FileDescriptor(
      clinux_socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), NETLINK_ROUTE, 1), "open a netlink socket")
    try SystemCall.check(clinux_bind_netlink(socket.number, groups), "bind a netlink socket")
    // Room for a batch of answers; as much as an unprivileged process gets is enough.
    _ = clinux_set_option(socket.number, SOL_SOCKET, SO_RCVBUF, 1 << 20)
    self.socket = socket
  }

  /// To be polled for reading.
  var descriptor: Int32 { socket.number }

  /// Sequence numbers for `count` requests; the first of them.
  mutating func takeSequences(_ count: Int) -> UInt32 {
    defer { sequence &+= UInt32(count) }
    return sequence
  }

  func send(_ writer: borrowing NetlinkWriter) throws(PacketIOError) {
    let bytes = writer.bytes
    let sent = bytes.withUnsafeBytes { clinux_send(socket.number, $0.baseAddress, $0.count) }
    guard sent == bytes.count else {
      throw SystemCall.error(sent < 0 ? Int32(-sent) : EMSGSIZE, "ask the kernel's routing tables")
    }
  }

  /// What a look into the socket found.
  enum Reading {
    case datagram
    case empty
    /// The kernel had to leave out messages for want of room.
    case overrun
  }

  /// Reads one datagram if there is one, and hands over its messages.
  mutating func receive(_ body: (NetlinkHeader, RawSpan) -> Void) throws(PacketIOError) -> Reading {
    let number = socket.number
    let count = buffer.withUnsafeMutableBytes { clinux_receive(number, $0.baseAddress, $0.count) }
    guard count >= 0 else {
      switch Int32(-count) {
      case EAGAIN, EINTR: return .empty
      case ENOBUFS: return .overrun
      case let code: throw SystemCall.error(code, "read the kernel's routing tables")
      }
    }
    NetlinkReader.forEachMessage(in: buffer.span.bytes.extracting(0..<Int(count)), body)
    return .datagram
  }

  /// Waits for something to read. The kernel answers requests within the call that makes them, so a second
  /// means that it never will.
  func waitForAnswer() throws(PacketIOError) {
    var poll = PollSet([socket.number])
    poll.wait(nanoseconds: 1_000_000_000)
    guard poll.isReady(0) else {
      throw .socketFailed(operation: "ask the kernel's routing tables", reason: "no answer")
    }
  }

  /// Asks for a whole table and hands over its messages.
  mutating func dump(
    type: Int, fixedPart: (inout NetlinkWriter) -> Void, _ body: (NetlinkHeader, RawSpan) -> Void
  ) throws(PacketIOError) {
    let wanted = takeSequences(1)
    var writer = NetlinkWriter()
    writer.message(
      type: type, flags: Int(NLM_F_REQUEST | NLM_F_DUMP), sequence: wanted, fixedPart)
    try send(writer)
    var isDone = false
    var failure: Int32 = 0
    while !isDone {
      try waitForAnswer()
      _ = try receive { header, payload in
        guard header.sequence == wanted else { return }
        switch Int32(header.type) {
        case NLMSG_DONE: isDone = true
        case NLMSG_ERROR:
          failure = NetlinkReader.errorCode(payload)
          isDone = true
        default: body(header, payload)
        }
      }
    }
    guard failure == 0 else { throw SystemCall.error(failure, "read the kernel's routing tables") }
  }
}
