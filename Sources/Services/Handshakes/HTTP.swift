import Observations

extension ServiceProtocol {
  /// `GET /` over HTTP/1.1. Any status completes it: the server speaks HTTP.
  static let http = ServiceProtocol(name: "http", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    try await tools.greetWebServer(request, isSecure: false)
  }

  /// TLS with the name as SNI, then the same over HTTP/1.1 or HTTP/2. The certificate is a fact whatever it is worth:
  /// an invalid one does not end the handshake.
  static let https = ServiceProtocol(name: "https", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    try await tools.greetWebServer(request, isSecure: true)
  }
}

extension HandshakeTools {
  /// The body is read up to the limit of bytes, so that the server sees a client that reads, not one that hangs up;
  /// whatever goes wrong in it is no longer part of the handshake.
  fileprivate func greetWebServer(
    _ request: HandshakeRequest, isSecure: Bool
  ) async throws(NetworkFailure) -> ServiceIdentity {
    let (response, connection) = try await withWebServer(
      at: request.endpoint, isSecure: isSecure, name: request.name, clock: PhaseClock()
    ) { connection throws(NetworkFailure) in
      let url = WebURL(isSecure: isSecure, endpoint: request.endpoint, name: request.name)
      let ask = WebRequest(url: url, bodyLimit: limits.bytes, userAgent: userAgent)
      return (try await connection.ask(ask), connection)
    }
    return await identity(
      request.service, response, connection, name: request.name, address: request.endpoint)
  }
}

extension WebURL {
  /// The root of what a name, or else the address itself, serves at an endpoint.
  init(isSecure: Bool, endpoint: Endpoint, name: String?) {
    self.init(isSecure: isSecure, host: name ?? endpoint.address.bracketed, port: endpoint.port)
  }
}
