import Observations

/// A TCP timestamp clock, as SYN-ACKs of one address show it over time (RFC 7323 §5.4).
///
/// Most stacks of today let it begin anywhere for each connection (RFC 7323 §7.1); such a one goes at no rate that a clock can
/// have, and says nothing. One that goes on from when its host was started is the same for all of its addresses.
public struct TimestampClock: Sendable, Hashable {
  private struct Reading: Hashable {
    var ticks: UInt32
    var time: Timestamp
  }

  private let first: Reading
  private var last: Reading
  /// Whether all that was seen between lies on one line.
  private var isSteady = true
  private var rate: Double?

  /// Rates that clocks have, in ticks a second.
  private static let rates: [Double] = [100, 200, 250, 1000]
  /// How far readings may be from what a clock of a rate shows: delays on the way, drift of the clock.
  private static let tolerance = 0.01
  /// How long it has to be seen, in seconds: shorter, and delays on the way decide.
  private static let patience = 10.0

  init(_ ticks: UInt32, at time: Timestamp) {
    first = Reading(ticks: ticks, time: time)
    last = first
  }

  mutating func take(_ ticks: UInt32, at time: Timestamp) {
    last = Reading(ticks: ticks, time: time)
    let seconds = Double(time.microseconds - first.time.microseconds) / 1e6
    guard seconds >= Self.patience else { return }
    let measured = Double(ticks &- first.ticks) / seconds
    let likely = Self.rates.first { abs(measured - $0) <= $0 * Self.tolerance }
    if likely == nil || rate != nil && rate != likely { isSteady = false }
    rate = likely
  }

  /// When it stood at 0, in seconds since 1970, and how many ticks a second it makes; `nil` where it is no clock of its host.
  public var reading: (zero: Double, rate: Double)? {
    guard isSteady, let rate else { return nil }
    return (Double(last.time.microseconds) / 1e6 - Double(last.ticks) / rate, rate)
  }
}
