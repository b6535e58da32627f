/// How many durations fell below each of a fixed row of bounds: a Prometheus histogram.
public struct Histogram: Sendable, Hashable, Codable {
  /// The upper bounds in seconds; the last bucket, above all of them, has none.
  public static let bounds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// By bucket, each by itself.
  public private(set) var counts = [UInt64](repeating: 0, count: Histogram.bounds.count + 1)
  /// All durations together, in seconds.
  public private(set) var sum: Double = 0

  /// Empty.
  public init() {}

  /// How many durations there are.
  public var count: UInt64 { counts.reduce(0, +) }

  /// Adds a duration, in seconds.
  public mutating func note(_ seconds: Double) {
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += seconds
  }

  /// Adds all of another one.
  public static func += (left: inout Histogram, right: Histogram) {
    for index in left.counts.indices where index < right.counts.count {
      left.counts[index] += right.counts[index]
    }
    left.sum += right.sum
  }
}
