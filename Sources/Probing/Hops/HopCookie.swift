import Wire

/// What makes an answer about a hop ours: a keyed hash of both addresses and the port, spread over the fields that
/// an ICMP error quotes even if it quotes eight bytes only (RFC 792).
///
/// Routers that share load among several ways choose one by what is the same in all packets of a flow: addresses,
/// flow label (RFC 6438), ports, and for ICMP the bytes where ports would stand, which are type, code and checksum
/// (Augustin et al., "Avoiding traceroute anomalies with Paris traceroute", 2006). All of these are therefore the
/// same for all limits and tries of one target. What differs is one number, the serial, of limit and try:
///
/// | probe | the same in all | differs by the serial |
/// |---|---|---|
/// | echo | identifier, checksum, data but for two bytes | sequence, and two bytes that make up for it |
/// | SYN | source port | sequence |
struct HopCookie: Sendable, Hashable {
  private let bits: UInt64
  private let source: IPAddress
  private let target: IPAddress

  /// A cookie for all hop probes from `source` to `target` by echo, or by SYN to `port`.
  init(key: SipHashKey, source: IPAddress, target: IPAddress, port: UInt16?) {
    self.source = source
    self.target = target
    var hash = SipHash(key)
    hash.add(source.high)
    hash.add(source.low)
    hash.add(target.high)
    hash.add(target.low)
    // Other than the kinds of `ProbeCookie`, which end in an index of 32 bits below a kind of 17.
    hash.add(port.map { 3 << 48 | UInt64($0) } ?? 2 << 48)
    bits = hash.finish()
  }

  /// The serial of a try (0–15) with a hop limit: twelve bits.
  static func serial(limit: UInt8, attempt: Int) -> UInt16 {
    UInt16(limit) << 4 | UInt16(truncatingIfNeeded: attempt) & 15
  }

  var identifier: UInt16 { UInt16(truncatingIfNeeded: bits >> 16) }

  func sequence(_ serial: UInt16) -> UInt16 { UInt16(truncatingIfNeeded: bits) &+ serial }

  /// The sequence and the last two bytes are each other's complement, so that their sum is always all ones and the
  /// checksum the same.
  func echoData(_ serial: UInt16) -> UInt64 { bits & ~0xffff | UInt64(~sequence(serial)) }

  /// The checksum in each echo request, as it is computed over any one of them.
  var checksum: UInt16 {
    let request = ICMPMessage(echoRequest: target.family, identifier: 0, sequence: 0)
    var sum =
      target.family == .ipv4
      ? InternetChecksum()
      : InternetChecksum(
        source: source, destination: target, upperLayer: .icmpv6, length: ICMPMessage.byteCount + 8)
    sum.add(UInt16(request.type) << 8 | UInt16(request.code))
    sum.add(identifier)
    sum.add(bits | 0xffff)
    return sum.value
  }

  var sourcePort: UInt16 {
    ProbeCookie.firstPort + UInt16(truncatingIfNeeded: bits >> 16) % ProbeCookie.portCount
  }

  /// An odd factor, so that it can be undone, and one that lays serials far apart: a host that still holds the SYN
  /// before in SYN-RECEIVED must not find this one in its window and reset both (RFC 9293 §3.10.7.4).
  private static let spread: UInt32 = 0x9e37_79b9
  /// `spread` times this is 1 (mod 2^32).
  private static let gather: UInt32 = 0x144c_bc89

  func initialSequence(_ serial: UInt16) -> UInt32 {
    UInt32(truncatingIfNeeded: bits >> 32) &+ UInt32(serial) &* Self.spread
  }

  /// Not zero, which would mean "no flow" (RFC 6437 §2).
  var flowLabel: UInt32 { UInt32(truncatingIfNeeded: bits >> 20) & 0xf_ffff | 1 }

  /// Any value does for a datagram that is never fragmented (RFC 6864 §4.1).
  var identification: UInt16 { UInt16(truncatingIfNeeded: bits >> 40) }

  /// The serial that an echo with this identifier and sequence has, if it is ours.
  func serial(identifier: UInt16, sequence: UInt16) -> UInt16? {
    let serial = sequence &- self.sequence(0)
    return identifier == self.identifier && serial < 0x1000 ? serial : nil
  }

  /// The serial that a SYN from this port with this sequence has, if it is ours.
  func serial(port: UInt16, sequence: UInt32) -> UInt16? {
    let serial = (sequence &- initialSequence(0)) &* Self.gather
    return port == sourcePort && serial < 0x1000 ? UInt16(serial) : nil
  }
}
