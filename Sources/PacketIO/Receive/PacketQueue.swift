import Synchronization
import Wire

/// Packets on their way from the receiving thread to the engine's.
///
/// Two buffers take turns: the receiver fills one while the engine reads the other, and only the exchange needs
/// the lock. Both are allocated once.
final class PacketQueue: Sendable {
  /// Packets waiting to be read, and what else the receiver has to tell.
  struct Batch: Sendable {
    fileprivate var bytes: [UInt8]
    fileprivate var entries: [Entry] = []
    /// Readings of the kernel's drop counters since the batch before.
    fileprivate(set) var dropped: UInt64 = 0
    /// The time of the last of these readings; `nil` if there was none.
    fileprivate(set) var droppedReadAt: UInt64?

    fileprivate struct Entry {
      var time: UInt64
      var length: UInt16
    }

    fileprivate let slot: Int

    fileprivate init(slot: Int) {
      self.slot = slot
      bytes = Array(repeating: 0, count: PacketQueue.capacity * slot)
      entries.reserveCapacity(PacketQueue.capacity)
    }

    fileprivate mutating func clear() {
      entries.removeAll(keepingCapacity: true)
      dropped = 0
      droppedReadAt = nil
    }

    /// Hands over every packet with the monotonic time of its arrival.
    func forEach(_ body: (RawSpan, UInt64) -> Void) {
      for (index, entry) in entries.enumerated() {
        let start = index * slot
        body(bytes.span.bytes.extracting(start..<start + Int(entry.length)), entry.time)
      }
    }
  }

  /// How many packets wait at most; further ones stay in the kernel's ring, which counts what it has to drop.
  static let capacity = 2048

  private let slot: Int
  private let filling: Mutex<Batch>
  private let news = Atomic(false)
  private let wakeup: Wakeup

  /// An empty queue for packets of which at most `slot` bytes are kept.
  init(slot: Int = Int(Capture.snapLength)) throws(PacketIOError) {
    self.slot = slot
    filling = Mutex(Batch(slot: slot))
    wakeup = try Wakeup()
  }

  /// Readable when there is something to take.
  var descriptor: Int32 { wakeup.descriptor }

  /// Whether another packet fits.
  var hasRoom: Bool { filling.withLock { $0.entries.count < Self.capacity } }

  /// A batch to give to the first `exchange`.
  func makeBatch() -> Batch { Batch(slot: slot) }

  /// Adds a packet, for which there must be room.
  ///
  /// - Returns: whether there is room for another.
  func add(_ packet: RawSpan, time: UInt64) -> Bool {
    let count = min(packet.byteCount, slot)
    return filling.withLock { [slot] batch in
      let index = batch.entries.count
      guard index < Self.capacity else { return false }
      batch.bytes.withUnsafeMutableBytes { target in
        packet.extracting(0..<count).withUnsafeBytes { source in
          // Slot `index` lies inside, since `index` is below the capacity, and the packet fits a slot.
          UnsafeMutableRawBufferPointer(rebasing: target[index * slot..<index * slot + count])
            .copyMemory(from: source)
        }
      }
      batch.entries.append(Batch.Entry(time: time, length: UInt16(count)))
      return index + 1 < Self.capacity
    }
  }

  /// Notes a reading of the drop counters.
  func noteDropped(_ count: UInt64, at time: UInt64) {
    filling.withLock { batch in
      batch.dropped += count
      batch.droppedReadAt = time
    }
  }

  /// Tells the engine's thread that there is something.
  func announce() {
    news.store(true, ordering: .releasing)
    wakeup.signal()
  }

  /// Whether something was announced since the last exchange. Costs no system call.
  var hasNews: Bool { news.load(ordering: .acquiring) }

  /// Gives back a batch that has been read, and takes what has come since.
  func exchange(_ batch: inout Batch) {
    // Before the exchange: what is announced after it must be found by the next one.
    news.store(false, ordering: .releasing)
    wakeup.reset()
    batch.clear()
    filling.withLock { swap(&$0, &batch) }
  }
}
