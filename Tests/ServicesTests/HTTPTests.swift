import NIOCore
import Observations
import Services
import Synchronization
import Testing
import Wire

@Suite("http")
struct HTTPTests {
  private func ask(
    _ script: Script, name: String? = "portal.example", patience: Duration = .seconds(5)
  ) async throws -> HandshakeOutcome {
    try await ScriptedServer.with(script) { endpoint in
      await (try Loopback.handshaker(patience: patience)).perform(
        HandshakeRequest(service: "http", endpoint: endpoint, transport: .tcp, name: name))
    }
  }

  private static func answering(_ text: String, _ end: Script.End = .closeAfterReply) -> Script {
    Script(reply: { _ in Array(text.utf8) }, end: end)
  }

  @Test(
    "any status completes it, the first that is final counts",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 200"),
      ("HTTP/1.0 200\r\n\r\nuntil the end", "HTTP/1.0 200"),
      ("HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n", "HTTP/1.1 301"),
      ("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 503"),
      ("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "HTTP/1.1 200"),
    ])
  func completes(_ response: String, _ greeting: String) async throws {
    let identity = try await ask(Self.answering(response)).identity
    #expect(identity?.greeting == greeting)
    #expect(identity?.service == "http")
    #expect(Set(identity?.phases.keys.map(\.self) ?? []) == [.connect, .exchange])
  }

  @Test(
    "what is sent: the name or the address in Host, a port only if it is another than 80",
    arguments: [("portal.example", "portal.example"), (nil, "[::1]")] as [(String?, String)])
  func request(_ name: String?, _ host: String) async throws {
    let seen = Mutex("")
    let script = Script(
      reply: { bytes in
        seen.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        return Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
      }, end: .closeAfterReply)
    try await ScriptedServer.with(script) { endpoint in
      _ = try await Loopback.handshaker().perform(
        HandshakeRequest(service: "http", endpoint: endpoint, transport: .tcp, name: name))
      let lines = seen.withLock { $0 }.split(separator: "\r\n")
      #expect(lines.first == "GET / HTTP/1.1")
      #expect(
        Set(lines.dropFirst().map { $0.lowercased() }) == [
          "host: \(host):\(endpoint.port)", "user-agent: \(Loopback.userAgent.lowercased())", "accept: */*",
          "accept-encoding: identity",
        ])
    }
  }

  @Test("a server that does not speak HTTP is told apart from one that says nothing")
  func notHTTP() async throws {
    let garbage = try await ask(Self.answering("220 mail.example ESMTP\r\n"))
    #expect(isProtocolError(garbage, in: .exchange))
    let preface = try await ask(Self.answering("\u{0}\u{0}\u{12}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"))
    #expect(isProtocolError(preface, in: .exchange))
    #expect(try await ask(Script(), patience: .milliseconds(200)) == .timeout(.exchange))
    #expect(try await ask(Script(end: .closeAfterGreeting)) == .closedEarly(.exchange))
    #expect(try await ask(Script(end: .closeAfterReply)) == .closedEarly(.exchange))
    #expect(try await ask(Script(end: .resetAfterReply)) == .closedEarly(.exchange))
    #expect(try await ask(Self.answering("HTTP/1.1 200 O")) == .closedEarly(.exchange))
  }

  @Test("a body that never ends does not undo the answer")
  func endlessBody() async throws {
    let endless = Script(
      reply: { _ in Array("HTTP/1.1 200 OK\r\n\r\n".utf8) },
      drip: .init(after: .reply, piece: [UInt8](repeating: 0x61, count: 16_384), pause: .microseconds(100)))
    let started = ContinuousClock.now
    #expect(try await ask(endless).identity?.greeting == "HTTP/1.1 200")
    #expect(ContinuousClock.now - started < .seconds(4), "half a megabyte is enough of any body")
  }

  @Test("a head is bounded in fields, bytes and time")
  func hostileHeads() async throws {
    let manyFields = "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Field: value\r\n", count: 100_000)
    #expect(isProtocolError(try await ask(Self.answering(manyFields, .stay)), in: .exchange))
    let longField = "HTTP/1.1 200 OK\r\nX-Field: " + String(repeating: "v", count: 100_000)
    #expect(isProtocolError(try await ask(Self.answering(longField, .stay)), in: .exchange))
    let longReason = "HTTP/1.1 200 " + String(repeating: "r", count: 900_000)
    #expect(isProtocolError(try await ask(Self.answering(longReason, .stay)), in: .exchange))
    let hint = Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8)
    let endlessHints = Script(drip: .init(after: .reply, piece: hint, pause: .microseconds(500)))
    #expect(try await ask(endlessHints, patience: .milliseconds(400)) == .timeout(.exchange))
    let slowField = Script(
      reply: { _ in Array("HTTP/1.1 200 OK\r\nX: ".utf8) },
      drip: .init(after: .reply, piece: Array("v".utf8), pause: .milliseconds(20)))
    let started = ContinuousClock.now
    #expect(try await ask(slowField, patience: .milliseconds(400)) == .timeout(.exchange))
    #expect(ContinuousClock.now - started < .seconds(2), "a drip does not prolong the phase")
  }

  @Test("a closed port is refused, an address outside the scope is not touched and counted")
  func notThere() async throws {
    let handshaker = try Loopback.handshaker()
    let closed = Endpoint(Loopback.ipv6, try Loopback.freePort())
    let request = HandshakeRequest(service: "http", endpoint: closed, transport: .tcp, name: nil)
    #expect(await handshaker.perform(request) == .refused)
    #expect(handshaker.refusedByScope == 0)
    let denied = try Loopback.handshaker(scope: Scope())
    for service in ["http", "https", "ssh", "smtp", "dns", "sip", "tcp"] {
      let request = HandshakeRequest(service: service, endpoint: closed, transport: .tcp, name: nil)
      #expect(await denied.perform(request) == .notSent(.outOfScope))
    }
    for service in ["dns", "ntp", "sip"] {
      let request = HandshakeRequest(service: service, endpoint: closed, transport: .udp, name: nil)
      #expect(await denied.perform(request) == .notSent(.outOfScope))
    }
    #expect(denied.refusedByScope == 10)
  }

  @Test("a listener whose queue is full lets connections time out")
  func connectTimeout() async throws {
    try await FullListener.with { endpoint in
      let outcome = await (try Loopback.handshaker(patience: .milliseconds(400))).perform(
        HandshakeRequest(service: "tcp", endpoint: endpoint, transport: .tcp, name: nil))
      #expect(outcome == .timeout(.connect))
    }
  }

  @Test("a port of unknown protocol is only connected to")
  func unknownProtocol() async throws {
    try await ScriptedServer.with(Script()) { endpoint in
      let identity = await (try Loopback.handshaker()).perform(
        HandshakeRequest(service: "tcp", endpoint: endpoint, transport: .tcp, name: nil)
      ).identity
      #expect(identity?.greeting == "" && identity?.service == "tcp")
      #expect(identity?.phases.keys.map(\.self) == [.connect])
    }
  }

  @Test(
    "protocols and transports that are spoken",
    arguments: [
      ("http", Transport.tcp, true), ("http", .udp, false), ("dns", .udp, true), ("dns", .tcp, true),
      ("ntp", .udp, true), ("ntp", .tcp, false), ("sip", .udp, true), ("tcp", .tcp, true),
      ("udp", .udp, false), ("gopher", .tcp, false),
    ])
  func supports(_ service: String, _ transport: Transport, _ expected: Bool) async throws {
    #expect(Handshaker.supports(service: service, transport: transport) == expected)
    if !expected {
      let request = HandshakeRequest(
        service: service, endpoint: Endpoint(Loopback.ipv6, 9), transport: transport, name: nil)
      #expect(await (try Loopback.handshaker()).perform(request) == .notSent(.sendFailed))
    }
  }
}

/// Whether the peer broke the protocol in this phase, whatever the words.
func isProtocolError(_ outcome: HandshakeOutcome, in phase: HandshakePhase) -> Bool {
  if case .protocolError(phase, let text) = outcome { !text.isEmpty && text.utf8.count <= 300 } else { false }
}
