/// Many first-in-first-out queues over items `0..<itemCount`, each item in at most one queue: three flat arrays
/// however the items are spread.
struct LinkedQueues: Sendable {
  private static let none = UInt32.max
  private var heads: [UInt32]
  private var tails: [UInt32]
  private var links: [UInt32]

  init(queueCount: Int, itemCount: Int) {
    heads = Array(repeating: Self.none, count: queueCount)
    tails = Array(repeating: Self.none, count: queueCount)
    links = Array(repeating: Self.none, count: itemCount)
  }

  @inline(__always) func isEmpty(_ queue: UInt32) -> Bool { heads[Int(queue)] == Self.none }

  /// The first item of a queue, or `nil` when it is empty.
  @inline(__always) func first(_ queue: UInt32) -> UInt32? {
    let head = heads[Int(queue)]
    return head == Self.none ? nil : head
  }

  /// Appends an item that is in no queue.
  mutating func append(_ item: UInt32, to queue: UInt32) {
    links[Int(item)] = Self.none
    if isEmpty(queue) {
      heads[Int(queue)] = item
    } else {
      links[Int(tails[Int(queue)])] = item
    }
    tails[Int(queue)] = item
  }

  /// Removes the first item of a queue that is not empty.
  mutating func removeFirst(_ queue: UInt32) {
    heads[Int(queue)] = links[Int(heads[Int(queue)])]
  }
}
