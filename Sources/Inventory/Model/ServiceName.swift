import Observations

/// The protocols this program can speak, one that it knows by its port alone, and two for ports of which only the transport is known.
public enum ServiceName: String, Sendable, Hashable, Codable, CaseIterable {
  case http
  case https
  case ssh
  case smtp
  case dns
  case ntp
  case sip
  /// Call signalling of H.323 (ITU-T H.225.0). Its port is looked at; no call is begun.
  case h323
  /// A TCP port whose protocol is not known: `tcp:9000`.
  case tcp
  /// A UDP port whose protocol is not known: `udp:161`.
  case udp

  /// The port that is meant when none is written; `nil` where one must be.
  public var defaultPort: UInt16? {
    switch self {
    case .http: 80
    case .https: 443
    case .ssh: 22
    case .smtp: 25
    case .dns: 53
    case .ntp: 123
    case .sip: 5060
    case .h323: 1720
    case .tcp, .udp: nil
    }
  }

  /// The transports that are meant when none is written.
  public var defaultTransports: [Transport] {
    switch self {
    case .http, .https, .ssh, .smtp, .h323, .tcp: [.tcp]
    case .dns: [.udp, .tcp]
    case .ntp, .sip, .udp: [.udp]
    }
  }

  /// The transports it may be declared with: `sip/tcp` has a meaning (RFC 3261 §18), `http/udp` has none.
  public var permittedTransports: [Transport] {
    switch self {
    case .http, .https, .ssh, .smtp, .h323, .tcp: [.tcp]
    case .dns, .sip: [.udp, .tcp]
    case .ntp, .udp: [.udp]
    }
  }
}
