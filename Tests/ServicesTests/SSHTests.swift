import Foundation
import Observations
import Services
import Testing
import Wire

@Suite("ssh", .serialized)
struct SSHTests {
  private func ask(_ endpoint: Endpoint, patience: Duration = .seconds(5)) async throws -> HandshakeOutcome {
    try await Loopback.handshaker(patience: patience).perform(
      HandshakeRequest(service: "ssh", endpoint: endpoint, transport: .tcp, name: nil))
  }

  @Test(
    "OpenSSH: the fingerprint is the one ssh-keygen prints, the signature verifies",
    .enabled(if: Tool.isInstalled("sshd", "ssh-keygen")),
    arguments: [
      ("ed25519", "256", "ssh-ed25519"), ("ecdsa", "256", "ecdsa-sha2-nistp256"),
      ("ecdsa", "384", "ecdsa-sha2-nistp384"), ("ecdsa", "521", "ecdsa-sha2-nistp521"),
      ("rsa", "2048", "rsa-sha2-512"),
    ])
  func openSSH(_ type: String, _ bits: String, _ algorithm: String) async throws {
    for method in ["curve25519-sha256", "ecdh-sha2-nistp256"] {
      try await Scratch.with { scratch in
        let key = scratch.file("key")
        try Tool.run("ssh-keygen", "-q", "-t", type, "-b", bits, "-N", "", "-f", key)
        let port = try Loopback.freePort()
        // sshd wants its separation directory to exist when it is started as root.
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        try await Tool.serving(
          "sshd",
          [
            "-D", "-e", "-f", "/dev/null", "-p", "\(port)", "-h", key, "-o", "ListenAddress=::1", "-o",
            "PidFile=none", "-o", "KexAlgorithms=\(method)",
          ], port: port
        ) { endpoint in
          let identity = try await ask(endpoint).identity
          #expect(identity?.greeting.hasPrefix("SSH-2.0-OpenSSH") == true)
          #expect(identity?.hostKeys.first?.algorithm == algorithm)
          #expect(try fingerprint(of: key + ".pub") == identity?.hostKeys.first?.keySHA256)
        }
      }
    }
  }

  @Test(
    "dropbear shows its key", .enabled(if: Tool.isInstalled("dropbear", "dropbearkey", "ssh-keyscan")))
  func dropbear() async throws {
    try await Scratch.with { scratch in
      let key = scratch.file("key")
      try Tool.run("dropbearkey", "-t", "ed25519", "-f", key)
      let port = try Loopback.freePort()
      try await Tool.serving("dropbear", ["-F", "-E", "-p", "[::1]:\(port)", "-r", key], port: port) {
        endpoint in
        let identity = try await ask(endpoint).identity
        let scanned = try Tool.run("ssh-keyscan", "-p", "\(port)", "-t", "ed25519", "::1")
        let line = String(decoding: scanned, as: UTF8.self).split(separator: " ")
        let blob = try #require(
          Data(base64Encoded: line.last.map { $0.trimmingCharacters(in: .newlines) } ?? ""))
        #expect(identity?.hostKeys.first?.algorithm == "ssh-ed25519")
        #expect(try OpenSSL.sha256(Array(blob)) == identity?.hostKeys.first?.keySHA256)
      }
    }
  }

  /// What `ssh-keygen -lf` says, turned from base64 to hexadecimal.
  private func fingerprint(of path: String) throws -> String {
    let words = String(decoding: try Tool.run("ssh-keygen", "-lf", path), as: UTF8.self).split(separator: " ")
    let text = try #require(words.first { $0.hasPrefix("SHA256:") }?.dropFirst("SHA256:".count))
    let data = try #require(
      Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
    return data.map { String(String(256 + Int($0), radix: 16).dropFirst()) }.joined()
  }

  private static let identification = Array("SSH-2.0-Test_1\r\n".utf8)

  @Test("a server without a method in common is still an SSH server")
  func nothingInCommon() async throws {
    let script = Script(
      greeting: Self.identification + SSHScript.offer(keyExchanges: "sntrup761x25519-sha512"))
    try await ScriptedServer.with(script) { endpoint in
      let identity = try await ask(endpoint).identity
      #expect(identity?.greeting == "SSH-2.0-Test_1")
      #expect(identity?.hostKeys == [])
    }
  }

  @Test("a key whose signature is another's is no host key")
  func wrongSignature() async throws {
    let script = Script(
      greeting: Self.identification + SSHScript.offer(),
      // The key exchange reply carries a well-formed Ed25519 key and a signature of zeros.
      reply: { bytes in SSHScript.isExchange(bytes) ? SSHScript.forgedReply() : [] })
    try await ScriptedServer.with(script) { endpoint in
      let outcome = try await ask(endpoint)
      #expect(outcome == .protocolError(.exchange, "the host key's signature does not verify"))
    }
  }

  @Test("a point of small order, whose shared secret everybody knows, is no key exchange (RFC 8731 §3)")
  func weakPoint() async throws {
    let weak = SSHScript.forgedReply(share: [UInt8](repeating: 0, count: 32))
    let script = Script(
      greeting: Self.identification + SSHScript.offer(),
      reply: { bytes in SSHScript.isExchange(bytes) ? weak : [] })
    try await ScriptedServer.with(script) { endpoint in
      let outcome = try await ask(endpoint)
      #expect(outcome == .protocolError(.exchange, "no SSH key exchange reply"))
    }
  }

  @Test(
    "servers that mean no good, or are something else",
    arguments: [
      ("silent", Script(), HandshakeOutcome.timeout(.exchange)),
      ("closes at once", Script(end: .closeAfterGreeting), .closedEarly(.exchange)),
      (
        "too busy", Script(greeting: Array("Exceeded MaxStartups\r\n".utf8), end: .closeAfterGreeting),
        .closedEarly(.exchange)
      ),
      (
        "version 1", Script(greeting: Array("SSH-1.5-Old\r\n".utf8)),
        .protocolError(.exchange, "another SSH version: SSH-1.5-Old")
      ),
      (
        "endless lines before", Script(greeting: Array(String(repeating: "hello\r\n", count: 10_000).utf8)),
        .protocolError(.exchange, "no SSH identification in 50 lines")
      ),
      (
        "a line without end", Script(greeting: [UInt8](repeating: 0x61, count: 100_000)),
        .protocolError(.exchange, "a line of more than 1024 bytes")
      ),
      (
        "a giant packet", Script(greeting: identification + [0x7f, 0xff, 0xff, 0xff, 4]),
        .protocolError(.exchange, "an SSH packet of 2147483647 bytes with 4 of padding")
      ),
      (
        "an empty packet", Script(greeting: identification + [0, 0, 0, 0, 0]),
        .protocolError(.exchange, "an SSH packet of 0 bytes with 0 of padding")
      ),
      (
        "padding longer than the packet", Script(greeting: identification + [0, 0, 0, 12, 255]),
        .protocolError(.exchange, "an SSH packet of 12 bytes with 255 of padding")
      ),
      (
        "another message",
        Script(greeting: identification + [0, 0, 0, 12, 10, 50] + [UInt8](repeating: 0, count: 10)),
        .protocolError(.exchange, "no SSH key exchange offer")
      ),
      (
        "a refusal",
        Script(
          greeting: identification
            + SSHScript.packet([1, 0, 0, 0, 12, 0, 0, 0, 3] + Array("no!".utf8) + [0, 0, 0, 0])),
        .protocolError(.exchange, "disconnected, reason 12: no!")
      ),
      (
        "HTTP", Script(reply: { _ in Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8) }, end: .closeAfterReply),
        .closedEarly(.exchange)
      ),
      (
        "messages to be ignored, for ever",
        Script(
          greeting: identification,
          drip: .init(after: .greeting, piece: SSHScript.packet([2, 0, 0, 0, 0]), pause: .milliseconds(1))),
        .timeout(.exchange)
      ),
      (
        "a byte now and then",
        Script(drip: .init(after: .greeting, piece: [0x53], pause: .milliseconds(20))), .timeout(.exchange)
      ),
    ])
  func hostile(_ name: String, _ script: Script, _ expected: HandshakeOutcome) async throws {
    try await ScriptedServer.with(script) { endpoint in
      let outcome = try await ask(endpoint, patience: expected.patience)
      #expect(outcome == expected, "\(name)")
    }
  }
}

/// The server's half of a key exchange, as far as tests need it.
enum SSHScript {
  static func string(_ bytes: [UInt8]) -> [UInt8] {
    [
      UInt8(bytes.count >> 24), UInt8(bytes.count >> 16 & 255), UInt8(bytes.count >> 8 & 255),
      UInt8(bytes.count & 255),
    ]
      + bytes
  }

  static func packet(_ payload: [UInt8]) -> [UInt8] {
    var padding = 4
    while (5 + payload.count + padding) % 8 != 0 { padding += 1 }
    let length = 1 + payload.count + padding
    return [0, 0, UInt8(length >> 8), UInt8(length & 255), UInt8(padding)] + payload
      + [UInt8](repeating: 0, count: padding)
  }

  static func offer(
    keyExchanges: String = "curve25519-sha256", hostKeys: String = "ssh-ed25519"
  ) -> [UInt8] {
    let lists = [keyExchanges, hostKeys, "aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256"]
    let rest = ["none", "none", "", ""]
    return packet(
      [20] + [UInt8](repeating: 7, count: 16) + (lists + rest).flatMap { string(Array($0.utf8)) } + [
        0, 0, 0, 0, 0,
      ])
  }

  /// Whether the client's bytes hold its half of the exchange, of message number 30.
  static func isExchange(_ bytes: [UInt8]) -> Bool { bytes.count > 5 && bytes.suffix(48).contains(30) }

  /// A reply of somebody who has no key of his own.
  static func forgedReply(share: [UInt8] = [9] + [UInt8](repeating: 0, count: 31)) -> [UInt8] {
    let name = string(Array("ssh-ed25519".utf8))
    // The base point of Curve25519 and the one of Ed25519: valid keys that belong to nobody.
    let point = [UInt8(0x58)] + [UInt8](repeating: 0x66, count: 31)
    return packet(
      [31] + string(name + string(point)) + string(share)
        + string(name + string([UInt8](repeating: 0, count: 64))))
  }
}
