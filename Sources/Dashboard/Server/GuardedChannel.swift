import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1, with our gate around its decoder.
struct GuardedChannel: ServerChildChannel {
  private let base: HTTP1Channel
  private let limits: DashboardLimits
  private let connections: ConnectionBook

  init(
    limits: DashboardLimits, connections: ConnectionBook, responder: @escaping HTTPChannelHandler.Responder
  ) {
    // The gate measures the head as a whole; the decoder's own limits keep a single field from growing before it is one.
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: limits.headSize, maxHeaderListSize: limits.headSize, maxHeaderFieldCount: 100)
    base = HTTP1Channel(
      responder: responder, configuration: HTTP1Channel.Configuration(httpDecoderConfiguration: decoder))
    self.limits = limits
    self.connections = connections
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { [limits, connections] value in
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      let gate = RequestGate(limits: limits, connections: connections)
      try pipeline.addHandler(ByteGate(gate), position: .before(decoder))
      try pipeline.addHandler(gate, position: .after(decoder))
      return value
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

/// Ahead of the decoder: tells the gate of bytes before they are a request.
private final class ByteGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  private let gate: RequestGate

  init(_ gate: RequestGate) { self.gate = gate }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What comes after a refusal is read and dropped, so that the kernel does not reset the connection and take the
    // answer with it.
    guard gate.takesBytes else { return }
    gate.willRead(unwrapInboundIn(data).readableBytes)
    context.fireChannelRead(data)
    gate.didRead()
  }
}
