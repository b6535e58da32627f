import NIOCore
import Observations

/// Where the web server listens, who may ask it and what it reads.
public struct DashboardSettings: Sendable {
  /// Where to listen. Port 0 lets the system choose one.
  public var endpoints: [Endpoint]
  /// Sockets that listen already, as socket activation hands them over. The server closes them.
  public var inherited: [Int32]
  /// A PEM file with the certificate and those above it; `nil`: no TLS.
  public var certificates: String?
  /// A PEM file with the certificate's private key.
  public var privateKey: String?
  /// What a client must show, without the line's end; `nil`: nothing.
  public var token: [UInt8]?
  /// The file of the store. It need not be there yet.
  public var storePath: String
  /// The program's version.
  public var version: String
  /// How much a client may take.
  public var limits: DashboardLimits

  /// Settings.
  public init(
    endpoints: [Endpoint], inherited: [Int32] = [], certificates: String? = nil, privateKey: String? = nil,
    token: [UInt8]? = nil, storePath: String, version: String, limits: DashboardLimits = DashboardLimits()
  ) {
    self.endpoints = endpoints
    self.inherited = inherited
    self.certificates = certificates
    self.privateKey = privateKey
    self.token = token
    self.storePath = storePath
    self.version = version
    self.limits = limits
  }
}

/// How much of the server one client, and all of them together, may take.
public struct DashboardLimits: Sendable, Hashable {
  /// Connections at once; for a further one, that goes which has had no request in work for longest. Where each has one, the
  /// further one is closed as soon as it is accepted.
  public var connections = 64
  /// Requests that are answered at once; a further one gets 503.
  public var requests = 32
  /// The request line and the header fields together, in bytes.
  public var headSize = 8 << 10
  /// A request's body, in bytes. Nothing reads one.
  public var bodySize = 16 << 10
  /// How long a request may take to come, from its first byte or, for the first one, from the connection.
  public var requestTime = TimeAmount.seconds(10)
  /// How long a connection may wait for its next request.
  public var idleTime = TimeAmount.seconds(60)
  /// How long a client may take to read an answer, from the first byte.
  public var answerTime = TimeAmount.seconds(30)

  /// Those of the daemon.
  public init() {}
}
