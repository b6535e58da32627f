/// What the receiving half of a sweep has seen, in packets. Every packet is counted once.
public struct SweepCounters: Sendable, Hashable {
  /// Targets that answered.
  public var answered: UInt64 = 0
  /// Targets whose port is closed.
  public var closed: UInt64 = 0
  /// ICMP errors that were the first answer of their target.
  public var rejected: UInt64 = 0
  /// Genuine replies of targets that had answered already.
  public var repeated: UInt64 = 0
  /// Replies of the right form whose cookie is not ours.
  public var forged: UInt64 = 0
  /// Replies of addresses that were never asked, and errors about packets to such.
  public var stray: UInt64 = 0
  /// Other packets that the filter let through.
  public var unrelated: UInt64 = 0
  /// Packets that contradict their own format.
  public var malformed: UInt64 = 0
  /// Packets whose checksum is wrong.
  public var badChecksum: UInt64 = 0
  /// Packets the kernel dropped before the capture saw them.
  public var dropped: UInt64 = 0

  /// All zero.
  public init() {}

  /// Every packet that was handed in.
  public var received: UInt64 {
    answered + closed + rejected + repeated + forged + stray + unrelated + malformed + badChecksum
  }

  /// Adds what was seen in another part of a sweep.
  public mutating func add(_ other: SweepCounters) {
    answered += other.answered
    closed += other.closed
    rejected += other.rejected
    repeated += other.repeated
    forged += other.forged
    stray += other.stray
    unrelated += other.unrelated
    malformed += other.malformed
    badChecksum += other.badChecksum
    dropped += other.dropped
  }
}
