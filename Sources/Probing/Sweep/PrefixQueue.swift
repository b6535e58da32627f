import Wire

/// Places that wait because their /48 or IPv4 /24 has had its packets: they leave in their order, each an interval after the
/// one before it, and those of other prefixes go on meanwhile.
struct PrefixQueue: Sendable {
  /// More than this are never kept waiting; then the sender waits.
  static let most = 65_536

  private struct Bucket: Sendable {
    /// The theoretical time of the next packet; see `RateLimit`.
    var arrival: UInt64
    /// Who waits, in a row: cells.
    var first: UInt32?
    var last: UInt32 = 0
  }

  /// A place that waits, and the cell of the one behind it.
  private struct Cell: Sendable {
    var place: UInt32
    var next: UInt32?
  }

  private let limit: RateLimit
  private var buckets: [IPAddress: Bucket] = [:]
  private var cells: [Cell] = []
  private var freeCell: UInt32?
  /// The first place of each prefix for which somebody waits: were all of them here, one late departure would move them all.
  private var waiting = TimerHeap()
  private(set) var count = 0
  private var forgetAt = 1024

  /// A queue that lets `rate` packets/s go to each prefix.
  ///
  /// - Parameter slack: what was missed in the last so many nanoseconds may be made up for.
  init(rate: Double, slack: UInt64) { limit = RateLimit(rate: rate, slack: slack) }

  /// When the first that waits may go; `nil` when none waits.
  var nextTime: UInt64? { waiting.nextTime }
  /// Whether no more may be kept waiting.
  var isFull: Bool { count >= Self.most }

  /// Asks for a departure now; whether it is granted. If not, the place waits here.
  mutating func admit(_ place: Int, _ target: IPAddress, now: UInt64) -> Bool {
    forget(now: now)
    let prefix = target.pacingPrefix
    var bucket = buckets[prefix] ?? Bucket(arrival: now)
    let isGranted = bucket.first == nil && limit.ready(bucket.arrival) <= now
    if isGranted {
      bucket.arrival = limit.after(bucket.arrival, now: now)
    } else {
      wait(UInt32(truncatingIfNeeded: place), in: &bucket)
    }
    buckets[prefix] = bucket
    return isGranted
  }

  /// Takes out a place whose departure has come. The one before it may have left late, so the time is looked at again.
  mutating func popDue(now: UInt64, target: (Int) -> IPAddress) -> Int? {
    while let place = waiting.popDue(at: now) {
      let prefix = target(Int(place)).pacingPrefix
      guard var bucket = buckets[prefix], let cell = bucket.first else { continue }
      let ready = limit.ready(bucket.arrival)
      if ready > now {
        waiting.insert(place, at: ready)
        continue
      }
      bucket.arrival = limit.after(bucket.arrival, now: now)
      bucket.first = cells[Int(cell)].next
      if let next = bucket.first { waiting.insert(cells[Int(next)].place, at: limit.ready(bucket.arrival)) }
      buckets[prefix] = bucket
      cells[Int(cell)].next = freeCell
      freeCell = cell
      count -= 1
      return Int(place)
    }
    return nil
  }

  /// Notes that the packet to a target that was granted its departure left only now.
  mutating func noteLate(_ target: IPAddress, now: UInt64) {
    guard let bucket = buckets[target.pacingPrefix] else { return }
    buckets[target.pacingPrefix]?.arrival = max(bucket.arrival, now + limit.interval)
  }

  /// The places that wait, in no order.
  var places: [Int] {
    buckets.values.flatMap { bucket in
      sequence(state: bucket.first) { cell in
        guard let one = cell.map({ cells[Int($0)] }) else { return nil }
        cell = one.next
        return Int(one.place)
      }
    }
  }

  /// Lets nobody wait any longer.
  mutating func removeAll() {
    for prefix in buckets.keys { buckets[prefix]?.first = nil }
    (cells, freeCell, waiting, count) = ([], nil, TimerHeap(), 0)
  }

  private mutating func wait(_ place: UInt32, in bucket: inout Bucket) {
    let cell: UInt32
    if let free = freeCell {
      (cell, freeCell) = (free, cells[Int(free)].next)
      cells[Int(cell)] = Cell(place: place, next: nil)
    } else {
      cell = UInt32(cells.count)
      cells.append(Cell(place: place, next: nil))
    }
    if bucket.first == nil {
      bucket.first = cell
      waiting.insert(place, at: limit.ready(bucket.arrival))
    } else {
      cells[Int(bucket.last)].next = cell
    }
    bucket.last = cell
    count += 1
  }

  /// A bucket for which nobody waits and whose next departure is past says nothing any more.
  private mutating func forget(now: UInt64) {
    guard buckets.count >= forgetAt else { return }
    buckets = buckets.filter { $0.value.first != nil || $0.value.arrival > now }
    forgetAt = max(1024, 2 * buckets.count)
  }
}
