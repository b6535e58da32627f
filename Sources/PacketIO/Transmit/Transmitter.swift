import CLinux
import Observations
import Probing
import Wire

/// The only place that puts probes on the network. It cannot be made without a scope, and asks it about every
/// packet, last.
struct Transmitter: ~Copyable {
  private var scope: ScopeGuard
  private let paths: PathTable
  /// Gets what is sent, since no capture on this machine sees frames that bypass the queues.
  private let spool: PacketSpool?
  private(set) var hops: NextHops
  private var sockets: [SendSocket] = []
  /// By path: the socket for frames, or -1; the socket of the kernel's stack.
  private var lanes: [(frames: Int32, stack: Int32)] = []
  /// By socket: for a socket of frames, what is the same in all of them.
  private var frames: [FrameLane?] = []

  private struct FrameLane {
    let source: MACAddress
    let ipv4: SocketName
    let ipv6: SocketName
  }

  /// What became of a packet handed in.
  enum Verdict: Equatable {
    case queued
    /// Queued, but nothing more may be sent over this hop until the kernel has news of it.
    case queuedOverCongested(hop: Int)
    case refused(NotSentReason)
  }

  /// Opens the sockets all paths need. Nothing is sent yet.
  init(
    scope: ScopeGuard, paths: PathTable, hops: consuming NextHops, interfaces: [NetworkInterface],
    spool: PacketSpool? = nil
  ) throws(PacketIOError) {
    self.spool = spool
    var sockets: [SendSocket] = []
    var frames: [FrameLane?] = []
    let macs = Dictionary(interfaces.map { ($0.index, $0.mac) }) { first, _ in first }
    var indices: [SendSocket.Medium: Int32] = [:]
    var lanes: [(frames: Int32, stack: Int32)] = []
    func index(_ medium: SendSocket.Medium) throws(PacketIOError) -> Int32 {
      if let index = indices[medium] { return index }
      let index = Int32(sockets.count)
      sockets.append(try SendSocket(medium))
      if case .frames(let interface) = medium {
        frames.append(
          FrameLane(
            source: macs[interface].flatMap { $0 } ?? MACAddress(bits: 0),
            ipv4: SocketName(interface: interface, family: .ipv4),
            ipv6: SocketName(interface: interface, family: .ipv6)))
      } else {
        frames.append(nil)
      }
      indices[medium] = index
      return index
    }
    for path in paths.paths {
      let family = path.source.family
      switch path.means {
      case .frame:
        lanes.append(
          (
            try index(.frames(interface: path.interface)),
            try index(.packets(family, interface: path.interface))
          ))
      case .stack(let isLocal):
        // This machine's own addresses are reached whatever interface they are on.
        lanes.append((-1, try index(.packets(family, interface: isLocal ? 0 : path.interface))))
      }
    }
    self.sockets = sockets
    self.frames = frames
    self.lanes = lanes
    self.scope = scope
    self.paths = paths
    self.hops = hops
  }

  /// Packets and targets the scope refused.
  var refusedByScope: UInt64 { scope.refused }

  /// Packets the kernel took.
  var sent: UInt64 { sockets.reduce(0) { $0 + $1.sent } }

  /// The source address in a probe's packets; `nil` if it has no path.
  func source(of probe: Int) -> IPAddress? { paths.pathIndex(of: probe).map { paths.paths[$0].source } }

  /// Puts one try of a probe into a batch; `flush` sends it.
  ///
  /// - Parameters:
  ///   - now: when the engine counts it as sent.
  ///   - failed: gets the probes that the kernel refused, if a full batch had to be sent first.
  mutating func queue(
    probe: Int, attempt: Int, target: IPAddress, writer: ProbeWriter, now: UInt64, failed: (Int) -> Void
  ) -> Verdict {
    guard let path = paths.pathIndex(of: probe) else { return .refused(.noRoute) }
    let source = paths.paths[path].source
    let hop = hops.hopIndex(ofPath: path)
    if hop >= 0, let mac = hops.hops[hop].confirmed, let lane = frames[Int(lanes[path].frames)] {
      let header = EthernetHeader(destination: mac, source: lane.source, type: .ip(target.family))
      return add(
        probe, to: target.family == .ipv4 ? lane.ipv4 : lane.ipv6, packetAt: EthernetHeader.byteCount,
        over: Int(lanes[path].frames), now: now, failed: failed
      ) { frame in
        header.emit(into: &frame)
        return EthernetHeader.byteCount
          + writer.emit(
            probe: probe, attempt: attempt, source: source, into: &frame, at: EthernetHeader.byteCount)
      }
    }
    if hop >= 0 {
      if hops.hops[hop].state == .failed { return .refused(hops.silenceReason(hop)) }
      hops.notePriming(hop)
    }
    let verdict = add(
      probe, to: SocketName(target), packetAt: 0, over: Int(lanes[path].stack), now: now, failed: failed
    ) { packet in
      writer.emit(probe: probe, attempt: attempt, source: source, into: &packet)
    }
    return hop >= 0 && hops.isCongested(hop) && verdict == .queued ? .queuedOverCongested(hop: hop) : verdict
  }

  private mutating func add(
    _ probe: Int, to name: SocketName, packetAt offset: Int, over index: Int, now: UInt64,
    failed: (Int) -> Void,
    _ write: (inout MutableRawSpan) -> Int
  ) -> Verdict {
    let socket = sockets[index]
    if socket.isFull { Self.flush(socket, failed) }
    guard socket.add(probe: probe, to: name, packetAt: offset, guard: &scope, write) else {
      return .refused(.outOfScope)
    }
    if let spool {
      socket.withLast {
        spool.append(.probeSent, at: spool.realTime(now), $0.extracting(offset..<$0.byteCount))
      }
    }
    return .queued
  }

  /// Sends all batches.
  ///
  /// - Parameter failed: gets the probes that the kernel refused.
  mutating func flush(failed: (Int) -> Void) {
    for socket in sockets where !socket.isEmpty { Self.flush(socket, failed) }
  }

  private static func flush(_ socket: SendSocket, _ failed: (Int) -> Void) {
    socket.flush(now: { MonotonicClock.now }) { probe, _ in failed(probe) }
  }

  /// Reads the kernel's news of neighbours; see `NextHops.update`.
  mutating func updateHops(failed: (Int) -> Void) throws(PacketIOError) { try hops.update(failed: failed) }

  /// Gives up a hop that took too long.
  mutating func giveUp(hop: Int) { hops.giveUp(hop) }
}
