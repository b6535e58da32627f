import NIOCore
import NIOPosix
import NIOSSL
import Observations
import Services
import Wire

#if canImport(Glibc)
import Glibc
#endif

/// How a peer behaves that a test has thought of.
struct Script: Sendable {
  /// Sent as soon as a client is there.
  var greeting: [UInt8] = []
  /// Sent for each piece that arrives.
  var reply: @Sendable ([UInt8]) -> [UInt8] = { _ in [] }
  /// Sent over and over until the client is gone.
  var drip: Drip?
  /// What happens after the greeting, or after the first reply.
  var end = End.stay

  /// One piece a pause, from the greeting or from the first reply on.
  struct Drip: Sendable {
    enum Start: Sendable { case greeting, reply }

    var after: Start
    var piece: [UInt8]
    var pause: TimeAmount
  }

  enum End: Sendable { case stay, closeAfterGreeting, closeAfterReply, resetAfterReply }
}

/// A TCP server on ::1 that keeps to a script.
struct ScriptedServer {
  private let channel: any Channel

  /// Where it listens.
  var endpoint: Endpoint {
    Endpoint(Loopback.ipv6, UInt16(channel.localAddress?.port ?? 0))
  }

  static func with<Result>(
    _ script: Script, tls: NIOSSLContext? = nil, _ body: (Endpoint) async throws -> Result
  ) async throws -> Result {
    let channel = try await ServerBootstrap(group: NetworkLoop.shared)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          try channel.pipeline.syncOperations.addHandler(ScriptHandler(script))
        }
      }
      .bind(host: "::1", port: 0).get()
    do {
      let result = try await body(ScriptedServer(channel: channel).endpoint)
      try await channel.close().get()
      return result
    } catch {
      try? await channel.close().get()
      throw error
    }
  }
}

private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let script: Script
  private var isDripping = false

  init(_ script: Script) { self.script = script }

  func channelActive(context: ChannelHandlerContext) {
    send(script.greeting, context: context)
    if script.end == .closeAfterGreeting { context.close(promise: nil) }
    if script.drip?.after == .greeting { drip(context: context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    send(script.reply(Array(unwrapInboundIn(data).readableBytesView)), context: context)
    if script.drip?.after == .reply && !isDripping { drip(context: context) }
    switch script.end {
    case .closeAfterReply: context.close(promise: nil)
    case .resetAfterReply:
      // SO_LINGER of no time makes the kernel send RST instead of FIN.
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      let options = context.channel as? any SocketOptionProvider
      options?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
        bound.value.close(promise: nil)
      }
    case .stay, .closeAfterGreeting: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func send(_ bytes: [UInt8], context: ChannelHandlerContext) {
    guard !bytes.isEmpty else { return }
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
  }

  private func drip(context: ChannelHandlerContext) {
    guard let drip = script.drip, context.channel.isActive else { return }
    isDripping = true
    if context.channel.isWritable { send(drip.piece, context: context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: drip.pause) { self.drip(context: context) }
  }
}

/// A UDP server on ::1 that answers each datagram with any number of others.
enum ScriptedDatagrams {
  /// `seen` is told from where to where each datagram went.
  static func with<Result>(
    _ reply: @escaping @Sendable ([UInt8]) -> [[UInt8]],
    seen: @escaping @Sendable (_ client: UInt16, _ server: UInt16) -> Void = { _, _ in },
    _ body: (Endpoint) async throws -> Result
  ) async throws -> Result {
    let channel = try await DatagramBootstrap(group: NetworkLoop.shared)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(DatagramHandler(reply, seen))
        }
      }
      .bind(host: "::1", port: 0).get()
    let endpoint = Endpoint(Loopback.ipv6, UInt16(channel.localAddress?.port ?? 0))
    do {
      let result = try await body(endpoint)
      try await channel.close().get()
      return result
    } catch {
      try? await channel.close().get()
      throw error
    }
  }
}

private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let reply: @Sendable ([UInt8]) -> [[UInt8]]
  private let seen: @Sendable (UInt16, UInt16) -> Void

  init(
    _ reply: @escaping @Sendable ([UInt8]) -> [[UInt8]], _ seen: @escaping @Sendable (UInt16, UInt16) -> Void
  ) {
    self.reply = reply
    self.seen = seen
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let ports = [envelope.remoteAddress.port, context.channel.localAddress?.port].map { UInt16($0 ?? 0) }
    seen(ports[0], ports[1])
    for bytes in reply(Array(envelope.data.readableBytesView)) {
      let answer = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: bytes))
      context.writeAndFlush(NIOAny(answer), promise: nil)
    }
  }
}
