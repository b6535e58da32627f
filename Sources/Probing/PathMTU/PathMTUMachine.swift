import Observations
import Wire

/// What a driver needs of a path-MTU probe, whether it asks by echo or watches a connection.
///
/// The driver's loop: call `next`; do what it says; hand every captured packet to `receive`, with the time of its
/// capture; report packets that the capture dropped. All times are monotonic nanoseconds of one clock.
public protocol PathMTUMachine: Sendable {
  /// Who is asked.
  var target: IPAddress { get }
  /// The address of the vantage that asks.
  var source: IPAddress { get }
  /// What was sent and seen so far. A Packet Too Big counts as sent.
  var counters: ProbeCounters { get }
  /// What came of it; `nil` while it goes on.
  var outcome: PathMTUOutcome? { get }

  /// What to do at `now`, which is never less than at any call before. The same until it was done or time passes.
  mutating func next(now: UInt64) -> PathMTUStep
  /// Writes the IP packet, checksums included, of a step; `packet` must hold `PathMTU.packetCapacity` bytes from
  /// `offset` on. Returns how many bytes were written.
  func emit(_ step: PathMTUPacket, into packet: inout MutableRawSpan, at offset: Int) -> Int
  /// Notes that the packet of the last step left.
  mutating func didSend(now: UInt64)
  /// Notes that the owner of the connection did what the last step said.
  mutating func didCue(now: UInt64)
  /// Ends a probe whose packets cannot be sent.
  mutating func notSent(_ reason: NotSentReason)
  /// Takes a packet from the capture, from the IP header on; it may be cut off or padded. Whatever it holds, it is
  /// counted.
  mutating func receive(ipPacket packet: RawSpan, now: UInt64)
  /// Notes that the capture dropped so many packets since it was last asked.
  mutating func captureDropped(_ count: UInt64)
}

/// What is common to path-MTU probes.
public enum PathMTU {
  /// No packet of a path-MTU probe is longer than this, in bytes, Ethernet header excluded.
  public static let packetCapacity = 1500
}
