import NIOSSL
import Observations
import Wire

/// What every protocol gets to work with.
struct HandshakeTools: Sendable {
  let dialer: Dialer
  let limits: HandshakeLimits
  let certificates: CertificateCache
  /// One context for all connections: a context of their own would cost each of them its set-up and memory.
  let tlsContext: NIOSSLContext
  /// The same with what web servers are offered: `h2` and `http/1.1`.
  let webTLSContext: NIOSSLContext
  let userAgent: String
  let now: @Sendable () -> Timestamp
  /// Returns when a connection to the address may start. Whoever asks for a handshake has waited for its first one;
  /// this is for those that need more.
  let permit: @Sendable (IPAddress) async -> Void
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
