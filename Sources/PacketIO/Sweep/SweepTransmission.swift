import Observations
import Probing
import Synchronization
import Wire

/// What a sending thread and the one that directs it tell each other.
final class SweepTransmissionState: Sendable {
  /// Asks the thread to stop after the batch it is at.
  let stop = Atomic(false)
  let isDone = Atomic(false)
  /// Packets handed out in this round.
  let sent = Atomic(0)
  /// The rate to keep, as the bits of a Double; what it is told is heard within a batch.
  let rate: Atomic<UInt64>
  /// Asks for a mark.
  let isMarkWanted = Atomic(false)
  /// The mark that was asked for, until somebody takes it.
  let mark = Mutex<SweepMark?>(nil)
  let result = Mutex<Result<SweepTransmission.Share, PacketIOError>?>(nil)
  /// Places that could not be sent to, until somebody takes them.
  let notSent = Mutex<[(place: Int, reason: NotSentReason)]>([])

  init(rate: Double) {
    self.rate = Atomic(rate.bitPattern)
  }
}

/// One round of one sending thread.
struct SweepTransmission: ~Copyable {
  /// What became of the round.
  struct Share: Sendable {
    var sender: SweepSender
    var sent: UInt64
    var refused: UInt64
  }

  private var sender: SweepSender
  private var segments: RouteSegments
  private var scope: SweepScope
  private let ears: SweepEars
  private let state: SweepTransmissionState
  private let makeTemplate: (IPAddress) -> SweepTemplate
  private let interfaces: [NetworkInterface]

  private var lanes: [LanePointer] = []
  private var neighbours: NeighbourTable
  private var failures: [(place: Int, reason: NotSentReason)] = []
  private var rate: Double
  /// The way of the last target, and the addresses that share it.
  private var recent: (first: UInt128, last: UInt128, family: AddressFamily, lane: Int)?

  /// A lane and what became of its neighbour.
  private struct Lane: ~Copyable {
    var lane: SweepLane
    var isPrimed = false
    var isDead = false
  }

  /// An array holds no noncopyable values, and a class would be counted and checked for each packet. Each of these is made
  /// in `lane(to:)`, lives as long as this value, is never handed out, and ends in `deinit`.
  private typealias LanePointer = UnsafeMutablePointer<Lane>

  deinit {
    for lane in lanes {
      lane.deinitialize(count: 1)
      lane.deallocate()
    }
  }

  /// The kernel asks three times, a second apart (RFC 4861 §10); a little more for it to tell.
  private static let resolutionTime: UInt64 = 3_500_000_000
  /// Waits shorter than this are not worth a system call each: what came due meanwhile leaves together.
  private static let shortestWait: UInt64 = 200_000

  init(
    _ sender: SweepSender, scope: Scope, interface: Int32?, interfaces: [NetworkInterface],
    ears: SweepEars, state: SweepTransmissionState, makeTemplate: @escaping (IPAddress) -> SweepTemplate
  ) throws(PacketIOError) {
    let segments = try RouteSegments(interface: interface, interfaces: interfaces)
    let neighbours = try NeighbourTable()
    self.segments = segments
    self.neighbours = neighbours
    self.sender = sender
    self.scope = SweepScope(scope)
    self.ears = ears
    self.state = state
    self.makeTemplate = makeTemplate
    self.interfaces = interfaces
    rate = Double(bitPattern: state.rate.load(ordering: .relaxed))
  }

  /// Sends until the round is finished or somebody asks to stop.
  mutating func run() throws(PacketIOError) -> Share {
    var poll = PollSet([])
    loop: while !state.stop.load(ordering: .relaxed) {
      follow()
      if state.isMarkWanted.load(ordering: .relaxed) { leaveMark() }
      let now = MonotonicClock.now
      var filled = 0
      while filled < FrameArena.slotCount {
        switch sender.next(now: now) {
        case .send(let place, let target):
          try send(place, target)
          filled += 1
        case .wait(let until):
          flush()
          publish(filled)
          let now = MonotonicClock.now
          if until > now { poll.wait(nanoseconds: min(max(until - now, Self.shortestWait), 50_000_000)) }
          continue loop
        case .finished:
          flush()
          publish(filled)
          break loop
        }
      }
      publish(filled)
    }
    flush()
    let sent = lanes.reduce(0 as UInt64) { $0 + $1.pointee.lane.sent }
    return Share(sender: sender, sent: sent, refused: scope.refused)
  }

  /// Follows a change of the rate.
  private mutating func follow() {
    let wanted = Double(bitPattern: state.rate.load(ordering: .relaxed))
    if wanted != rate {
      rate = wanted
      sender.slow(to: wanted)
    }
  }

  /// Says how far it has come, for a position to be kept.
  private mutating func leaveMark() {
    flush()
    publish(0)
    state.isMarkWanted.store(false, ordering: .relaxed)
    let mark = sender.mark(now: MonotonicClock.now)
    state.mark.withLock { $0 = mark }
  }

  private mutating func publish(_ count: Int) {
    state.sent.wrappingAdd(count, ordering: .relaxed)
    guard !failures.isEmpty else { return }
    let failures = failures
    state.notSent.withLock { $0 += failures }
    self.failures.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private mutating func send(_ place: Int, _ target: IPAddress) throws(PacketIOError) {
    let bits = target.bits
    let index: Int
    if let recent, recent.family == target.family, bits >= recent.first, bits <= recent.last {
      index = recent.lane
    } else {
      index = try lane(to: target)
    }
    guard index >= 0 else {
      failures.append((place, index == -1 ? .noRoute : .noSource))
      return
    }
    let box = lanes[index]
    if box.pointee.isPrimed && !box.pointee.isDead {
      add(place, target, box)
      return
    }
    try sendFirst(place, target, box)
    // Sockets were opened and the neighbour was found since the clock was read.
    if box.pointee.isPrimed && !box.pointee.isDead {
      flush(box)
      sender.noteLate(target, now: MonotonicClock.now)
    }
  }

  /// Adds a packet to a lane; whether the scope allows it.
  @inline(__always) @discardableResult
  private mutating func add(_ place: Int, _ target: IPAddress, _ box: LanePointer) -> Bool {
    if box.pointee.lane.isFull { flush(box) }
    if box.pointee.lane.add(place, target, attempt: sender.round, guard: &scope) { return true }
    failures.append((place, .outOfScope))
    return false
  }

  /// The lane of a target; -1 without a route, -2 without a source address.
  private mutating func lane(to target: IPAddress) throws(PacketIOError) -> Int {
    let extent = segments.extent(around: target)
    var index = -1
    switch try segments.way(to: target) {
    case .none(let why): index = why.reason == .noSource ? -2 : -1
    case .path(let path):
      while lanes.count < segments.paths.count {
        let path = segments.paths[lanes.count]
        try ears.listen(on: [path].captureInterfaces(interfaces))
        let lane = try SweepLane(path, template: makeTemplate(path.source))
        let pointer = LanePointer.allocate(capacity: 1)
        pointer.initialize(to: Lane(lane: lane))
        lanes.append(pointer)
      }
      index = path
    }
    recent = (extent.lowerBound, extent.upperBound, target.family, index)
    return index
  }

  /// The first packet of a lane goes through the kernel's stack, which finds the neighbour or confirms it; the others
  /// wait for that.
  private mutating func sendFirst(_ place: Int, _ target: IPAddress, _ box: LanePointer) throws(PacketIOError)
  {
    if box.pointee.isDead {
      failures.append((place, .gatewaySilent))
      return
    }
    guard case .frame(let key, _) = box.pointee.lane.path.means,
      let mac = interfaces.first(where: { $0.index == key.interface })?.mac
    else {
      box.pointee.isPrimed = true
      add(place, target, box)
      return
    }
    if case .known(let neighbour) = try neighbours.state(of: key) {
      box.pointee.isPrimed = true
      box.pointee.lane.frame(source: mac, neighbour: neighbour)
      add(place, target, box)
      return
    }
    let sent = box.pointee.lane.sent
    guard add(place, target, box) else { return }
    flush(box)
    // Nobody looks for the neighbour of a packet that was refused: the next is the first.
    guard box.pointee.lane.sent > sent else { return }
    box.pointee.isPrimed = true
    let end = MonotonicClock.now + Self.resolutionTime
    var poll = PollSet([neighbours.descriptor])
    while true {
      switch try neighbours.state(of: key) {
      case .known(let neighbour), .stale(let neighbour):
        box.pointee.lane.frame(source: mac, neighbour: neighbour)
        return
      case .unknown, .failed: break
      }
      let now = MonotonicClock.now
      guard now < end, !state.stop.load(ordering: .relaxed) else { break }
      poll.wait(nanoseconds: min(end - now, 20_000_000))
      _ = try neighbours.readChanges { _ in }
    }
    box.pointee.isDead = true
    failures.append((place, .gatewaySilent))
  }

  private mutating func flush() {
    for box in lanes where box.pointee.lane.filled > 0 { flush(box) }
  }

  private mutating func flush(_ box: LanePointer) {
    box.pointee.lane.flush { place in failures.append((place, .sendFailed)) }
  }
}
