import NIOCore
import NIOHTTP1

/// Stands between the decoder and Hummingbird, and lets nothing through but whole requests that keep to the limits.
///
/// * A request is passed on when its last byte has come. Bodies are counted and dropped, for nothing reads them.
/// * While a request comes, or its answer goes, a clock runs.
/// * What breaks a limit is answered here, after the answers that are due, and the connection is closed.
final class RequestGate: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// Between requests.
    case waiting
    /// Bytes have come that are no head yet.
    case beginning
    /// The head is here and the body is coming.
    case receiving(HTTPRequestHead, body: Int)
    /// Nothing more is read: the last request has come, or was refused.
    case done
  }

  private let limits: DashboardLimits
  private let connections: ConnectionBook
  private var context: ChannelHandlerContext?
  private var state = State.waiting
  /// Bytes that have not become a part of a request.
  private var unparsed = 0
  /// Requests that were passed on and have no whole answer yet.
  private var due = 0
  private var refusal: HTTPResponseStatus?
  private var readBy: NIODeadline?
  private var writeBy: NIODeadline?
  private var alarm: Scheduled<Void>?

  /// How long a refused client may take to go, before it is cut.
  private static let lingering = TimeAmount.seconds(2)

  init(limits: DashboardLimits, connections: ConnectionBook) {
    self.limits = limits
    self.connections = connections
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    readBy = .now() + limits.requestTime
    arm()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    alarm?.cancel()
    self.context = nil
  }

  // MARK: In

  /// Whether bytes are still of interest.
  var takesBytes: Bool {
    if case .done = state { false } else { true }
  }

  /// Bytes have come.
  func willRead(_ count: Int) {
    unparsed += count
    guard case .waiting = state else { return }
    state = .beginning
    if due == 0 { limitRead(limits.requestTime, sooner: true) }
  }

  /// The decoder has had them.
  func didRead() {
    guard unparsed > limits.headSize else { return }
    if case .receiving = state { refuse(.payloadTooLarge) } else { refuse(.requestHeaderFieldsTooLarge) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unparsed = 0
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let bytes):
      guard case .receiving(let head, let count) = state else { return }
      let total = count + bytes.readableBytes
      if total > limits.bodySize { return refuse(.payloadTooLarge) }
      state = .receiving(head, body: total)
    case .end:
      guard case .receiving(let head, _) = state else { return }
      // One that goes for another connection just now gets no answer any more.
      guard connections.begin(context.channel) else { return state = .done }
      state = head.isKeepAlive ? .waiting : .done
      due += 1
      readBy = nil
      arm()
      context.fireChannelRead(wrapInboundOut(.head(head)))
      context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    guard takesBytes else { return }
    let size = head.headers.reduce(head.uri.utf8.count + head.method.rawValue.utf8.count + 12) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 4
    }
    if size > limits.headSize { return refuse(.requestHeaderFieldsTooLarge) }
    // RFC 9112 §3.2: a request without its one host is refused. `CONNECT` names no resource of ours.
    let hosts = head.headers["host"].count
    guard hosts == 1 || (hosts == 0 && head.version != .http1_1), head.method != .CONNECT else {
      return refuse(.badRequest)
    }
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodySize
    {
      return refuse(.payloadTooLarge)
    }
    var head = head
    // Hummingbird knows no version, and of the header only the one word in lower case. The decoder stops where another
    // protocol might begin.
    if head.version != .http1_1 || !head.isKeepAlive || head.headers.contains(name: "upgrade") {
      head.headers.replaceOrAdd(name: "connection", value: "close")
    }
    state = .receiving(head, body: 0)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    refuse(error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
  }

  // MARK: Out

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      writeBy = .now() + limits.answerTime
      arm()
      if due == 1, !takesBytes, refusal == nil {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in self.answered() }
      context.write(data, promise: written)
    }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard case .output = mode else { return context.close(mode: mode, promise: promise) }
    // Half closed, the connection would stay until the client closes its half.
    let closed = promise ?? context.eventLoop.makePromise()
    closed.futureResult.assumeIsolated().whenComplete { _ in self.linger() }
    context.close(mode: .output, promise: closed)
  }

  /// An answer has gone to the kernel.
  private func answered() {
    due -= 1
    guard due == 0 else { return }
    if let context { connections.rest(context.channel) }
    writeBy = nil
    if refusal != nil { return writeRefusal() }
    switch state {
    case .waiting: limitRead(limits.idleTime)
    case .beginning, .receiving: limitRead(limits.requestTime)
    case .done: arm()
    }
  }

  // MARK: Limits

  private func refuse(_ status: HTTPResponseStatus) {
    guard takesBytes else { return }
    state = .done
    refusal = status
    if due == 0 { writeRefusal() }
  }

  private func writeRefusal() {
    guard let context, let status = refusal else { return }
    let problem = Problem(
      status: Int(status.code), title: status.reasonPhrase, detail: limits.explain(status))
    let body = ByteBuffer(bytes: problem.body)
    let headers: HTTPHeaders = [
      "content-type": Problem.mediaType, "content-length": "\(body.readableBytes)", "connection": "close",
      "cache-control": "no-cache", "x-content-type-options": "nosniff",
    ]
    writeBy = .now() + limits.answerTime
    context.write(
      wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    close(context: context, mode: .output, promise: nil)
  }

  private func linger() {
    state = .done
    limitRead(Self.lingering)
  }

  private func limitRead(_ time: TimeAmount, sooner: Bool = false) {
    let limit = NIODeadline.now() + time
    readBy = sooner ? min(readBy ?? limit, limit) : limit
    arm()
  }

  private func arm() {
    alarm?.cancel()
    alarm = nil
    guard let context, let next = [readBy, writeBy].compactMap({ $0 }).min() else { return }
    alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.ring() }
  }

  private func ring() {
    guard let context else { return }
    let now = NIODeadline.now()
    if let writeBy, writeBy <= now { return context.close(mode: .all, promise: nil) }
    guard let readBy, readBy <= now else { return arm() }
    self.readBy = nil
    switch state {
    case .waiting, .done: context.close(mode: .all, promise: nil)
    case .beginning, .receiving: refuse(.requestTimeout)
    }
  }
}

extension DashboardLimits {
  /// What a client is told that broke one.
  fileprivate func explain(_ status: HTTPResponseStatus) -> String {
    switch status {
    case .requestHeaderFieldsTooLarge: "the request line and the header may have \(headSize) bytes together"
    case .payloadTooLarge: "a body may have \(bodySize) bytes, and nothing here reads one"
    case .requestTimeout: "a request must come within \(requestTime.nanoseconds / 1_000_000_000) s"
    default: "this is no HTTP/1.1 request"
    }
  }
}
