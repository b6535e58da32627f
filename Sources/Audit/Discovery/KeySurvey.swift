import Discovery
import Observations
import Services
import Wire

/// Asks addresses for the keys and names that they show to everybody: SSH host keys and TLS certificates.
public struct KeySurvey: Sendable {
  private let handshaker: Handshaker
  private let gate: StartGate

  /// Connections under way at once.
  private static let atOnce = 64
  /// Where it is asked: what shows a key, at its usual port.
  private static let services: [(service: String, port: UInt16)] = [("ssh", 22), ("https", 443)]

  /// A survey within a scope.
  ///
  /// - Parameters:
  ///   - rate: connections per second in all; one host gets at most two.
  ///   - trust: against which certificates are looked at; what comes of it is not kept, since keys and names are asked for.
  ///   - userAgent: what servers are told about who asks.
  public init(
    scope: Scope, rate: Double, trust: TrustStore, userAgent: String
  ) throws(HandshakerError) {
    let gate = StartGate(rate: rate, hostRate: min(2, rate), prefixRate: rate)
    self.gate = gate
    handshaker = try Handshaker(
      scope: scope, trust: trust, userAgent: userAgent, maximumSockets: Self.atOnce,
      permit: { await gate.wait(for: $0) })
  }

  /// Asks each address once, until the task is cancelled.
  public func ask(
    _ addresses: [IPAddress], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async -> [ObservedTrait] {
    let questions = addresses.flatMap { address in
      Self.services.map {
        HandshakeRequest(
          service: $0.service, endpoint: Endpoint(address, $0.port), transport: .tcp, name: nil)
      }
    }
    var (traits, done) = ([ObservedTrait](), 0)
    await askEach(questions, atOnce: Self.atOnce) { request in
      await gate.wait(for: request.endpoint.address)
      return Self.traits(of: request, await handshaker.perform(request))
    } take: { _, some in
      traits += some
      done += 1
      progress(done, questions.count)
    }
    return traits
  }

  private static func traits(of request: HandshakeRequest, _ outcome: HandshakeOutcome) -> [ObservedTrait] {
    let (endpoint, now) = (request.endpoint, Timestamp.now)
    func trait(_ kind: ObservedTrait.Kind, _ value: String) -> ObservedTrait {
      ObservedTrait(endpoint.address, kind, value, source: "keys", firstSeen: now, lastSeen: now)
    }
    switch outcome {
    case .completed(let identity):
      return [trait(.present, ""), trait(.service, "tcp/\(endpoint.port)")]
        + identity.traits(of: endpoint, source: "keys", at: now)
    // The port is closed, by somebody.
    case .refused: return [trait(.present, "")]
    default: return []
    }
  }
}
