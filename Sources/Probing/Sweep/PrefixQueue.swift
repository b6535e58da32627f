import Wire

/// Places that wait because their /48 or IPv4 /24 has had its packets: each is given the next free departure of its
/// prefix, and the others go on meanwhile.
struct PrefixQueue: Sendable {
  /// More than this are never kept waiting; then the sender waits.
  static let limit = 65_536

  private struct Bucket: Sendable {
    /// The next departure that nobody was given.
    var free: UInt64
    /// When a packet last left.
    var last: UInt64?
  }

  private let interval: UInt64
  private var buckets: [IPAddress: Bucket] = [:]
  private var waiting = TimerHeap()
  private(set) var count = 0
  private var forgetAt = 1024

  init(rate: Double) { interval = RateLimit(rate: rate, slack: 0).interval }

  /// When the first that waits may go; `nil` when none waits.
  var nextTime: UInt64? { waiting.nextTime }
  /// Whether no more may be kept waiting.
  var isFull: Bool { count >= Self.limit }

  /// Asks for a departure now; whether it is granted. If not, the place waits here.
  mutating func admit(_ place: Int, _ target: IPAddress, now: UInt64) -> Bool {
    forget(now: now)
    let prefix = target.pacingPrefix
    var bucket = buckets[prefix] ?? Bucket(free: now, last: nil)
    let time = max(now, bucket.free)
    bucket.free = time + interval
    if time <= now { bucket.last = now }
    buckets[prefix] = bucket
    if time > now { wait(place, until: time) }
    return time <= now
  }

  /// Takes out a place whose departure has come. It may have come late, so the one before is looked at again.
  mutating func popDue(now: UInt64, target: (Int) -> IPAddress) -> Int? {
    while let item = waiting.popDue(at: now) {
      count -= 1
      let place = Int(item)
      let prefix = target(place).pacingPrefix
      var bucket = buckets[prefix] ?? Bucket(free: now, last: nil)
      let ready = bucket.last.map { $0 + interval } ?? 0
      if ready > now {
        wait(place, until: ready)
        continue
      }
      bucket.last = now
      bucket.free = max(bucket.free, now + interval)
      buckets[prefix] = bucket
      return place
    }
    return nil
  }

  /// Notes that the packet to a target that was granted its departure left only now.
  mutating func noteLate(_ target: IPAddress, now: UInt64) {
    guard var bucket = buckets[target.pacingPrefix] else { return }
    bucket.last = now
    bucket.free = max(bucket.free, now + interval)
    buckets[target.pacingPrefix] = bucket
  }

  /// The places that wait, in no order.
  var places: [Int] { waiting.items.map(Int.init) }

  /// Lets nobody wait any longer.
  mutating func removeAll() {
    waiting = TimerHeap()
    count = 0
  }

  private mutating func wait(_ place: Int, until time: UInt64) {
    waiting.insert(UInt32(truncatingIfNeeded: place), at: time)
    count += 1
  }

  /// A bucket whose next departure is long past says nothing any more.
  private mutating func forget(now: UInt64) {
    guard buckets.count >= forgetAt else { return }
    buckets = buckets.filter { $0.value.free > now }
    forgetAt = max(1024, 2 * buckets.count)
  }
}
