import Observations
import Wire

extension ServiceProtocol {
  /// One question over UDP or TCP: the SOA of the name, or the name servers of the root where there is no
  /// name. Any well-formed answer to it completes the handshake, whatever its code: the server speaks DNS.
  static let dns = ServiceProtocol(name: "dns", transports: [.udp, .tcp]) {
    request, tools throws(NetworkFailure) in
    let question = try question(for: request)
    // Recursion is not asked for: an authoritative server need not offer it, and a resolver answers without.
    let exchange = DNSExchange(question, recursive: false)
    let clock: PhaseClock
    let reply: DNSExchange.Reply
    switch request.transport {
    case .udp:
      clock = PhaseClock(.exchange)
      reply = try await exchange.overUDP(
        to: request.endpoint, through: tools.dialer, clock: clock, patience: tools.limits.datagramPatience)
    case .tcp:
      clock = PhaseClock()
      reply = try await exchange.overTCP(
        to: request.endpoint, through: tools.dialer, clock: clock, connectLimit: tools.limits.connect,
        limit: tools.limits.exchange)
    }
    switch reply {
    case .message(let message), .truncated(let message):
      return ServiceIdentity(
        service: "dns", greeting: "DNS rcode \(message.responseCode)", phases: clock.durations)
    case .malformed(let text):
      throw .violation(.exchange, text)
    }
  }

  private static func question(for request: HandshakeRequest) throws(NetworkFailure) -> DNSQuestion {
    guard let text = request.name else { return DNSQuestion(.root, .ns) }
    guard let name = try? DNSName(text) else { throw .notSent(.sendFailed) }
    return DNSQuestion(name, .soa)
  }
}
