import NIOSSL
import Observations

/// What every protocol gets to work with.
struct HandshakeTools: Sendable {
  let dialer: Dialer
  let limits: HandshakeLimits
  let trust: TrustStore
  /// One context for all connections: a context of their own would cost each of them its set-up and memory.
  let tlsContext: NIOSSLContext
  let userAgent: String
  let now: @Sendable () -> Timestamp
}

/// How one protocol is spoken. Every protocol has one file and one line in the catalogue.
struct ServiceProtocol: Sendable {
  /// The inventory's word for it.
  let name: String
  /// The transports it is spoken over here.
  let transports: Set<Transport>
  /// Holds the conversation; returns what the service showed of itself.
  let perform: @Sendable (HandshakeRequest, HandshakeTools) async throws(NetworkFailure) -> ServiceIdentity
}

extension ServiceProtocol {
  /// All protocols by name.
  static let catalogue: [String: ServiceProtocol] = Dictionary(
    uniqueKeysWithValues: [http, https, ssh, smtp, dns, ntp, sip, tcp].map { ($0.name, $0) })
}
