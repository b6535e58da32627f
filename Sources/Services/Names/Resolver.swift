import NIOCore
import Observations
import Wire

/// Asks one recursive resolver for addresses.
///
/// Every lookup has its own random id and its own socket, connected to the server, with a random source port.
/// Nothing is kept: what is asked is asked on the network.
public struct Resolver: Sendable {
  /// The server that is asked.
  public let server: Endpoint
  private let tries: Int
  private let patience: Duration
  private let dialer: Dialer

  /// - Parameters:
  ///   - server: The resolver, of either family.
  ///   - tries: How often a question is sent over UDP, at least once.
  ///   - patience: How long each try waits for its answer.
  ///   - maximumSockets: Sockets open at once; further lookups wait in line.
  ///   - group: Where the sockets live.
  public init(
    server: Endpoint, tries: Int = 3, patience: Duration = .milliseconds(1500), maximumSockets: Int = 128,
    group: any EventLoopGroup = NetworkLoop.shared
  ) {
    self.server = server
    self.tries = max(1, tries)
    self.patience = patience
    // The resolver is part of the vantage, not a target: its scope is the server and nothing else.
    dialer = Dialer(
      scope: Scope([(prefix: Prefix(only: server.address), rule: .allow)]), group: group,
      maximumSockets: maximumSockets)
  }

  /// Asks for the records of `type` at `name`: over UDP, over TCP if the answer was cut, without EDNS if the
  /// server does not know it (RFC 6891 §7). Text that is no domain name gives `malformed` and is not sent.
  public func lookup(_ name: String, _ type: RecordType) async -> LookupOutcome {
    do {
      let question = DNSQuestion(try DNSName(name), DNSType(type))
      let outcome = await ask(question, extended: true)
      switch outcome {
      case .failed(rcode: 1), .failed(rcode: 4): return await ask(question, extended: false)
      default: return outcome
      }
    } catch {
      return .malformed("\(error)")
    }
  }

  private func ask(_ question: DNSQuestion, extended: Bool) async -> LookupOutcome {
    let exchange = DNSExchange(question, recursive: true, extended: extended)
    do {
      let repeated = Array(repeating: patience, count: tries)
      var reply = try await exchange.overUDP(
        to: server, through: dialer, clock: PhaseClock(.exchange), patience: repeated)
      if case .truncated = reply {
        reply = try await exchange.overTCP(
          to: server, through: dialer, clock: PhaseClock(), connectLimit: patience, limit: patience * tries)
      }
      switch reply {
      case .message(let message): return LookupOutcome(message, answering: question)
      case .truncated: return .malformed("cut even over TCP")
      case .malformed(let text): return .malformed(text)
      }
    } catch {
      return outcome(of: error)
    }
  }

  private func outcome(of failure: NetworkFailure) -> LookupOutcome {
    switch failure {
    case .refused: .unreachable("connection refused")
    case .unreachable(let text): .unreachable(text)
    case .timeout: .timeout(tries: tries)
    case .closedEarly: .malformed("connection closed before the answer was whole")
    case .violation(_, let text): .malformed(text)
    case .notSent(let reason): .unreachable(reason.rawValue)
    }
  }
}

extension DNSType {
  init(_ type: RecordType) {
    switch type {
    case .a: self = .a
    case .aaaa: self = .aaaa
    }
  }
}
