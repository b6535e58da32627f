import Observations
import Wire

/// One question to one address, asked with as many tries as the settings say.
public struct Probe: Sendable, Hashable {
  /// Who is asked.
  public var target: IPAddress
  /// What is asked.
  public var kind: ProbeKind

  /// A question to `target`.
  public init(target: IPAddress, kind: ProbeKind) {
    self.target = target
    self.kind = kind
  }
}

/// What a probe asks.
public enum ProbeKind: Sendable, Hashable {
  /// An ICMP or ICMPv6 echo request.
  case echo
  /// A TCP SYN to a port, 1–65535. The kernel's RST to the SYN-ACK closes the half-open connection.
  case tcpSYN(port: UInt16)
  /// An echo request that may pass `limit` hops (1–255): the router at this distance says Time Exceeded, which
  /// the outcome holds as a rejection of that type, or the target answers.
  case hop(limit: UInt8)
  /// The same with a TCP SYN to a port, which passes where a filter stops echo.
  case hopSYN(port: UInt16, limit: UInt8)
  /// A UDP datagram to a port, with the question of its usual service if that is short; see `SweepPayload`.
  case datagram(port: UInt16)
  /// An echo request to `inner` inside a packet to the target, as a tunnel of this kind carries it (Teredo is a
  /// datagram). Whoever takes it out answers from `inner`.
  case tunnel(TunnelKind, inner: IPAddress)
}

extension ProbeKind {
  /// What its packets carry.
  var transport: PacketTally.Transport {
    switch self {
    case .echo, .hop, .tunnel: .icmp
    case .tcpSYN, .hopSYN: .tcp
    case .datagram: .udp
    }
  }

  /// Whether it is sent as a SYN.
  var isSYN: Bool {
    switch self {
    case .echo, .hop, .datagram, .tunnel: false
    case .tcpSYN, .hopSYN: true
    }
  }

  /// The hop limit of its own that it is sent with, if it has one.
  var hopLimit: UInt8? {
    switch self {
    case .echo, .tcpSYN, .datagram, .tunnel: nil
    case .hop(let limit), .hopSYN(_, let limit): limit
    }
  }
}
