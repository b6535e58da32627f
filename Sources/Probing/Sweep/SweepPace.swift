/// How fast a sweep may send.
public struct SweepPace: Sendable, Hashable {
  /// Packets per second in all; greater than zero, `.infinity` for no limit.
  public var rate: Double
  /// Packets per second to one /48 or IPv4 /24; greater than zero, `.infinity` for no limit.
  public var prefixRate: Double

  /// A pace.
  public init(rate: Double, prefixRate: Double) {
    self.rate = rate
    self.prefixRate = prefixRate
  }

  /// How many senders it makes sense to divide this among, `most` at most: a slow one needs no second, and a limit for
  /// prefixes has to be kept by one who knows of all.
  public func senders(atMost most: Int) -> Int {
    if prefixRate < 1e9 { return 1 }
    return max(1, rate < 1e9 ? min(most, Int(rate / 1000)) : most)
  }

  /// What each of several senders may send. A little less than its part: each may send a whole packet more in some
  /// second than its part of the rate comes to, and together they must not.
  public func divided(among senders: Int) -> SweepPace {
    SweepPace(rate: (rate - Double(senders - 1)) / Double(senders), prefixRate: prefixRate)
  }

  /// How late a packet may be and still be made up for, in nanoseconds; see `RateLimit.init(rate:slack:)`.
  static let slack: UInt64 = 1_000_000
}
