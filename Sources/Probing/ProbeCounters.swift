import Observations
import Wire

/// What the engine has sent and seen. Every packet handed in is counted in exactly one of the fields below
/// `sent`.
public struct ProbeCounters: Sendable, Hashable {
  /// Packets given out to be sent, retries included.
  public var sent: UInt64 = 0
  /// Replies that were the first of their kind for their probe: echo replies, SYN-ACKs, RSTs and ICMP errors.
  public var matched: UInt64 = 0
  /// Genuine replies to a probe whose outcome stood already: duplicates and second opinions.
  public var repeated: UInt64 = 0
  /// Genuine replies that came after the probe had been given up as silent.
  public var late: UInt64 = 0
  /// Packets of the right form whose cookie is not ours, or not of that probe, address or try.
  public var forged: UInt64 = 0
  /// Packets of other kinds than replies to probes, which the capture filter let through.
  public var unrelated: UInt64 = 0
  /// Packets that contradict their own format.
  public var malformed: UInt64 = 0
  /// Packets whose upper-layer checksum is wrong.
  public var badChecksum: UInt64 = 0
  /// Packets the kernel dropped before the capture saw them, as reported.
  public var dropped: UInt64 = 0

  /// `sent` by family and protocol.
  public var tally = PacketTally()

  /// All zero.
  public init() {}

  /// Counts a packet that was given out to be sent.
  mutating func noteSent(_ family: AddressFamily, _ transport: PacketTally.Transport) {
    sent += 1
    tally[family, transport] += 1
  }

  /// Counts a packet that could not be read as a reply, by why not.
  mutating func note(_ error: PacketError) {
    switch error {
    case .badChecksum: badChecksum += 1
    case .unsupported, .laterFragment: unrelated += 1
    case .truncated, .wrongVersion, .badLength, .tooManyExtensionHeaders: malformed += 1
    }
  }
}
