import NIOCore
import Observations
import Wire

extension ServiceProtocol {
  /// Greeting, EHLO, TLS where the server offers it (RFC 3207), and QUIT (RFC 5321 §3.1, §3.2). No mail is begun.
  static let smtp = ServiceProtocol(name: "smtp", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock()
    let (greeting, chain) = try await tools.dialer.converse(
      with: request.endpoint, clock: clock, connectLimit: tools.limits.connect, configure: { _ in },
      body: { (stream: Stream<ByteBuffer, ByteBuffer>, _) in
        clock.begin(.exchange, limit: tools.limits.exchange, closing: stream.channel)
        var reader = ByteReader(stream, limit: 65_536)
        let greeting = try await SMTPReply(from: &reader)
        guard greeting.code == 220 else { throw greeting.violation }
        let hello = SMTPReply.hello(from: Endpoint(stream.channel.localAddress))
        try await stream.send("EHLO \(hello)\r\n".utf8)
        var answer = try await SMTPReply(from: &reader)
        if answer.code / 100 == 5 {
          // A server from before extensions knows HELO alone (RFC 5321 §4.1.4).
          try await stream.send("HELO \(hello)\r\n".utf8)
          answer = try await SMTPReply(from: &reader)
        }
        guard answer.code == 250 else { throw answer.violation }
        clock.complete()
        let chain = try await startTLS(stream, &reader, answer, tools, clock, name: request.name)
        // Whether it says goodbye no longer matters.
        try? await stream.send("QUIT\r\n".utf8)
        _ = try? await SMTPReply(from: &reader)
        return (greeting.text, chain)
      })
    let certificate = await tools.certificates.examine(
      chain: chain, name: request.name, address: request.endpoint.address, at: tools.now())
    return ServiceIdentity(
      service: "smtp", greeting: greeting, certificate: certificate, phases: clock.durations)
  }

  /// The chain that STARTTLS shows; none where it is not offered, or refused as RFC 3207 §4 allows.
  private static func startTLS(
    _ stream: Stream<ByteBuffer, ByteBuffer>, _ reader: inout ByteReader, _ hello: SMTPReply,
    _ tools: HandshakeTools, _ clock: PhaseClock, name: String?
  ) async throws -> [[UInt8]] {
    guard hello.keywords.contains("STARTTLS") else { return [] }
    try await stream.send("STARTTLS\r\n".utf8)
    guard try await SMTPReply(from: &reader).code == 220 else { return [] }
    // What came in the clear must not be taken for what comes under TLS (CVE-2011-0411 and its kin).
    guard reader.isEmpty else {
      throw NetworkFailure.violation(.exchange, "more after the answer to STARTTLS")
    }
    let channel = stream.channel
    clock.begin(.tls, limit: tools.limits.tls, closing: channel)
    let session = try await channel.eventLoop.submit {
      try TLSSession.start(on: channel, context: tools.tlsContext, name: name, at: .first)
    }.get()
    let chain = try await session.chain.get()
    clock.complete()
    return chain
  }
}

/// A reply of one line or several (RFC 5321 §4.2.1).
private struct SMTPReply {
  private static let maximumLines = 100
  /// Four times what §4.5.3.1.5 allows.
  private static let maximumLine = 2048

  /// 200–599.
  let code: Int
  /// The first line as it came, bounded.
  let text: String
  /// The first word of each further line, in capitals: what the answer to EHLO offers (RFC 5321 §4.1.1.1).
  private(set) var keywords: [String] = []

  init(from reader: inout ByteReader) async throws {
    var first: (code: Int, text: String)?
    for _ in 0..<Self.maximumLines {
      let line = try await reader.line(limit: Self.maximumLine)
      guard line.count >= 3, let code = Int(String(decoding: line.prefix(3), as: UTF8.self)),
        (200...599).contains(code), line.count == 3 || [0x20, 0x2d].contains(line[3]),
        first == nil || first?.code == code
      else { throw NetworkFailure.violation(.exchange, "not SMTP: \(boundedText(line))") }
      if first != nil { keywords.append(boundedText(line.dropFirst(4).prefix { $0 > 0x20 }).uppercased()) }
      let reply = first ?? (code, boundedText(line))
      first = reply
      if line.count == 3 || line[3] == 0x20 {
        (code: self.code, text: self.text) = reply
        return
      }
    }
    throw NetworkFailure.violation(.exchange, "a reply of more than \(Self.maximumLines) lines")
  }

  /// The refusal in the server's words.
  var violation: NetworkFailure { .violation(.exchange, text) }

  /// How we name ourselves: the address literal of our end (RFC 5321 §4.1.3), for it is the one name that is
  /// certainly true.
  static func hello(from local: Endpoint?) -> String {
    guard let address = local?.address else { return "[127.0.0.1]" }
    return address.family == .ipv6 ? "[IPv6:\(address)]" : "[\(address)]"
  }
}
