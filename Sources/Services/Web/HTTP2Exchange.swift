import NIOCore
import NIOHPACK
import NIOHTTP2
import Observations

/// HTTP/2 on a connection (RFC 9113), one request at a time: a stream for each, and no multiplexer.
///
/// The windows hold what is read of a body, so that more cannot be sent at all; frames beside it, the blocks of header
/// fields and their table are bounded by the codec and by the bytes of the connection.
final class HTTP2Exchange: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundIn = WebAsk
  typealias OutboundOut = HTTP2Frame

  private let assembly: ResponseAssembly
  /// The stream of the request that is waited for; the first one is 1, and each next one two more.
  private var stream = HTTP2StreamID.rootStream
  private var wentAway = false

  init(_ assembly: ResponseAssembly) { self.assembly = assembly }

  /// Puts the codec into the pipeline of a connection that has just agreed on `h2`.
  static func add(
    to pipeline: ChannelPipeline.SynchronousOperations, _ assembly: ResponseAssembly, window: Int
  ) throws {
    let settings: HTTP2Settings = [
      HTTP2Setting(parameter: .enablePush, value: 0),
      HTTP2Setting(parameter: .maxConcurrentStreams, value: 0),
      HTTP2Setting(parameter: .initialWindowSize, value: window),
      HTTP2Setting(parameter: .maxHeaderListSize, value: 65_536),
    ]
    try pipeline.addHandler(NIOHTTP2Handler(mode: .client, initialSettings: settings))
    try pipeline.addHandler(HTTP2Exchange(assembly))
  }

  func handlerAdded(context: ChannelHandlerContext) {
    // The window of the connection begins at 65,535 bytes whatever the settings say (RFC 9113 §6.9.2).
    let more = HTTP2Frame(streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: 1 << 20))
    context.writeAndFlush(wrapOutboundOut(more), promise: nil)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let ask = unwrapOutboundIn(data)
    let request = ask.request
    assembly.begin(ask)
    stream = HTTP2StreamID(stream == .rootStream ? 1 : Int(stream) + 2)
    let headers: HPACKHeaders = [
      ":method": request.method, ":scheme": request.url.scheme, ":authority": request.url.authority,
      ":path": request.url.target, "user-agent": request.userAgent, "accept": "*/*",
      "accept-encoding": "identity",
    ]
    let frame = HTTP2Frame(streamID: stream, payload: .headers(.init(headers: headers, endStream: true)))
    context.write(wrapOutboundOut(frame), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    if case .goAway(_, let code, _) = frame.payload {
      wentAway = true
      if code != .noError { assembly.fail(NetworkFailure.violation(.exchange, "HTTP/2: \(code)")) }
      return
    }
    guard frame.streamID == stream, let request = assembly.request else { return }
    switch frame.payload {
    case .headers(let content):
      // Without a status these are trailers (RFC 9113 §8.1); 1xx comes before the answer.
      if let status = content.headers.first(name: ":status").flatMap({ Int($0) }), status >= 200 {
        var fields = WebFields()
        for (name, value, _) in content.headers { fields.set(name, value) }
        assembly.head(version: "HTTP/2", status: status, fields: fields)
      }
      if content.endStream { assembly.end(isReusable: !wentAway) }
    case .data(let content):
      if case .byteBuffer(let piece) = content.data { assembly.body(piece) }
      // What was read makes room for what later answers need.
      if request.method == "HEAD" || content.endStream { assembly.end(isReusable: !wentAway) }
    case .rstStream(let code):
      assembly.fail(NetworkFailure.violation(.exchange, "HTTP/2: stream reset, \(code)"))
    default: break
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
