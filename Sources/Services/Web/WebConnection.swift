import NIOCore
import NIOSSL
import NIOTLS
import Observations

/// A connection to a web server at a given address, over which requests go one after the other.
struct WebConnection: Sendable {
  let channel: any Channel
  let clock: PhaseClock
  let limits: HandshakeLimits
  /// The certificates shown, the end-entity's first; empty without TLS.
  let chain: [[UInt8]]

  /// Asks for one URL. Fails where no head of an answer comes; a body that breaks off is told by the answer.
  func ask(_ request: WebRequest) async throws(NetworkFailure) -> WebResponse {
    clock.begin(.exchange, limit: limits.exchange, closing: channel)
    let promise = channel.eventLoop.makePromise(of: WebResponse.self)
    channel.writeAndFlush(WebAsk(request: request, promise: promise)).whenFailure { promise.fail($0) }
    do {
      return try await promise.futureResult.get()
    } catch {
      throw clock.failure(error)
    }
  }
}

extension HandshakeTools {
  /// Talks to a web server: HTTP/1.1 or, where TLS agrees on `h2`, HTTP/2. `name` goes out as SNI.
  func withWebServer<Result>(
    at endpoint: Endpoint, isSecure: Bool, name: String?, clock: PhaseClock,
    body: (WebConnection) async throws(NetworkFailure) -> Result
  ) async throws(NetworkFailure) -> Result {
    try await dialer.connected(
      to: endpoint, clock: clock, connectLimit: limits.connect,
      configure: { channel in
        let assembly = ResponseAssembly(channel: channel, clock: clock, bodyTime: limits.body)
        let pipeline = channel.pipeline.syncOperations
        let session =
          isSecure ? try TLSSession.start(on: channel, context: webTLSContext, name: name) : nil
        try pipeline.addHandler(ByteLimit(limits.bytes + ByteLimit.slack))
        if isSecure {
          try pipeline.addHandler(ProtocolChooser(assembly, window: limits.bytes + 16_384))
        } else {
          try HTTP1Exchange.add(to: pipeline, assembly)
        }
        return session
      },
      body: { (channel, session: TLSSession?) throws(NetworkFailure) in
        var chain: [[UInt8]] = []
        if let session {
          clock.begin(.tls, limit: limits.tls, closing: channel)
          do { chain = try await session.chain.get() } catch { throw clock.failure(error) }
        }
        return try await body(WebConnection(channel: channel, clock: clock, limits: limits, chain: chain))
      })
  }

  /// What a web service has shown of itself by its first answer.
  func identity(
    _ service: String, _ response: WebResponse, _ connection: WebConnection, name: String?, address: Endpoint
  ) async -> ServiceIdentity {
    let certificate =
      connection.chain.isEmpty
      ? nil
      : await certificates.examine(chain: connection.chain, name: name, address: address.address, at: now())
    return ServiceIdentity(
      service: service, greeting: response.greeting, certificate: certificate,
      phases: connection.clock.durations)
  }
}

/// Puts the codec that TLS has agreed on in its own place, before the first byte of the application comes.
private final class ProtocolChooser: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let assembly: ResponseAssembly
  private let window: Int

  init(_ assembly: ResponseAssembly, window: Int) {
    self.assembly = assembly
    self.window = window
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted(let agreed) = event {
      do {
        let pipeline = context.pipeline.syncOperations
        if agreed == "h2" {
          try HTTP2Exchange.add(to: pipeline, assembly, window: window)
        } else {
          try HTTP1Exchange.add(to: pipeline, assembly)
        }
        pipeline.removeHandler(self, promise: nil)
      } catch {
        context.close(promise: nil)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }
}

/// Ends a connection that has sent more than a number of bytes.
private final class ByteLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// For the heads of all answers on one connection, beside a body.
  static let slack = 262_144

  private let limit: Int
  private var received = 0

  init(_ limit: Int) { self.limit = limit }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytes
    guard received <= limit else {
      context.fireErrorCaught(NetworkFailure.violation(.exchange, "more than \(limit) bytes"))
      context.close(promise: nil)
      return
    }
    context.fireChannelRead(data)
  }
}
