import Observations

/// What to ask, of whom.
public struct HandshakeRequest: Sendable, Hashable {
  /// The protocol, in the inventory's words: `http`, `https`, `ssh`, `smtp`, `dns`, `ntp`, `sip`, `tcp`.
  public var service: String
  /// Where. No other address is ever tried.
  public var endpoint: Endpoint
  /// Over which transport.
  public var transport: Transport
  /// The name the service is asked for: SNI and Host, the zone for DNS, the domain for SIP. Without one the
  /// address literal stands in Host and no SNI is sent (RFC 6066 §3 allows none for an address).
  public var name: String?

  /// A request to an endpoint, for a name if there is one.
  public init(service: String, endpoint: Endpoint, transport: Transport, name: String?) {
    self.service = service
    self.endpoint = endpoint
    self.transport = transport
    self.name = name
  }
}

/// How long and how much one handshake may take.
public struct HandshakeLimits: Sendable, Hashable {
  /// For the TCP connection.
  public var connect: Duration = .seconds(5)
  /// For TLS, from ClientHello to Finished.
  public var tls: Duration = .seconds(5)
  /// For the whole exchange of the application, however many messages it has.
  public var exchange: Duration = .seconds(5)
  /// For the body of a page, after its head.
  public var body: Duration = .seconds(5)
  /// Bytes of a page that are read; other protocols need, and get, less.
  public var bytes = 500_000
  /// How long each try of a datagram waits for the answer; their number is the number of tries.
  public var datagramPatience: [Duration] = [.seconds(1), .seconds(2), .seconds(3)]

  /// The limits above.
  public init() {}
}
