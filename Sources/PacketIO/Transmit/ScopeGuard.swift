import Observations
import Wire

/// The last look at a packet before the socket: may it go where its own header says it goes?
///
/// It reads the destination from the packet's bytes, so that no mistake made on the way there (a wrong index, a
/// stale path) can get a packet out of the scope.
struct ScopeGuard {
  private let scope: Scope
  /// Packets and targets refused so far.
  private(set) var refused: UInt64 = 0

  init(_ scope: Scope) { self.scope = scope }

  /// Whether `target` may be probed; counts it if not.
  mutating func admits(target: IPAddress) -> Bool {
    if scope.allows(target) { return true }
    refused += 1
    return false
  }

  /// Whether the IP packet may leave; counts it if not. What is not IP may not.
  mutating func admits(packet: RawSpan) -> Bool {
    guard let destination = Self.destination(of: packet) else {
      refused += 1
      return false
    }
    return admits(target: destination)
  }

  /// The destination in an IPv4 (RFC 791 §3.1) or IPv6 (RFC 8200 §3) header.
  static func destination(of packet: RawSpan) -> IPAddress? {
    guard packet.byteCount >= IPv4Header.byteCount else { return nil }
    switch packet.uint8(at: 0) >> 4 {
    case 4: return packet.address(.ipv4, at: 16)
    case 6 where packet.byteCount >= IPv6Header.byteCount: return packet.address(.ipv6, at: 24)
    default: return nil
    }
  }
}
