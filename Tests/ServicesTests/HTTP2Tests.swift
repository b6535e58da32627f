import NIOSSL
import Observations
import Services
import Testing

/// Frames of HTTP/2 by hand (RFC 9113 §4.1), from servers honest and hostile.
@Suite("http/2", .serialized, .enabled(if: Tool.isInstalled("openssl"))) struct HTTP2Tests {
  private static func frame(_ type: UInt8, _ flags: UInt8 = 0, stream: UInt8 = 0, _ payload: [UInt8] = [])
    -> [UInt8]
  {
    let length = payload.count
    return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, 0, 0, 0, stream]
      + payload
  }

  private static let settings = frame(4)
  /// Whether a client's bytes hold the request: HEADERS, whole, on stream 1.
  private static func isRequest(_ bytes: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: [1, 5, 0, 0, 0, 1]) }
  }

  private func ask(_ script: Script, patience: Duration = .seconds(3)) async throws -> HandshakeOutcome {
    try await Scratch.with { scratch in
      let issued = try Authority(in: scratch).issue("two.example", alternativeNames: "DNS:two.example")
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(issued.certificate).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: issued.key, format: .pem)))
      configuration.applicationProtocols = ["h2"]
      return try await ScriptedServer.with(script, tls: try NIOSSLContext(configuration: configuration)) {
        endpoint in
        try await Loopback.handshaker(patience: patience).perform(
          HandshakeRequest(service: "https", endpoint: endpoint, transport: .tcp, name: "two.example"))
      }
    }
  }

  @Test("what TLS agrees on is spoken: status, body, end")
  func answers() async throws {
    // 0x88 is ":status: 200" of the static table (RFC 7541 appendix A).
    let answer = Self.frame(1, 4, stream: 1, [0x88]) + Self.frame(0, 1, stream: 1, Array("hello".utf8))
    let script = Script(reply: { bytes in
      Self.isRequest(bytes) ? Self.settings + answer : []
    })
    let answered = try await ask(script)
    #expect(answered.identity?.greeting == "HTTP/2 200", "\(answered)")
    let refused = Script(reply: { bytes in
      Self.isRequest(bytes) ? Self.settings + Self.frame(3, 0, stream: 1, [0, 0, 0, 7]) : []
    })
    let reset = try await ask(refused)
    #expect(isProtocolError(reset, in: .exchange), "\(reset)")
    let away = Script(reply: { bytes in
      Self.isRequest(bytes) ? Self.settings + Self.frame(7, 0, [0, 0, 0, 0, 0, 0, 0, 11]) : []
    })
    let gone = try await ask(away)
    #expect(isProtocolError(gone, in: .exchange), "\(gone)")
  }

  static let hostile: [(String, start: [UInt8], piece: [UInt8])] = [
    ("SETTINGS without end", settings, frame(4, 0, [0, 3, 0, 0, 0, 1])),
    ("PING without end", settings, frame(6, 0, [UInt8](repeating: 7, count: 8))),
    ("CONTINUATION without end", settings + frame(1, 0, stream: 1, [0x88]), frame(9, 0, stream: 1, [0x82])),
    (
      "a table that grows without end", settings,
      frame(1, 0, stream: 1, [0x40, 0x7f, 0xff, 0xff, 0xff, 0x07] + [UInt8](repeating: 0x61, count: 4000))
    ),
    (
      "an integer without end", settings,
      frame(1, 4, stream: 1, [0xff] + [UInt8](repeating: 0xff, count: 200))
    ),
    ("empty DATA without end", settings + frame(1, 4, stream: 1, [0x88]), frame(0, 0, stream: 1)),
    ("WINDOW_UPDATE without end", settings, frame(8, 0, [0x7f, 0xff, 0xff, 0xff])),
    ("a push that nobody wants", settings, frame(5, 4, stream: 1, [0, 0, 0, 2, 0x82])),
    ("garbage", [], [UInt8](repeating: 0xee, count: 4096)),
    ("frames of unknown types", settings, frame(200, 0, [UInt8](repeating: 0, count: 100))),
  ]

  @Test("hostile servers end in their time, by what they did wrong", arguments: hostile.indices)
  func hostileServers(index: Int) async throws {
    let (what, start, piece) = Self.hostile[index]
    let script = Script(
      reply: { bytes in Self.isRequest(bytes) ? start : [] },
      drip: .init(after: .reply, piece: piece, pause: .milliseconds(1)))
    let started = ContinuousClock.now
    let outcome = try await ask(script, patience: .milliseconds(800))
    #expect(ContinuousClock.now - started < .seconds(4), "\(what)")
    switch outcome {
    case .completed(let identity):
      #expect(what.contains("DATA") && identity.greeting == "HTTP/2 200", "\(what)")
    case .timeout(.exchange), .closedEarly(.exchange): break
    default: #expect(isProtocolError(outcome, in: .exchange), "\(what): \(outcome)")
    }
    #expect(!"\(outcome)".contains(".swift"), "\(outcome)")
  }
}
