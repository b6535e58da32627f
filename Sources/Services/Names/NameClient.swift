import NIOCore
import Observations
import Wire

/// What a name server sent back, or why nothing usable came.
public enum NameResponse: Sendable, Hashable {
  /// A whole, well-formed answer to the question.
  case message(DNSMessage)
  /// No such thing.
  case failure(ServerReply)
}

/// Asks one name server at a given address, and no other.
///
/// Every question has its own random id and its own connected socket with a random source port, so that forging an
/// answer takes guessing both (RFC 5452); the echoed question must be ours. Case mixing (0x20) and cookies
/// (RFC 7873) would guard a cache; here nothing is cached beyond the run.
public struct NameClient: Sendable {
  let dialer: Dialer
  private let patience: [Duration]
  let streamLimit: Duration

  /// - Parameters:
  ///   - scope: What may be asked; the dialer holds to it.
  ///   - patience: How long each try over UDP waits; their number is the number of tries.
  ///   - streamLimit: The time for a connection, and again for the exchange over it.
  ///   - maximumSockets: Sockets open at once.
  ///   - group: Where the sockets live.
  public init(
    scope: Scope, patience: [Duration] = [.milliseconds(800), .milliseconds(1200), .milliseconds(1500)],
    streamLimit: Duration = .seconds(3), maximumSockets: Int = 128,
    group: any EventLoopGroup = NetworkLoop.shared
  ) {
    dialer = Dialer(scope: scope, group: group, maximumSockets: maximumSockets)
    self.patience = patience
    self.streamLimit = streamLimit
  }

  /// How many questions the scope refused.
  public var refusedByScope: Int { dialer.refusedByScope }

  /// Asks over UDP, over TCP where the answer was cut (RFC 7766 §5), or over TCP at once; without EDNS where the
  /// server does not know it (RFC 6891 §7).
  public func ask(
    _ question: DNSQuestion, of server: Endpoint, over transport: Transport, recursive: Bool
  ) async -> NameResponse {
    let first = await ask(question, of: server, over: transport, recursive: recursive, extended: true)
    if case .message(let message) = first, [.formatError, .notImplemented].contains(message.responseCode) {
      return await ask(question, of: server, over: transport, recursive: recursive, extended: false)
    }
    return first
  }

  private func ask(
    _ question: DNSQuestion, of server: Endpoint, over transport: Transport, recursive: Bool, extended: Bool
  ) async -> NameResponse {
    let exchange = DNSExchange(question, recursive: recursive, extended: extended)
    do {
      if transport == .udp {
        let reply = try await exchange.overUDP(
          to: server, through: dialer, clock: PhaseClock(.exchange), patience: patience)
        switch reply {
        case .message(let message): return .message(message)
        case .malformed(let text): return .failure(.malformed(text))
        case .truncated: break
        }
      }
      let reply = try await exchange.overTCP(
        to: server, through: dialer, clock: PhaseClock(), connectLimit: streamLimit, limit: streamLimit)
      switch reply {
      case .message(let message): return .message(message)
      case .malformed(let text): return .failure(.malformed(text))
      case .truncated: return .failure(.malformed("cut even over TCP"))
      }
    } catch {
      // What the kernel knows no way to was not asked; what somebody on the way says of it is another matter.
      switch error {
      case .unreachable, .notSent(.sendFailed):
        if let reason = dialer.reasonNotToReach(server) { return .failure(.notAsked(reason)) }
      case .refused, .timeout, .closedEarly, .violation, .notSent: break
      }
      return .failure(reply(of: error, over: transport))
    }
  }

  private func reply(of failure: NetworkFailure, over transport: Transport) -> ServerReply {
    switch failure {
    case .refused: .unreachable("connection refused")
    case .unreachable(let text): .unreachable(text)
    case .timeout: .timeout(tries: transport == .udp ? patience.count : 1)
    case .closedEarly: .malformed("connection closed before the answer was whole")
    case .violation(_, let text): .malformed(text)
    case .notSent(let reason): .notAsked(reason)
    }
  }
}
