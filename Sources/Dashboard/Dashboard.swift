import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Observations
import ServiceLifecycle

/// The web server: what the daemon knows, over HTTP/1.1.
///
/// Hummingbird's own `Server` binds an address by itself and cannot take a socket that was handed over; nor can it say
/// at start that it failed. So the sockets are made here, when the value is made, and each is given to a bootstrap with
/// Hummingbird's channels: `HTTP1Channel`, `TLSChannel` and its router do all the rest.
public struct Dashboard: Service {
  private let sockets: [ListeningSocket]
  private let channel: any ServerChildChannel
  private let connections: ConnectionBook
  private let log: Logger

  /// How long answers that are under way may take when the server is told to end.
  private static let ending = TimeAmount.seconds(3)

  /// Binds every endpoint. Connections are taken from now on, and served when it runs.
  ///
  /// - Throws: `DashboardError` for an endpoint that cannot be bound, a certificate, key or token that cannot be used, and
  ///   for an endpoint that others can reach though neither TLS nor a token protects it.
  public init(settings: DashboardSettings, source: any DashboardSource, log: Logger) throws(DashboardError) {
    let token = try settings.token.map { bytes throws(DashboardError) in try Token(bytes) }
    let tls = try settings.tls()
    if token == nil && tls == nil {
      for endpoint in settings.endpoints where !endpoint.address.isThisMachine {
        throw Self.unprotected("\(endpoint)")
      }
    }
    var sockets: [ListeningSocket] = []
    for descriptor in settings.inherited {
      let socket = try ListeningSocket(inherited: descriptor)
      if token == nil && tls == nil && !socket.isLocal { throw Self.unprotected(socket.name) }
      sockets.append(socket)
    }
    for endpoint in settings.endpoints { sockets.append(try ListeningSocket(endpoint)) }
    if token != nil && tls == nil, let open = sockets.first(where: { !$0.isLocal }) {
      log.warning(
        "web: \(open.name): the token goes over the network in clear; give the server a certificate")
    }
    self.sockets = sockets
    self.log = log
    let connections = ConnectionBook(limit: settings.limits.connections)
    self.connections = connections
    let routes = Routes(source: source, storePath: settings.storePath, version: settings.version)
    let front = Front(
      router: routes.router(Frame(token: token, log: log)).buildResponder(),
      requests: RequestCount(limit: settings.limits.requests), log: log)
    let plain = GuardedChannel(limits: settings.limits, connections: connections) {
      request, writer, channel in
      try await front.answer(request, writer, channel)
    }
    channel = try tls.map { tls throws(DashboardError) in try TLSChannel.of(plain, tls, settings) } ?? plain
  }

  /// Where it listens, the ports as they are.
  public var endpoints: [Endpoint] { sockets.compactMap(\.endpoint) }

  /// Serves until it is told to end.
  public func run() async throws { try await serve(channel) }

  private func serve<Child: ServerChildChannel>(_ child: Child) async throws {
    var listeners: [NIOAsyncChannel<Child.Value?, Never>] = []
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      // Small, for a request is: what one read brings is all that a hostile one can make us hold.
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
    for socket in sockets {
      guard let descriptor = socket.take() else { continue }
      listeners.append(
        try await bootstrap.bind(descriptor) { [connections, log] channel in
          guard connections.admit(channel) else {
            return channel.close().map { nil }
          }
          do { try channel.pipeline.syncOperations.addHandler(Door()) } catch {
            return channel.eventLoop.makeFailedFuture(error)
          }
          return child.setup(channel: channel, logger: log).map { $0 }
        })
      log.info("web: listening", metadata: ["endpoint": "\(socket.name)"])
    }
    let (open, connections, log) = (listeners, connections, log)
    try await withGracefulShutdownHandler {
      try await withThrowingDiscardingTaskGroup { group in
        for listener in open { group.addTask { try await Self.accept(listener, child, log) } }
      }
    } onGracefulShutdown: {
      for listener in open { listener.channel.close(promise: nil) }
      connections.quiesce()
      MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: Self.ending) { connections.close() }
    }
  }

  private static func accept<Child: ServerChildChannel>(
    _ listener: NIOAsyncChannel<Child.Value?, Never>, _ child: Child, _ log: Logger
  ) async throws {
    try await listener.executeThenClose { inbound in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in inbound {
          guard let connection else { continue }
          group.addTask { await child.handle(value: connection, logger: log) }
        }
      }
    }
  }

  private static func unprotected(_ name: String) -> DashboardError {
    DashboardError(
      "web: \(name)", why: "others than this machine can reach it, and neither TLS nor a token protects it",
      remedy: "give the server a token, or a certificate and its key, or listen on [::1] and 127.0.0.1 only")
  }
}
