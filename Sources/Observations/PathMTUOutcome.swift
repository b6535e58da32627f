import Wire

/// What came of asking a host whether it heeds an ICMPv6 Packet Too Big (RFC 4443 §3.2, RFC 8201). Exactly one of
/// these is true.
///
/// Sizes are bytes of an IP packet, its header included; `largest` is the size of the largest packet that decided.
public enum PathMTUOutcome: Sendable, Hashable, Codable {
  /// Heeded: what was larger before came in whole packets of at most the MTU that was told.
  case shrank(largest: Int)
  /// Heeded: what was larger before came in fragments of at most the MTU that was told (RFC 8200 §4.5). Right for an
  /// echo; a TCP should rather send smaller segments.
  case fragmented(largest: Int)
  /// Packets stayed larger than what was told, however often: a filter drops the message, or the host ignores it.
  case ignored(largest: Int)
  /// Before, large packets came. After the message nothing came any more, though the host still answers small
  /// questions (echo), or had more to send (TCP).
  case blackHole(largest: Int)
  /// Some fragments of the reply came and others never did: something on the way drops fragments.
  case fragmentsLost(largest: Int)
  /// There was nothing to shrink: packets were no larger from the start, though there was enough to send. A smaller
  /// MTU on the way is known, or the segment size is clamped.
  case alreadySmall(largest: Int, isFragmented: Bool)
  /// Nothing can be said: what the host had to send was too short to show the size of its packets.
  case tooShort(largest: Int)
  /// Nothing can be said: after the message the host answered nothing at all, not even small questions.
  case vanished(largest: Int)
  /// Nothing can be said: the host never answered.
  case silent(tries: Int)
  /// Nothing can be said: an ICMP error came back about our question, which may itself have been too big.
  case rejected(Rejection)
  /// Nothing can be said: no packet left.
  case notSent(NotSentReason)
  /// Nothing can be said: receive offload had put segments together before they were captured, so their sizes are
  /// not known. How many such there were.
  case offloaded(merged: Int)
  /// Nothing can be said: the capture dropped packets meanwhile.
  case unmeasured(dropped: UInt64)

  /// Whether the sizes of the host's packets were seen, be it that large ones got lost.
  public var showsSizes: Bool {
    switch self {
    case .shrank, .fragmented, .ignored, .blackHole, .fragmentsLost, .alreadySmall: true
    case .tooShort, .vanished, .silent, .rejected, .notSent, .offloaded, .unmeasured: false
    }
  }
}
