/// What a sweep asks of every target.
public enum SweepProbe: Sendable, Hashable {
  /// An ICMP or ICMPv6 echo request.
  case echo
  /// A TCP SYN to a port, 1–65535.
  case tcp(port: UInt16)
  /// A UDP datagram to a port, 1–65535, with a request that the port's usual service answers; see `SweepPayload`.
  case udp(port: UInt16)
}

extension SweepProbe: LosslessStringConvertible {
  /// Reads `icmp`, `tcp:443` or `udp:53`; `nil` for anything else, also for port 0.
  public init?(_ text: String) {
    if text == "icmp" {
      self = .echo
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(parts[1]),
      port > 0
    else { return nil }
    switch parts[0] {
    case "tcp": self = .tcp(port: port)
    case "udp": self = .udp(port: port)
    default: return nil
    }
  }

  /// `icmp`, `tcp:443` or `udp:53`.
  public var description: String {
    switch self {
    case .echo: "icmp"
    case .tcp(let port): "tcp:\(port)"
    case .udp(let port): "udp:\(port)"
    }
  }
}
