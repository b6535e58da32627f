import NIOSSL
import Observations
import Services
import Testing
import Wire

@Suite("https", .serialized, .enabled(if: Tool.isInstalled("openssl")))
struct HTTPSTests {
  private func ask(
    _ endpoint: Endpoint, name: String?, ownRoots: String? = nil, patience: Duration = .seconds(5)
  ) async throws -> HandshakeOutcome {
    try await Loopback.handshaker(ownRoots: ownRoots, patience: patience).perform(
      HandshakeRequest(service: "https", endpoint: endpoint, transport: .tcp, name: name))
  }

  private func serve<Result>(
    _ certificate: String, _ key: String, _ more: String..., body: (Endpoint) async throws -> Result
  ) async throws -> Result {
    let port = try Loopback.freePort()
    return try await Tool.serving(
      "openssl",
      ["s_server", "-accept", "[::1]:\(port)", "-cert", certificate, "-key", key, "-www", "-quiet"] + more,
      port: port, body)
  }

  @Test("certificate, key, names and dates are those that openssl sees; phases are timed")
  func facts() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let (certificate, key) = try authority.issue(
        "portal.example", alternativeNames: "DNS:portal.example,DNS:*.portal.example,IP:::1",
        from: "20260101000000Z", until: "20460101000000Z")
      try await serve(certificate, key) { endpoint in
        let identity = try await ask(
          endpoint, name: "portal.example", ownRoots: authority.certificate
        ).identity
        let fact = try #require(identity?.certificate)
        #expect(identity?.greeting == "HTTP/1.0 200")
        #expect(identity?.service == "https")
        #expect(Set(identity?.phases.keys.map(\.self) ?? []) == [.connect, .tls, .exchange])
        let der = try Tool.run("openssl", "x509", "-in", certificate, "-outform", "der")
        #expect(try OpenSSL.sha256(der) == fact.certificateSHA256)
        let publicKey = try Tool.run("openssl", "x509", "-in", certificate, "-pubkey", "-noout")
        let info = try Tool.run("openssl", "pkey", "-pubin", "-outform", "der", input: publicKey)
        #expect(try OpenSSL.sha256(info) == fact.keySHA256)
        #expect(fact.names == ["portal.example", "*.portal.example", "::1"])
        #expect(fact.notBefore.text == "2026-01-01T00:00:00Z")
        #expect(fact.notAfter.text == "2046-01-01T00:00:00Z")
        #expect(fact.validity == .valid)
        let untrusting = try await ask(endpoint, name: "portal.example")
        #expect(untrusting.identity?.certificate?.validity == .untrusted)
        let other = try await ask(endpoint, name: "other.example", ownRoots: authority.certificate)
        #expect(other.identity?.certificate?.validity == .wrongName)
        let address = try await ask(endpoint, name: nil, ownRoots: authority.certificate)
        #expect(address.identity?.certificate?.validity == .valid)
      }
    }
  }

  @Test("the name goes out as SNI and picks the certificate; without a name none goes out")
  func serverName() async throws {
    try await Scratch.with { scratch in
      let authority = try Authority(in: scratch)
      let plain = try authority.issue("default.example", alternativeNames: "DNS:default.example")
      let named = try authority.issue("named.example", alternativeNames: "DNS:named.example")
      try await serve(
        plain.certificate, plain.key, "-servername", "named.example", "-cert2", named.certificate, "-key2",
        named.key
      ) { endpoint in
        for (name, expected) in [
          ("named.example", "named.example"), ("named.example.", "named.example"),
          ("default.example", "default.example"), (nil, "default.example"),
        ] {
          let outcome = try await ask(endpoint, name: name, ownRoots: authority.certificate)
          #expect(outcome.identity?.certificate?.names == [expected], "SNI \(name ?? "none")")
        }
      }
    }
  }

  @Test(
    "TLS of every version since 1.0 is looked at",
    arguments: ["-tls1", "-tls1_1", "-tls1_2", "-tls1_3"])
  func versions(_ version: String) async throws {
    try await Scratch.with { scratch in
      let issued = try Authority(in: scratch).issue("old.example", alternativeNames: "DNS:old.example")
      try await serve(
        issued.certificate, issued.key, version, "-cipher", "DEFAULT:@SECLEVEL=0"
      ) { endpoint in
        let outcome = try await ask(endpoint, name: "old.example")
        #expect(outcome.identity?.certificate?.names == ["old.example"], "\(outcome)")
      }
    }
  }

  @Test("no common cipher is a TLS error, told without the library's source path")
  func alert() async throws {
    try await Scratch.with { scratch in
      let issued = try Authority(in: scratch).issue("odd.example", alternativeNames: "DNS:odd.example")
      try await serve(
        issued.certificate, issued.key, "-tls1_2", "-cipher", "CAMELLIA128-SHA:CAMELLIA256-SHA:@SECLEVEL=0"
      ) { endpoint in
        let outcome = try await ask(endpoint, name: "odd.example")
        #expect(isProtocolError(outcome, in: .tls))
        #expect(!"\(outcome)".contains("/"), "\(outcome)")
      }
    }
  }

  @Test("a peer that is no TLS server ends in the phase tls")
  func notTLS() async throws {
    let plain = Script(reply: { _ in Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8) })
    try await ScriptedServer.with(plain) { endpoint in
      let outcome = try await ask(endpoint, name: nil)
      #expect(outcome == .protocolError(.tls, "TLS: wrong version number"))
    }
    for (script, expected) in [
      (Script(), HandshakeOutcome.timeout(.tls)), (Script(end: .closeAfterGreeting), .closedEarly(.tls)),
      (Script(end: .closeAfterReply), .closedEarly(.tls)),
      (Script(end: .resetAfterReply), .closedEarly(.tls)),
      // The head of a handshake record of 16 kB whose body comes a byte at a time.
      (
        Script(
          reply: { _ in [22, 3, 3, 0x40, 0] },
          drip: .init(after: .reply, piece: [2], pause: .milliseconds(20))), .timeout(.tls)
      ),
    ] {
      try await ScriptedServer.with(script) { endpoint in
        let outcome = try await ask(endpoint, name: nil, patience: expected.patience)
        #expect(outcome == expected)
      }
    }
  }

  @Test("TLS that stands but leads nowhere ends in the phase exchange")
  func behindTLS() async throws {
    try await Scratch.with { scratch in
      let issued = try Authority(in: scratch).issue("mute.example", alternativeNames: "DNS:mute.example")
      let context = try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: try NIOSSLCertificate.fromPEMFile(issued.certificate).map { .certificate($0) },
          privateKey: .privateKey(try NIOSSLPrivateKey(file: issued.key, format: .pem))))
      for (script, expected) in [
        (Script(), HandshakeOutcome.timeout(.exchange)),
        (Script(end: .closeAfterReply), .closedEarly(.exchange)),
        (Script(end: .resetAfterReply), .closedEarly(.exchange)),
      ] {
        try await ScriptedServer.with(script, tls: context) { endpoint in
          let outcome = try await ask(endpoint, name: "mute.example", patience: expected.patience)
          #expect(outcome == expected)
        }
      }
      let garbage = Script(reply: { _ in Array("SSH-2.0-OpenSSH_9.2\r\n".utf8) })
      try await ScriptedServer.with(garbage, tls: context) { endpoint in
        let outcome = try await ask(endpoint, name: "mute.example")
        #expect(isProtocolError(outcome, in: .exchange))
      }
    }
  }
}

/// openssl as oracle.
enum OpenSSL {
  static func sha256(_ bytes: [UInt8]) throws -> String {
    let line = try Tool.run("openssl", "dgst", "-sha256", "-r", input: bytes)
    return String(decoding: line.prefix(64), as: UTF8.self)
  }
}
