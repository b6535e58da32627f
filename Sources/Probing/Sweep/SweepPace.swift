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

  /// How late a packet may be and still be made up for, in nanoseconds; see `RateLimit.init(rate:slack:)`.
  static let slack: UInt64 = 1_000_000
}
