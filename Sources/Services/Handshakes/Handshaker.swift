import NIOCore
import NIOSSL
import Observations
import Wire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Speaks a service's own protocol with a given address, once, and reports what was seen.
///
/// Never falls back to another address or family, never resolves a name, never follows a redirect. Many
/// handshakes may run at once; each is bounded in time and bytes.
public struct Handshaker: Sendable {
  let tools: HandshakeTools

  /// - Parameters:
  ///   - scope: What may be touched; a connection outside it is counted and reported as not sent.
  ///   - trust: The roots that server certificates are checked against.
  ///   - limits: Time and bytes of one handshake.
  ///   - userAgent: What HTTP and SIP servers are told about who asks, with a contact.
  ///   - maximumSockets: Sockets open at once; further handshakes wait in line.
  ///   - permit: Returns when one more connection to an address may start; asked by those handshakes that need more
  ///     than one, for every one but the first.
  ///   - now: The moment against which certificates are checked.
  ///   - group: Where the sockets live.
  /// - Throws: `HandshakerError` when the TLS library cannot be set up.
  public init(
    scope: Scope, trust: TrustStore, limits: HandshakeLimits = HandshakeLimits(), userAgent: String,
    maximumSockets: Int = 128, permit: @escaping @Sendable (IPAddress) async -> Void = { _ in },
    now: @escaping @Sendable () -> Timestamp = Handshaker.systemTime,
    group: any EventLoopGroup = NetworkLoop.shared
  ) throws(HandshakerError) {
    let tlsContext: NIOSSLContext
    let webTLSContext: NIOSSLContext
    do {
      tlsContext = try TLSSession.makeContext()
      webTLSContext = try TLSSession.makeContext(["h2", "http/1.1"])
    } catch {
      throw HandshakerError(reason: TLSFailureText.text(of: error))
    }
    tools = HandshakeTools(
      dialer: Dialer(scope: scope, group: group, maximumSockets: maximumSockets), limits: limits,
      certificates: CertificateCache(trust), tlsContext: tlsContext, webTLSContext: webTLSContext,
      userAgent: userAgent, now: now, permit: permit)
  }

  /// How many connections the scope refused.
  public var refusedByScope: Int { tools.dialer.refusedByScope }

  /// Whether the protocol can be spoken over this transport. A UDP port of unknown protocol cannot: nothing
  /// could be sent that it would have to answer.
  public static func supports(service: String, transport: Transport) -> Bool {
    ServiceProtocol.catalogue[service]?.transports.contains(transport) ?? false
  }

  /// Performs one handshake. Takes at most the sum of the limits, and returns early, with an outcome that
  /// means nothing, when the task is cancelled. What `supports(service:transport:)` denies is not sent.
  public func perform(_ request: HandshakeRequest) async -> HandshakeOutcome {
    guard let service = ServiceProtocol.catalogue[request.service],
      service.transports.contains(request.transport)
    else { return .notSent(.sendFailed) }
    do {
      return .completed(try await service.perform(request, tools))
    } catch {
      return error.outcome
    }
  }

  /// The time of the system's clock.
  public static func systemTime() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}

/// Why no handshake can be made at all.
public struct HandshakerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the TLS library said.
  public let reason: String

  /// The reason in words.
  public var description: String { "TLS cannot be set up: \(reason)" }
}
