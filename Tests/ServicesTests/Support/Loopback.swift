import Foundation
import Observations
import Services
import Wire

/// What the tests touch: this machine's own loopback and nothing else.
enum Loopback {
  static let ipv6 = IPAddress(ipv6High: 0, low: 1)
  static let ipv4 = IPAddress(ipv4: 0x7f00_0001)

  static let scope = Scope([
    (prefix: Prefix(only: ipv6), rule: .allow),
    (prefix: Prefix(IPAddress(ipv4: 0x7f00_0000), length: 8), rule: .allow),
  ])

  static let userAgent = "v6audit/test (+https://audit.example/contact)"

  /// A handshaker that gives up soon.
  static func handshaker(
    scope: Scope = scope, ownRoots: String? = nil, patience: Duration = .seconds(5),
    now: @escaping @Sendable () -> Timestamp = Handshaker.systemTime
  ) throws -> Handshaker {
    var limits = HandshakeLimits()
    limits.connect = patience
    limits.tls = patience
    limits.exchange = patience
    limits.datagramPatience = [patience / 3, patience / 3, patience / 3]
    return try Handshaker(
      scope: scope, trust: try TrustStore(ownRoots: ownRoots, systemBundles: []), limits: limits,
      userAgent: userAgent, now: now)
  }

  /// A port that nobody listens on right now. It stays free until someone else happens to take it.
  static func freePort(_ type: __socket_type = SOCK_STREAM) throws -> UInt16 {
    let socket = Glibc.socket(AF_INET6, Int32(type.rawValue), 0)
    guard socket >= 0 else { throw POSIXError(.EMFILE) }
    defer { close(socket) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 ? getsockname(socket, address, &length) : -1
      }
    }
    guard result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    return UInt16(bigEndian: address.sin6_port)
  }
}

extension HandshakeOutcome {
  /// What the service showed, if it answered.
  var identity: ServiceIdentity? {
    if case .completed(let identity) = self { identity } else { nil }
  }
}

extension HandshakeOutcome {
  /// How long to wait where this is what should come: not for long where it is nothing.
  var patience: Duration {
    if case .timeout = self { .milliseconds(400) } else { .seconds(5) }
  }
}
