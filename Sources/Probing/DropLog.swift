/// When the capture dropped packets, so that silences of those times can be told from true ones.
public struct DropLog: Sendable {
  private struct Gap: Sendable {
    var from: UInt64
    var to: UInt64
    var count: UInt64
  }

  /// More gaps than this are joined two by two; a wider gap only makes more silences doubtful.
  private static let limit = 1024
  private var gaps: [Gap] = []
  /// When the counter was last read; `nil` before the first reading.
  public private(set) var lastReading: UInt64?

  /// A log without any reading.
  public init() {}

  /// Notes that `count` packets were dropped at some time between the reading before and `now`.
  public mutating func note(_ count: UInt64, now: UInt64) {
    defer { lastReading = now }
    guard count > 0 else { return }
    gaps.append(Gap(from: lastReading ?? 0, to: now, count: count))
    if gaps.count > Self.limit { joinPairs() }
  }

  /// How many packets were dropped in gaps that reach into the time after `start` and up to `end`. What was lost up
  /// to a reading was no reply to what is sent from then on.
  func dropped(from start: UInt64, to end: UInt64) -> UInt64 {
    guard !gaps.isEmpty else { return 0 }
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].to <= start { low = middle + 1 } else { high = middle }
    }
    var count: UInt64 = 0
    while low < gaps.count, gaps[low].from <= end {
      count += gaps[low].count
      low += 1
    }
    return count
  }

  private mutating func joinPairs() {
    gaps = stride(from: 0, to: gaps.count, by: 2).map { index in
      guard index + 1 < gaps.count else { return gaps[index] }
      let (left, right) = (gaps[index], gaps[index + 1])
      return Gap(from: left.from, to: right.to, count: left.count + right.count)
    }
  }
}
