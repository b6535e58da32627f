import Wire

/// What makes a reply ours: a keyed hash of both addresses, the kind of probe and its index, spread over the
/// fields that a reply must repeat. The try is added to it, so that the reply says which one it answers.
///
/// | probe | field | holds |
/// |---|---|---|
/// | echo | identifier | bits 0–15 |
/// | echo | sequence | bits 16–31 plus the try |
/// | echo | data | all 64 bits plus the try |
/// | SYN | source port | 61000–64999, from bits 0–15 plus the try |
/// | SYN | sequence | bits 32–63 plus a multiple of the try |
/// | datagram | source port | as of a SYN; the payload as `SweepPayload` has it |
///
/// The echo inside a tunnel is as any other; its `source` is the one inside.
///
/// Probes of a path's hops have a cookie of their own, `HopCookie`.
struct ProbeCookie: Sendable, Hashable {
  /// Above the ephemeral ports of Linux (32768–60999), so that no socket of the kernel's ever gets our replies.
  static let firstPort: UInt16 = 61000
  static let portCount: UInt16 = 4000

  /// The keyed hash.
  let bits: UInt64

  init(key: SipHashKey, source: IPAddress, probe: Probe, index: UInt32) {
    var hash = SipHash(key)
    hash.add(source.high)
    hash.add(source.low)
    hash.add(probe.target.high)
    hash.add(probe.target.low)
    let kind: UInt64 =
      switch probe.kind {
      case .echo: 0
      case .tcpSYN(let port): 1 << 16 | UInt64(port)
      // 2 and more than 3 are other cookies'.
      case .datagram(let port): 3 << 16 | UInt64(port)
      case .tunnel(let tunnel, _): 4 << 16 | UInt64(tunnel.number)
      case .hop, .hopSYN: preconditionFailure("a hop has a HopCookie")
      }
    hash.add(kind << 32 | UInt64(index))
    bits = hash.finish()
  }

  /// The cookie with this hash.
  @inline(__always) init(bits: UInt64) { self.bits = bits }

  var identifier: UInt16 { UInt16(truncatingIfNeeded: bits) }

  func sequence(attempt: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: bits >> 16) &+ UInt16(truncatingIfNeeded: attempt)
  }

  func echoData(attempt: Int) -> UInt64 { bits &+ UInt64(truncatingIfNeeded: attempt) }

  /// Every try comes from a port of its own: to the target it is a new connection, and what is left of the try
  /// before cannot answer for it.
  func sourcePort(attempt: Int) -> UInt16 {
    let base = UInt16(truncatingIfNeeded: bits) % Self.portCount
    return Self.firstPort + (base + UInt16(truncatingIfNeeded: attempt)) % Self.portCount
  }

  func initialSequence(attempt: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: bits >> 32) &+ UInt32(truncatingIfNeeded: attempt) &* 0x9e37_79b9
  }

  /// Constant over the tries of a probe, and never zero, which would mean "no flow" (RFC 6437 §2).
  var flowLabel: UInt32 { UInt32(truncatingIfNeeded: bits >> 20) & 0xf_ffff | 1 }

  /// Any value does for a datagram that is never fragmented (RFC 6864 §4.1).
  var identification: UInt16 { UInt16(truncatingIfNeeded: bits >> 40) }

  /// The try, of `sent`, that an echo with this identifier and sequence belongs to.
  func attempt(identifier: UInt16, sequence: UInt16, sent: Int) -> Int? {
    let attempt = Int(sequence &- self.sequence(attempt: 0))
    return identifier == self.identifier && attempt < sent ? attempt : nil
  }

  /// The try, of `sent`, that left from this port, if its sequence number was `sequence`.
  func attempt(port: UInt16, sequence: UInt32, sent: Int) -> Int? {
    guard let attempt = attempt(port: port, sent: sent), initialSequence(attempt: attempt) == sequence else {
      return nil
    }
    return attempt
  }

  /// The try, of `sent`, that left from this port.
  func attempt(port: UInt16, sent: Int) -> Int? {
    guard port >= Self.firstPort, port < Self.firstPort + Self.portCount else { return nil }
    let distance = Int(port) - Int(sourcePort(attempt: 0))
    let attempt = distance < 0 ? distance + Int(Self.portCount) : distance
    return attempt < sent ? attempt : nil
  }
}
