/// Deadlines of items `0..<itemCount`, each of which has at most one: a ring of time slots, so that setting and
/// ending one costs the same however many are running (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels",
/// 1987).
///
/// A deadline ends with its slot: up to `tick` nanoseconds late, never early.
struct TimerWheel: Sendable {
  private static let slotCount: UInt64 = 4096
  private let shift: UInt64
  private var slots: LinkedQueues
  /// One bit a slot, set when it holds something.
  private var occupied = Array(repeating: 0 as UInt64, count: Int(slotCount / 64))
  /// The first slot that holds something, counted from time zero; `.max` when none does.
  private var first = UInt64.max

  /// Nanoseconds a slot is long.
  var tick: UInt64 { 1 << shift }

  /// A wheel for deadlines at most `longest` nanoseconds ahead.
  init(itemCount: Int, longest: UInt64) {
    let smallest = longest / (Self.slotCount - 2) + 1
    shift = UInt64(UInt64.bitWidth - smallest.leadingZeroBitCount)
    slots = LinkedQueues(queueCount: Int(Self.slotCount), itemCount: itemCount)
  }

  /// When the first slot that holds something ends; `nil` when none does.
  var nextTime: UInt64? { first == .max ? nil : (first + 1) << shift }

  /// Sets the deadline of an item that has none. All that are due must have been taken out first, so that what is
  /// in the ring lies within one turn of it.
  mutating func insert(_ item: UInt32, at time: UInt64) {
    let slot = time >> shift
    let index = slot % Self.slotCount
    slots.append(item, to: UInt32(index))
    occupied[Int(index / 64)] |= 1 << (index % 64)
    first = min(first, slot)
  }

  /// Removes and returns an item whose slot has ended at `now`.
  mutating func popDue(at now: UInt64) -> UInt32? {
    guard let end = nextTime, end <= now else { return nil }
    let index = first % Self.slotCount
    guard let item = slots.first(UInt32(index)) else { return nil }
    slots.removeFirst(UInt32(index))
    if slots.isEmpty(UInt32(index)) {
      occupied[Int(index / 64)] &= ~(1 << (index % 64))
      first = nextOccupied(after: first)
    }
    return item
  }

  /// The first slot behind `slot` that holds something, or `.max`.
  private func nextOccupied(after slot: UInt64) -> UInt64 {
    var next = slot + 1
    while next < slot + Self.slotCount {
      let word = occupied[Int(next % Self.slotCount / 64)] >> (next % 64)
      if word != 0 { return next + UInt64(word.trailingZeroBitCount) }
      next += 64 - next % 64
    }
    return .max
  }
}
