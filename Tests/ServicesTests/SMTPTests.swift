import Observations
import Services
import Synchronization
import Testing
import Wire

@Suite("smtp")
struct SMTPTests {
  private func ask(_ script: Script, patience: Duration = .seconds(5)) async throws -> HandshakeOutcome {
    try await ScriptedServer.with(script) { endpoint in
      await (try Loopback.handshaker(patience: patience)).perform(
        HandshakeRequest(service: "smtp", endpoint: endpoint, transport: .tcp, name: nil))
    }
  }

  /// A server that answers each command by its first word.
  private static func server(
    _ greeting: String, _ replies: [String: String], log: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Script {
    Script(
      greeting: Array(greeting.utf8),
      reply: { bytes in
        let command = String(decoding: bytes, as: UTF8.self)
        log(command)
        return Array((replies[String(command.prefix(4))] ?? "500 what?\r\n").utf8)
      })
  }

  @Test("greeting, EHLO with the address of our end, QUIT, and nothing else")
  func conversation() async throws {
    let seen = Mutex<[String]>([])
    let script = Self.server(
      "220-mail.example ESMTP\r\n220-Việt Nam\r\n220 ready\r\n",
      ["EHLO": "250-mail.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n", "QUIT": "221 bye\r\n"]
    ) { command in seen.withLock { $0.append(command) } }
    let identity = try await ask(script).identity
    #expect(identity?.greeting == "220-mail.example ESMTP")
    #expect(seen.withLock { $0 } == ["EHLO [IPv6:::1]\r\n", "QUIT\r\n"])
  }

  @Test("a server from before extensions is asked again with HELO")
  func old() async throws {
    let script = Self.server("220 old.example\r\n", ["HELO": "250 hello\r\n"])
    #expect(try await ask(script).identity?.greeting == "220 old.example")
  }

  @Test(
    "servers that refuse, or mean no good",
    arguments: [
      (
        "no service here", Script(greeting: Array("554 no SMTP service here\r\n".utf8)),
        HandshakeOutcome.protocolError(.exchange, "554 no SMTP service here")
      ),
      (
        "not now", Script(greeting: Array("421 come back later\r\n".utf8), end: .closeAfterGreeting),
        .protocolError(.exchange, "421 come back later")
      ),
      (
        "no hello", Script(greeting: Array("220 a\r\n".utf8), reply: { _ in Array("550 go away\r\n".utf8) }),
        .protocolError(.exchange, "550 go away")
      ),
      (
        "SSH", Script(greeting: Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)),
        .protocolError(.exchange, "not SMTP: SSH-2.0-OpenSSH_9.2")
      ),
      (
        "codes that change", Script(greeting: Array("220-a\r\n250 b\r\n".utf8)),
        .protocolError(.exchange, "not SMTP: 250 b")
      ),
      (
        "bytes that are no text", Script(greeting: [0x32, 0x32, 0x30, 0xff, 0x0a]),
        .protocolError(.exchange, "not SMTP: 220\u{fffd}")
      ),
      ("silent", Script(), .timeout(.exchange)),
      (
        "silent after its greeting", Script(greeting: Array("220 tarpit\r\n".utf8)), .timeout(.exchange)
      ),
      (
        "closes after EHLO", Script(greeting: Array("220 a\r\n".utf8), end: .closeAfterReply),
        .closedEarly(.exchange)
      ),
      (
        "a greeting without end",
        Script(greeting: Array(String(repeating: "220-more\r\n", count: 1000).utf8)),
        .protocolError(.exchange, "a reply of more than 100 lines")
      ),
      (
        "a line without end", Script(greeting: Array("220 ".utf8) + [UInt8](repeating: 0x61, count: 70_000)),
        .protocolError(.exchange, "a line of more than 2048 bytes")
      ),
      (
        "a tarpit",
        Script(drip: .init(after: .greeting, piece: Array("220-\r\n".utf8), pause: .milliseconds(30))),
        .timeout(.exchange)
      ),
    ])
  func hostile(_ name: String, _ script: Script, _ expected: HandshakeOutcome) async throws {
    #expect(try await ask(script, patience: expected.patience) == expected, "\(name)")
  }

  @Test("a greeting of many bytes that are no UTF-8 stays text of at most 256 bytes")
  func bounded() async throws {
    let greeting = Array("220 ".utf8) + [UInt8](repeating: 0xff, count: 1500) + Array("\r\n".utf8)
    let script = Script(greeting: greeting, reply: { _ in Array("250 ok\r\n".utf8) })
    let text = try #require(try await ask(script).identity?.greeting)
    #expect(text.hasPrefix("220 \u{fffd}") && text.utf8.count <= 256)
  }
}
