/// What came of speaking a service's own protocol with one endpoint.
public enum HandshakeOutcome: Sendable, Hashable, Codable {
  /// The service answered as its protocol demands.
  case completed(ServiceIdentity)
  /// The connection was refused (RST).
  case refused
  /// The network said no: the ICMP error or the local errno, in words.
  case unreachable(String)
  /// Nothing more came while in this phase.
  case timeout(HandshakePhase)
  /// The peer closed the connection in this phase.
  case closedEarly(HandshakePhase)
  /// The peer sent what the protocol does not allow.
  case protocolError(HandshakePhase, String)
  /// No connection was tried.
  case notSent(NotSentReason)
}

/// A step of a handshake. Each is timed by itself. As a key it is written by its name, so that stored times are an
/// object and stand in one order.
public enum HandshakePhase: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
  /// Until the transport connection stands; for UDP there is none.
  case connect
  /// TLS, from ClientHello to Finished.
  case tls
  /// From the request (or, where the server speaks first, from the connection) to the answer.
  case exchange
}

/// What a service showed of itself. Text from the network is kept as it came, bounded in length; whoever
/// prints it escapes it.
public struct ServiceIdentity: Sendable, Hashable, Codable {
  /// The protocol that answered, in the inventory's words: `http`, `https`, `ssh`, `smtp`, `dns`, `ntp`, `sip`.
  public var service: String
  /// The first line or status of the answer, at most 256 bytes: `HTTP/1.1 200`, `SSH-2.0-OpenSSH_9.2`.
  public var greeting: String
  /// The certificate shown, for services over TLS.
  public var certificate: CertificateFact?
  /// The SSH host keys shown, one for each type of key that the server has.
  public var hostKeys: [HostKeyFact]
  /// How long each phase took.
  public var phases: [HandshakePhase: Duration64]

  /// What a service showed of itself.
  public init(
    service: String, greeting: String, certificate: CertificateFact? = nil, hostKeys: [HostKeyFact] = [],
    phases: [HandshakePhase: Duration64] = [:]
  ) {
    self.service = service
    self.greeting = greeting
    self.certificate = certificate
    self.hostKeys = hostKeys
    self.phases = phases
  }
}

extension ServiceIdentity {
  private enum CodingKeys: String, CodingKey {
    case service, greeting, certificate, hostKeys, phases
    /// The one key that early runs kept.
    case hostKey
  }

  /// Reads what was kept, by this version or an earlier one.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    service = try values.decode(String.self, forKey: .service)
    greeting = try values.decode(String.self, forKey: .greeting)
    certificate = try values.decodeIfPresent(CertificateFact.self, forKey: .certificate)
    phases = try values.decode([HandshakePhase: Duration64].self, forKey: .phases)
    hostKeys =
      try values.decodeIfPresent([HostKeyFact].self, forKey: .hostKeys)
      ?? values.decodeIfPresent(HostKeyFact.self, forKey: .hostKey).map { [$0] } ?? []
  }

  /// Leaves out what a service has not shown.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(service, forKey: .service)
    try values.encode(greeting, forKey: .greeting)
    try values.encodeIfPresent(certificate, forKey: .certificate)
    if !hostKeys.isEmpty { try values.encode(hostKeys, forKey: .hostKeys) }
    try values.encode(phases, forKey: .phases)
  }
}

/// The end-entity certificate a server showed, and whether it holds for the name that was asked for.
public struct CertificateFact: Sendable, Hashable, Codable {
  /// SHA-256 over the DER certificate, hexadecimal.
  public var certificateSHA256: String
  /// SHA-256 over the DER SubjectPublicKeyInfo, hexadecimal: the same key means the same server (RFC 7469 §2.4).
  public var keySHA256: String
  /// DNS names and addresses of subjectAltName, at most 64.
  public var names: [String]
  /// Start of validity.
  public var notBefore: Timestamp
  /// End of validity.
  public var notAfter: Timestamp
  /// Whether it holds, and if not, why.
  public var validity: CertificateValidity

  /// A certificate as it was shown.
  public init(
    certificateSHA256: String, keySHA256: String, names: [String], notBefore: Timestamp, notAfter: Timestamp,
    validity: CertificateValidity
  ) {
    self.certificateSHA256 = certificateSHA256
    self.keySHA256 = keySHA256
    self.names = names
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.validity = validity
  }
}

/// The result of RFC 5280 path validation and RFC 9525 name matching against the trusted roots at the time of
/// the handshake.
public enum CertificateValidity: String, Sendable, Hashable, Codable, CaseIterable {
  case valid
  /// Issued for other names.
  case wrongName = "wrong-name"
  case expired
  case notYetValid = "not-yet-valid"
  /// Signed by itself and not a trusted root.
  case selfSigned = "self-signed"
  /// No path to a trusted root.
  case untrusted
  /// It could not be parsed as a certificate.
  case malformed
}

/// The host key of an SSH server.
public struct HostKeyFact: Sendable, Hashable, Codable {
  /// The key algorithm: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `rsa-sha2-256`…
  public var algorithm: String
  /// SHA-256 over the key blob, hexadecimal.
  public var keySHA256: String

  /// A host key of this algorithm and fingerprint.
  public init(algorithm: String, keySHA256: String) {
    self.algorithm = algorithm
    self.keySHA256 = keySHA256
  }
}
