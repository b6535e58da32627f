import NIOCore
import NIOHTTP1
import Observations

extension ServiceProtocol {
  /// `GET /` over HTTP/1.1 (RFC 9110, RFC 9112). Any status completes it: the server speaks HTTP.
  static let http = ServiceProtocol(name: "http", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock()
    let status = try await tools.dialer.converse(
      with: request.endpoint, clock: clock, connectLimit: tools.limits.connect,
      configure: { try HTTPExchange.configure($0, limits: tools.limits) },
      body: { (stream: HTTPExchange.Channel, _) in
        clock.begin(.exchange, limit: tools.limits.exchange, closing: stream.channel)
        return try await HTTPExchange(request, tools, defaultPort: 80).run(over: stream, clock: clock)
      })
    return ServiceIdentity(service: "http", greeting: status, phases: clock.durations)
  }
}

/// One request and its response, over whatever the channel is made of.
struct HTTPExchange {
  typealias Channel = Stream<HTTPClientResponsePart, HTTPClientRequestPart>

  private let head: HTTPRequestHead

  /// A `GET /` for the request's name, or for its address where it has none.
  init(_ request: HandshakeRequest, _ tools: HandshakeTools, defaultPort: UInt16) {
    let host = request.name ?? request.endpoint.address.bracketed
    let port = request.endpoint.port == defaultPort ? "" : ":\(request.endpoint.port)"
    head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: "/",
      headers: [
        "Host": host + port, "User-Agent": tools.userAgent, "Accept": "*/*", "Connection": "close",
      ])
  }

  /// Puts the decoder into a pipeline, bounded against endless heads.
  static func configure(_ channel: any NIOCore.Channel, limits: HandshakeLimits) throws {
    var decoder = NIOHTTPDecoderLimitConfiguration()
    decoder.maxHeaderFieldSize = 16_384
    decoder.maxHeaderListSize = 65_536
    decoder.maxHeaderFieldCount = 256
    try channel.pipeline.syncOperations.addHandler(ByteLimit(limits.bytes))
    try channel.pipeline.syncOperations.addHTTPClientHandlers(decoderLimitConfiguration: decoder)
  }

  /// Sends the request and returns the status line, `HTTP/1.1 200`.
  ///
  /// The body is read and dropped up to the limit of bytes, so that the server sees a client that reads, not
  /// one that hangs up; whatever goes wrong in it is no longer part of the handshake.
  func run(over stream: Channel, clock: PhaseClock) async throws -> String {
    try await stream.outbound.write(contentsOf: [.head(head), .end(nil)])
    var parts = stream.inbound.makeAsyncIterator()
    guard case .head(let head) = try await parts.next() else {
      throw NetworkFailure.closedEarly(.exchange)
    }
    clock.complete()
    while let part = try? await parts.next() {
      if case .end = part { break }
    }
    return "HTTP/\(head.version.major).\(head.version.minor) \(head.status.code)"
  }
}

/// Ends a connection that has sent more than a number of bytes.
private final class ByteLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let limit: Int
  private var received = 0

  init(_ limit: Int) { self.limit = limit }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytes
    guard received <= limit else {
      context.fireErrorCaught(NetworkFailure.violation(.exchange, "a head of more than \(limit) bytes"))
      context.close(promise: nil)
      return
    }
    context.fireChannelRead(data)
  }
}
