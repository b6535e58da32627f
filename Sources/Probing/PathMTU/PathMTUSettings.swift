import Wire

/// What to tell a host about the MTU, and how patiently.
public struct PathMTUSettings: Sendable, Hashable {
  /// How long the packet is that is asked with, in bytes of IP packet: 1288–1500, a multiple of 8 for IPv6 (a value
  /// in between is rounded down). Must fit the links on the way, or the question itself is too big.
  public var size = 1400
  /// The MTU to tell, in bytes: 1280, below which no IPv6 host goes (RFC 8201 §4), up to less than `size`.
  public var mtu: UInt16 = 1280
  /// How often to ask before a host is called silent, and how often to tell it before it is said to ignore it: 1–5.
  public var tries = 3
  /// How long to wait for the answer to an echo, in nanoseconds; longer than the slowest round trip.
  public var timeout: UInt64 = 1_000_000_000
  /// How long after a message the host is asked again, in nanoseconds; as long as a packet takes to get there.
  public var settling: UInt64 = 200_000_000
  /// How long a connection's sender must pause to count as waiting for us, in nanoseconds: longer than a round trip.
  public var quiet: UInt64 = 300_000_000
  /// How long to wait for a connection to send anything at all, in nanoseconds: longer than its retransmission
  /// timeout with a few backoffs (RFC 6298 §2).
  public var patience: UInt64 = 5_000_000_000
  /// The MTU of the link that packets are captured on, in bytes. What is longer did not come so: receive offload has
  /// put several segments together.
  public var linkMTU = 1500

  /// The defaults: 1400 bytes asked with, 1280 told, three tries.
  public init() {}
}

extension PathMTUSettings {
  /// The same with all values inside their ranges.
  var clamped: PathMTUSettings {
    var settings = self
    settings.size = min(1500, max(1288, size)) / 8 * 8
    settings.mtu = min(UInt16(settings.size) - 8, max(1280, mtu))
    settings.tries = min(5, max(1, tries))
    // An hour is longer than anything takes, and keeps every sum of times in range.
    let hour: UInt64 = 3_600_000_000_000
    settings.timeout = min(timeout, hour)
    settings.settling = min(settling, hour)
    settings.quiet = min(quiet, hour)
    settings.patience = min(patience, hour)
    return settings
  }
}
