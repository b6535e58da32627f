import NIOCore
import NIOSSL
import NIOTLS
import Synchronization

/// A TLS handshake on a channel that accepts every certificate and keeps the chain it was shown.
struct TLSSession: Sendable {
  /// The chain as DER, the end-entity certificate first, once the handshake is finished.
  let chain: EventLoopFuture<[[UInt8]]>

  /// Client settings for looking at servers: old versions are accepted, because what a server speaks is a
  /// fact to report and not a risk to this program, which sends nothing worth hiding. No trust roots are
  /// loaded here; certificates are examined afterwards.
  ///
  /// - Parameter protocols: what ALPN offers (RFC 7301), best first; nothing where it is empty.
  static func makeContext(_ protocols: [String] = []) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv1
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.applicationProtocols = protocols
    // Classical groups keep the ClientHello within one packet of the smallest IPv6 MTU.
    configuration.curves = [.x25519, .secp256r1, .secp384r1, .secp521r1]
    configuration.shutdownTimeout = .milliseconds(200)
    return try NIOSSLContext(configuration: configuration)
  }

  /// Adds TLS to a channel: before it connects, or, `at` the first place, below what already speaks over it. `name` goes out as SNI, without a trailing dot
  /// (RFC 6066 §3).
  static func start(
    on channel: any Channel, context: NIOSSLContext, name: String?,
    at position: ChannelPipeline.SynchronousOperations.Position = .last
  ) throws -> TLSSession {
    let shown = ShownChain()
    let handler = try NIOSSLClientHandler(
      context: context, serverHostname: name.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 },
      customVerificationCallback: { certificates, promise in
        shown.set(certificates.compactMap { try? $0.toDERBytes() })
        promise.succeed(.certificateVerified)
      })
    let promise = channel.eventLoop.makePromise(of: [[UInt8]].self)
    try channel.pipeline.syncOperations.addHandlers(
      [handler, TLSWatcher(shown: shown, promise: promise)], position: position)
    return TLSSession(chain: promise.futureResult)
  }
}

extension TLSSession {
  /// Whether a pipeline's event says that the handshake is over.
  static func isHandshakeCompleted(_ event: Any) -> Bool {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event { true } else { false }
  }
}

/// What the verification callback saw. It and the watcher run on the channel's event loop.
private final class ShownChain: Sendable {
  private let chain = Mutex<[[UInt8]]>([])

  func set(_ certificates: [[UInt8]]) { chain.withLock { $0 = certificates } }

  var certificates: [[UInt8]] { chain.withLock { $0 } }
}

/// Tells when the handshake is over.
private final class TLSWatcher: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let shown: ShownChain
  private let promise: EventLoopPromise<[[UInt8]]>

  init(shown: ShownChain, promise: EventLoopPromise<[[UInt8]]>) {
    self.shown = shown
    self.promise = promise
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
      promise.succeed(shown.certificates)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise.fail(error)
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.fail(ChannelError.eof)
    context.fireChannelInactive()
  }

  /// A connection that never became active leaves nobody waiting.
  func handlerRemoved(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}
