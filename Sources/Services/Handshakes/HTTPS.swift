import NIOCore
import NIOSSL
import Observations

extension ServiceProtocol {
  /// TLS with the name as SNI, then the same as `http`. The certificate is a fact whatever it is worth: an
  /// invalid one does not end the handshake.
  static let https = ServiceProtocol(name: "https", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock()
    let (status, chain) = try await tools.dialer.converse(
      with: request.endpoint, clock: clock, connectLimit: tools.limits.connect,
      configure: { channel in
        let session = try TLSSession.start(on: channel, context: tools.tlsContext, name: request.name)
        try HTTPExchange.configure(channel, limits: tools.limits)
        return session
      },
      body: { (stream: HTTPExchange.Channel, session: TLSSession) in
        clock.begin(.tls, limit: tools.limits.tls, closing: stream.channel)
        let chain = try await session.chain.get()
        clock.begin(.exchange, limit: tools.limits.exchange, closing: stream.channel)
        return (
          try await HTTPExchange(request, tools, defaultPort: 443).run(over: stream, clock: clock), chain
        )
      })
    let certificate = await tools.trust.examine(
      chain: chain, name: request.name, address: request.endpoint.address, at: tools.now())
    return ServiceIdentity(
      service: "https", greeting: status, certificate: certificate, phases: clock.durations)
  }
}
