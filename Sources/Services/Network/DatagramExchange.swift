import NIOCore
import Observations

/// Sends one datagram up to a number of times over a `ConnectedDatagramSocket` and waits for its answer.
final class DatagramExchange<Answer: Sendable>: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let datagram: ByteBuffer
  private let accept: @Sendable ([UInt8]) throws(NetworkFailure) -> Answer?
  private let promise: EventLoopPromise<Answer>
  private var patience: CircularBuffer<TimeAmount>
  private var timer: Scheduled<Void>?

  init(
    datagram: [UInt8], patience: [TimeAmount],
    accept: @escaping @Sendable ([UInt8]) throws(NetworkFailure) -> Answer?, promise: EventLoopPromise<Answer>
  ) {
    self.datagram = ByteBuffer(bytes: datagram)
    self.accept = accept
    self.promise = promise
    self.patience = CircularBuffer(patience)
  }

  func channelActive(context: ChannelHandlerContext) { send(context: context) }

  private func send(context: ChannelHandlerContext) {
    guard let wait = patience.popFirst() else {
      settle(.failure(NetworkFailure.timeout(.exchange)))
      return
    }
    context.writeAndFlush(wrapOutboundOut(datagram)).cascadeFailure(to: promise)
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { self.send(context: context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do {
      guard let answer = try accept(Array(unwrapInboundIn(data).readableBytesView)) else { return }
      settle(.success(answer))
    } catch {
      settle(.failure(error))
    }
  }

  /// An ICMP error about our datagram, as the kernel reports it on a connected socket.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { settle(.failure(error)) }

  /// The channel is closed and nothing has said why: cancelled, or by a datagram without content, which reads
  /// as an end. `channelInactive` would be too early, for it comes before the failure of a write is told.
  func handlerRemoved(context: ChannelHandlerContext) { settle(.failure(ChannelError.eof)) }

  private func settle(_ result: Result<Answer, any Error>) {
    timer?.cancel()
    timer = nil
    promise.completeWith(result)
  }
}
