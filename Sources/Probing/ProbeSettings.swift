/// How fast and how patiently to probe.
public struct ProbeSettings: Sendable, Hashable {
  /// Packets per second in all; greater than zero, `.infinity` for no limit.
  public var rate: Double = 100
  /// Packets per second to one address; greater than zero, `.infinity` for no limit.
  public var hostRate: Double = 2
  /// Packets per second to one /48 or IPv4 /24; greater than zero, `.infinity` for no limit.
  public var prefixRate: Double = 10
  /// What counts as one prefix.
  public var groups = PacingGroups()
  /// Packets a probe may take, the first included: 1–5; values outside are brought inside.
  public var tries = 3
  /// How long to wait for an answer to the first try, in nanoseconds.
  public var timeout: UInt64 = 1_000_000_000
  /// By how much the waiting grows from one try to the next: 1–4.
  public var backoff: Double = 2
  /// How much longer than said a try may wait, as a fraction: 0–1. Spreads retries that would leave together.
  public var jitter: Double = 0.1
  /// How often a silence is measured again because the capture dropped packets meanwhile: 0–2.
  public var extraRounds = 2

  /// The defaults of the daemon: 100 packets/s in all, 2/s to one host, 10/s to one prefix, two retries.
  public init() {}
}

extension ProbeSettings {
  /// The same with tries, backoff, jitter and rounds inside their ranges.
  var clamped: ProbeSettings {
    var settings = self
    settings.tries = min(5, max(1, tries))
    settings.backoff = min(4, max(1, backoff))
    settings.jitter = min(1, max(0, jitter))
    settings.extraRounds = min(2, max(0, extraRounds))
    return settings
  }

  /// How long to wait for an answer to a try of a round, the first being 0, in nanoseconds.
  ///
  /// - Parameter fraction: how much of the jitter to add, 0–1.
  func wait(try number: Int, fraction: Double) -> UInt64 {
    var time = Double(timeout)
    for _ in 0..<number { time *= backoff }
    // An hour is longer than any host takes to answer, and keeps every sum of times in range.
    return UInt64(min(3600e9, time * (1 + jitter * fraction)))
  }

  /// The longest any try waits, in nanoseconds.
  var longestWait: UInt64 { wait(try: tries - 1, fraction: 1) }
}
