/// A rate as a token bucket sees it: one token an interval, and a few kept for later at high rates.
///
/// Written down as the Generic Cell Rate Algorithm (ITU-T I.371), so that a bucket is a single time: the
/// theoretical arrival time of the next packet.
struct RateLimit: Sendable {
  /// Nanoseconds between two packets; zero for no limit.
  let interval: UInt64
  /// How long before its theoretical time a packet may leave, in nanoseconds.
  let tolerance: UInt64

  /// A limit of `rate` packets/s, greater than zero.
  ///
  /// - Parameter bursts: whether a few packets may leave back to back at high rates, up to a millisecond's worth
  ///   and at most 64. The interval is stretched so that no window of one second ever holds more than `rate`.
  init(rate: Double, bursts: Bool) {
    precondition(rate > 0, "a rate must be greater than zero")
    guard rate < 1e9 else {
      (interval, tolerance) = (0, 0)
      return
    }
    let burst = bursts ? min(64, max(1, (rate / 1000).rounded(.down))) : 1
    // One packet a day is slow enough for everybody, and keeps the sum below in range.
    let interval = UInt64(min(86_400e9, (1e9 / (rate - burst + 1)).rounded(.up)))
    self.interval = interval
    tolerance = interval * UInt64(burst - 1)
  }

  /// A limit of `rate` packets/s, greater than zero, that is kept exactly by a sender who is now and then late: what
  /// was missed in the last `slack` nanoseconds may be made up for.
  ///
  /// No window of one second holds more than `rate`, not even on the wire, where a packet comes up to `lateness` after
  /// its time was read: packets scheduled in it, or up to slack and lateness before it, are at most
  /// `(1 s + slack + lateness) / interval`. So the average is as much below `rate` as the two are of a second.
  init(rate: Double, slack: UInt64) {
    precondition(rate > 0, "a rate must be greater than zero")
    guard rate < 1e9 else {
      (interval, tolerance) = (0, 0)
      return
    }
    interval = UInt64(min(86_400e9, ((1e9 + Double(slack + Self.lateness)) / rate).rounded(.up)))
    tolerance = slack
  }

  /// What may pass between a look at the clock and a packet's departure, in nanoseconds.
  private static let lateness: UInt64 = 1_000_000

  /// When a bucket with the theoretical time `arrival` next has a token.
  @inline(__always) func ready(_ arrival: UInt64) -> UInt64 { arrival > tolerance ? arrival - tolerance : 0 }

  /// The theoretical time after a packet left at `now`.
  @inline(__always) func after(_ arrival: UInt64, now: UInt64) -> UInt64 { max(arrival, now) + interval }
}
