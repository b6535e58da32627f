import CLinux
import Glibc
import Observations
import Probing
import Wire

/// One way out: a socket, and a batch of packets of which all but the target was written beforehand.
struct SweepLane: ~Copyable {
  private var arena: FrameArena
  private let frames: FileDescriptor?
  private let stack: FileDescriptor
  /// Of the two, the one that is used for frames.
  private let frameSocket: Int32
  private let template: SweepTemplate
  /// Where the IP packet begins in a slot.
  private var offset = 0
  private var length: Int
  /// The place each slot is for, to name those that could not be sent.
  private var places = [Int](repeating: 0, count: FrameArena.slotCount)
  private(set) var filled = 0
  /// Packets the kernel took.
  private(set) var sent: UInt64 = 0
  /// Whether frames are written: the neighbour is known.
  private(set) var isFramed = false
  let path: Path

  /// How long a full queue may stay full before a packet is given up.
  private static let patience: UInt64 = 1_000_000_000

  init(_ path: Path, template: SweepTemplate) throws(PacketIOError) {
    let isLocal = path.means == .stack(isLocal: true)
    let stack = try SendSocket.open(.packets(path.source.family, interface: isLocal ? 0 : path.interface))
    if case .frame = path.means {
      let frames = try SendSocket.open(.frames(interface: path.interface))
      frameSocket = frames.number
      self.frames = .some(consume frames)
    } else {
      frameSocket = -1
      frames = nil
    }
    self.stack = stack
    self.path = path
    self.template = template
    length = template.bytes.count
    // A whole number of cache lines.
    arena = FrameArena(slotSize: (EthernetHeader.byteCount + template.bytes.count + 63) & ~63)
    prepare(header: nil)
  }

  /// From now on packets leave in frames to this neighbour.
  mutating func frame(source: MACAddress, neighbour: MACAddress) {
    isFramed = true
    prepare(
      header: EthernetHeader(
        destination: neighbour, source: source, type: .ip(path.source.family)))
  }

  /// Writes what all packets have in common into every slot.
  private mutating func prepare(header: EthernetHeader?) {
    offset = header == nil ? 0 : EthernetHeader.byteCount
    length = offset + template.bytes.count
    let (offset, length) = (offset, length)
    for slot in 0..<FrameArena.slotCount {
      arena.fill(slot) { bytes in
        header?.emit(into: &bytes)
        for (index, byte) in template.bytes.enumerated() { bytes.set(byte, at: offset + index) }
        return length
      }
      if header != nil {
        arena.address(slot, to: SocketName(interface: path.interface, family: path.source.family))
      }
    }
  }

  /// Whether the batch has to be flushed before another packet fits.
  var isFull: Bool { filled == FrameArena.slotCount }

  /// Adds the packet for a target if the guard admits it. There must be room.
  @inline(__always)
  mutating func add(
    _ place: Int, _ target: IPAddress, attempt: Int, guard scope: inout SweepScope
  ) -> Bool {
    let (offset, patch) = (offset, template.patch)
    arena.edit(filled) { bytes in patch.write(&bytes, at: offset, target: target, attempt: attempt) }
    let isAdmitted = arena.withFrame(filled) { frame in
      scope.admits(packet: frame.extracting(offset..<frame.byteCount))
    }
    guard isAdmitted else { return false }
    if !isFramed { arena.address(filled, to: SocketName(target)) }
    places[filled] = place
    filled += 1
    return true
  }

  /// Sends what waits. Full queues are waited for; a packet that the kernel refuses is reported and the rest goes on, so
  /// that no target is lost.
  mutating func flush(refused: (_ place: Int) -> Void) {
    let socket = isFramed ? frameSocket : stack.number
    var next = 0
    var firstFailure: UInt64?
    while next < filled {
      let result = arena.send(next..<filled, over: socket)
      if result > 0 {
        next += Int(result)
        sent += UInt64(result)
        firstFailure = nil
        continue
      }
      let code = result == 0 ? EAGAIN : -result
      if code == EINTR { continue }
      let start = firstFailure ?? MonotonicClock.now
      firstFailure = start
      if SendSocket.isCongestion(code), MonotonicClock.now - start < Self.patience {
        SendSocket.waitForRoom(socket, code)
      } else {
        refused(places[next])
        next += 1
        firstFailure = nil
      }
    }
    filled = 0
  }
}
