import CLinux
import Glibc
import Synchronization

/// Captures replies on several interfaces, in a thread of its own that opens, reads and closes them all.
struct Receiver: ~Copyable {
  private let shared: Shared
  private let thread: DedicatedThread

  /// What both threads see.
  private final class Shared: Sendable {
    let queue: PacketQueue
    let stop: StopRequest
    let started: Wakeup
    /// Asks for a reading of the drop counters now.
    let readingWanted: Wakeup
    let state = Mutex<State>(.opening)

    enum State: Sendable {
      case opening
      case live
      case failed(PacketIOError)
    }

    init(slot: Int) throws(PacketIOError) {
      queue = try PacketQueue(slot: slot)
      stop = try StopRequest()
      started = try Wakeup()
      readingWanted = try Wakeup()
    }
  }

  private init(_ shared: Shared, _ thread: consuming DedicatedThread) {
    self.shared = shared
    self.thread = thread
  }

  /// Starts capturing. When this returns, all captures are live.
  ///
  /// - Parameters:
  ///   - bufferSize: of the kernel's ring for each interface, in bytes.
  ///   - snapLength: how much of a packet is kept, in bytes, the link layer's header included.
  static func start(
    interfaces: [String], filter: String, bufferSize: Int32, snapLength: Int32 = Capture.snapLength
  ) throws(PacketIOError) -> Receiver {
    let shared = try Shared(slot: Int(snapLength))
    let thread = try DedicatedThread("v6audit-capture") {
      run(
        shared, interfaces: interfaces, filter: filter, bufferSize: bufferSize, snapLength: snapLength)
    }
    var poll = PollSet([shared.started.descriptor])
    poll.wait(nanoseconds: nil)
    while case .opening = shared.state.withLock({ $0 }) { poll.wait(nanoseconds: nil) }
    if case .failed(let error) = shared.state.withLock({ $0 }) {
      thread.join()
      throw error
    }
    return Receiver(shared, thread)
  }

  /// Where the packets come out.
  var queue: PacketQueue { shared.queue }

  /// Why capturing ended by itself, if it did.
  var failure: PacketIOError? {
    if case .failed(let error) = shared.state.withLock({ $0 }) { error } else { nil }
  }

  /// Has the drop counters read soon; the reading appears in the queue.
  func requestReading() { shared.readingWanted.signal() }

  /// Ends the captures. What they hold, and the last reading of their drop counters, is in the queue afterwards. To be called
  /// once.
  func stop() {
    shared.stop.make()
    thread.join()
  }
}

extension Receiver {
  /// How often the drop counters are read, in nanoseconds: the time of a drop is known to this accuracy.
  private static let readingInterval: UInt64 = 50_000_000

  private static func run(
    _ shared: Shared, interfaces: [String], filter: String, bufferSize: Int32, snapLength: Int32
  ) {
    do throws(PacketIOError) {
      var captures: [Capture] = []
      for interface in interfaces {
        captures.append(
          try Capture(on: interface, filter: filter, bufferSize: bufferSize, snapLength: snapLength))
      }
      shared.state.withLock { $0 = .live }
      shared.started.signal()
      try read(captures, shared)
    } catch {
      shared.state.withLock { $0 = .failed(error) }
      shared.started.signal()
      shared.queue.announce()
    }
  }

  private static func read(_ captures: [Capture], _ shared: Shared) throws(PacketIOError) {
    let queue = shared.queue
    var poll = PollSet(
      [shared.readingWanted.descriptor, shared.stop.wakeup.descriptor] + captures.map(\.descriptor))
    var nextReading = MonotonicClock.now
    var isReadingWanted = false
    var isStopping = false
    let pulse = CapturePulse()
    defer { pulse.end() }
    while true {
      let now = MonotonicClock.now
      pulse.beat()
      // Packets carry the time of day of their arrival. The difference is taken anew each time, because that
      // clock is being steered.
      let realNow = clinux_realtime()
      var isAny = false
      for capture in captures where queue.hasRoom {
        try capture.read { packet, arrival in
          // A clock that was set meanwhile must not put a packet into the future or the far past.
          let age = realNow > arrival ? min(realNow - arrival, 1_000_000_000) : 0
          isAny = true
          return queue.add(packet, time: now - min(age, now))
        }
      }
      if now >= nextReading || isReadingWanted || isStopping {
        nextReading = now + readingInterval
        let dropped = captures.reduce(0) { $0 + $1.takeDropped() }
        queue.noteDropped(dropped, at: MonotonicClock.now)
        isAny = isAny || dropped > 0 || isReadingWanted
        isReadingWanted = false
      }
      if isAny || isStopping { queue.announce() }
      if isStopping { return }
      if !queue.hasRoom {
        // The engine is behind; the kernel's ring holds what comes, and counts what it cannot.
        usleep(200)
        continue
      }
      poll.wait(nanoseconds: readingInterval)
      if poll.isReady(0) {
        shared.readingWanted.reset()
        isReadingWanted = true
      }
      isStopping = shared.stop.isMade
    }
  }
}
