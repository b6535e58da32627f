/// Items ordered by the exact time they are due: a binary heap in one array, 16 bytes an item.
struct TimerHeap: Sendable {
  private struct Entry: Sendable {
    var time: UInt64
    var item: UInt32
  }

  private var entries: [Entry] = []

  /// The earliest time, or `nil` when empty.
  var nextTime: UInt64? { entries.first?.time }

  /// All items, in no order.
  var items: [UInt32] { entries.map(\.item) }

  /// Adds an item that is due at `time`.
  mutating func insert(_ item: UInt32, at time: UInt64) {
    entries.append(Entry(time: time, item: item))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].time < entries[parent].time else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Removes and returns the earliest item if it is due at `now`.
  mutating func popDue(at now: UInt64) -> UInt32? {
    guard let first = entries.first, first.time <= now else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return first.item }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].time < entries[child].time { child += 1 }
      guard entries[child].time < last.time else { break }
      entries[parent] = entries[child]
      parent = child
    }
    entries[parent] = last
    return first.item
  }
}
