import NIOCore
import NIOHTTP1

/// HTTP/1.1 on a connection (RFC 9110, RFC 9112), one request at a time.
final class HTTP1Exchange: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = WebAsk
  typealias OutboundOut = HTTPClientRequestPart

  private let assembly: ResponseAssembly
  private var isKeptAlive = true

  init(_ assembly: ResponseAssembly) { self.assembly = assembly }

  /// Puts the codec into a pipeline, bounded against endless heads.
  static func add(to pipeline: ChannelPipeline.SynchronousOperations, _ assembly: ResponseAssembly) throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16_384
    limits.maxHeaderListSize = 65_536
    limits.maxHeaderFieldCount = 256
    try pipeline.addHTTPClientHandlers(decoderLimitConfiguration: limits)
    try pipeline.addHandler(HTTP1Exchange(assembly))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let ask = unwrapOutboundIn(data)
    let request = ask.request
    assembly.begin(ask)
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.url.target,
      headers: [
        "Host": request.url.authority, "User-Agent": request.userAgent, "Accept": "*/*",
        "Accept-Encoding": "identity",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      isKeptAlive = head.isKeepAlive
      var fields = WebFields()
      for (name, value) in head.headers { fields.set(name, value) }
      assembly.head(
        version: "HTTP/\(head.version.major).\(head.version.minor)", status: Int(head.status.code),
        fields: fields)
    case .body(let piece): assembly.body(piece)
    case .end: assembly.end(isReusable: isKeptAlive)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    assembly.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    assembly.fail(ChannelError.eof)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { assembly.fail(ChannelError.eof) }
}
