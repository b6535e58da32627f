import NIOCore
import NIOSSL
import Observations

/// What came of drawing a page.
public enum Drawing: Sendable, Hashable {
  /// The connection stood and somebody watched it; `nil`: without an outcome.
  case watched(PathMTUOutcome?)
  /// The connection stood, and whatever was asked, not one byte could be read.
  case mute
  /// There was no connection, or it ended before anything was asked.
  case failed
}

/// Asks web servers for their front page over connections of which somebody else, who watches the packets, says when
/// they are read: the sizes of packets show only in an answer that is large, and at a sender that waits.
public struct PageDrawer: Sendable {
  private let dialer: Dialer
  private let tlsContext: NIOSSLContext
  private let userAgent: String
  private let limits = HandshakeLimits()

  /// So many bytes may wait for the reader: less than most pages.
  private static let receiveBuffer = 8192
  /// How long a watch may take in all.
  private static let patience = Duration.seconds(60)

  /// - Parameters:
  ///   - scope: what may be touched; a connection outside it is counted and not tried.
  ///   - userAgent: what servers are told about who asks.
  ///   - maximumSockets: connections at once; further ones wait in line.
  /// - Throws: `HandshakerError` when the TLS library cannot be set up.
  public init(
    scope: Scope, userAgent: String, maximumSockets: Int, group: any EventLoopGroup = NetworkLoop.shared
  ) throws(HandshakerError) {
    do {
      tlsContext = try TLSSession.makeContext()
    } catch {
      throw HandshakerError(reason: TLSFailureText.text(of: error))
    }
    dialer = Dialer(scope: scope, group: group, maximumSockets: maximumSockets)
    self.userAgent = userAgent
  }

  /// How many connections the scope refused.
  public var refusedByScope: Int { dialer.refusedByScope }

  /// Connects to a server of `http` or `https` and lets `watch` say what to do with the connection.
  ///
  /// - Parameter watch: gets the connection when it stands, with nothing asked yet.
  public func draw(
    _ request: HandshakeRequest, watch: @Sendable (PageConnection) async -> PathMTUOutcome?
  ) async -> Drawing {
    let clock = PhaseClock()
    let isTLS = request.service == "https"
    let head = head(of: request, defaultPort: isTLS ? 443 : 80)
    do {
      return try await dialer.converse(
        with: request.endpoint, clock: clock, connectLimit: limits.connect, receiveBuffer: Self.receiveBuffer,
        configure: { channel in
          let session =
            try isTLS ? TLSSession.start(on: channel, context: tlsContext, name: request.name) : nil
          let reader = PageReader(request: head, isHeld: !isTLS)
          try channel.pipeline.syncOperations.addHandler(reader)
          return (session, NIOLoopBound(reader, eventLoop: channel.eventLoop))
        },
        body: { (stream: Stream<ByteBuffer, ByteBuffer>, setup: (TLSSession?, NIOLoopBound<PageReader>)) in
          if let session = setup.0 {
            clock.begin(.tls, limit: limits.tls, closing: stream.channel)
            _ = try await session.chain.get()
          }
          clock.begin(.exchange, limit: Self.patience, closing: stream.channel)
          guard let local = Endpoint(stream.channel.localAddress) else { return .failed }
          let connection = PageConnection(
            local: local, roundTrip: clock.durations[.connect] ?? Duration64(microseconds: 0),
            loop: stream.channel.eventLoop, reader: setup.1)
          let outcome = await watch(connection)
          switch outcome {
          case .silent, .tooShort: return await connection.hasAnything() ? .watched(outcome) : .mute
          default: return .watched(outcome)
          }
        })
    } catch .timeout(.tls) {
      // Its certificates are larger than a packet: where these get lost, so does all the rest.
      return .mute
    } catch {
      return .failed
    }
  }

  /// One request; the connection stays open for more.
  private func head(of request: HandshakeRequest, defaultPort: UInt16) -> ByteBuffer {
    let host = request.name ?? request.endpoint.address.bracketed
    let port = request.endpoint.port == defaultPort ? "" : ":\(request.endpoint.port)"
    return ByteBuffer(
      string: "GET / HTTP/1.1\r\nHost: \(host)\(port)\r\nUser-Agent: \(userAgent)\r\nAccept: */*\r\n\r\n")
  }
}

/// A connection to a web server that is read only when somebody says so.
public struct PageConnection: Sendable {
  /// Our end of it.
  public let local: Endpoint
  /// How long it took to come about.
  public let roundTrip: Duration64
  fileprivate let loop: any EventLoop
  fileprivate let reader: NIOLoopBound<PageReader>

  /// Asks for the page and reads nothing.
  public func ask() { loop.execute { reader.value.ask() } }

  /// Reads what has come, once, and asks for the page again, since the answer may be all there already.
  public func readOn() { loop.execute { reader.value.readOn() } }

  /// Whether there was anything to read up to now.
  fileprivate func hasAnything() async -> Bool {
    readOn()
    try? await Task.sleep(for: .milliseconds(30))
    return (try? await loop.submit { reader.value.received > 0 }.get()) ?? false
  }
}

/// Holds reading back but for the TLS handshake and what is asked for, and drops what it reads.
private final class PageReader: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The page is asked for so often at most.
  private static let askLimit = 4
  /// Reads of 4 kB: as much as the kernel holds at most.
  private static let readsAtOnce = 4

  private let request: ByteBuffer
  private var isHeld: Bool
  private var allowed = 0
  private var asked = 0
  private var context: ChannelHandlerContext?
  private(set) var received = 0

  init(request: ByteBuffer, isHeld: Bool) {
    self.request = request
    self.isHeld = isHeld
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func ask() {
    guard asked < Self.askLimit, let context else { return }
    asked += 1
    context.writeAndFlush(wrapOutboundOut(request), promise: nil)
  }

  func readOn() {
    allowed = Self.readsAtOnce
    context?.read()
    ask()
  }

  func read(context: ChannelHandlerContext) {
    guard isHeld else { return context.read() }
    guard allowed > 1 else { return }
    allowed -= 1
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // During the TLS handshake nothing comes through to here.
    received += unwrapInboundIn(data).readableBytes
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if TLSSession.isHandshakeCompleted(event) { isHeld = true }
    context.fireUserInboundEventTriggered(event)
  }
}
