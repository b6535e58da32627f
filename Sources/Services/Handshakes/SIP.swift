import NIOCore
import Observations
import Wire

extension ServiceProtocol {
  /// OPTIONS (RFC 3261 §11). Any response completes it, provisional or final, whatever its status.
  static let sip = ServiceProtocol(name: "sip", transports: [.udp, .tcp]) {
    request, tools throws(NetworkFailure) in
    let query = SIPQuery(request, userAgent: tools.userAgent)
    let clock = PhaseClock(request.transport == .udp ? .exchange : .connect)
    let greeting: String
    switch request.transport {
    case .udp:
      greeting = try await tools.dialer.exchange(
        with: request.endpoint, clock: clock, patience: tools.limits.datagramPatience,
        payload: { query.bytes(from: $0) },
        accept: { bytes throws(NetworkFailure) in try query.greeting(in: bytes) })
    case .tcp:
      greeting = try await tools.dialer.converse(
        with: request.endpoint, clock: clock, connectLimit: tools.limits.connect, configure: { _ in },
        body: { (stream: Stream<ByteBuffer, ByteBuffer>, _) in
          clock.begin(.exchange, limit: tools.limits.exchange, closing: stream.channel)
          try await stream.send(query.bytes(from: Endpoint(stream.channel.localAddress)))
          return try await query.greeting(from: stream)
        })
    }
    return ServiceIdentity(service: "sip", greeting: greeting, phases: clock.durations)
  }
}

/// One OPTIONS request and the reading of its responses.
struct SIPQuery: Sendable {
  private static let maximumLine = 2048
  private static let maximumLines = 100

  private let target: String
  private let transport: String
  private let userAgent: String
  private let token = String(UInt64.random(in: .min ... .max), radix: 36)

  init(_ request: HandshakeRequest, userAgent: String) {
    target = request.name ?? request.endpoint.address.bracketed
    transport = request.transport.rawValue.uppercased()
    self.userAgent = userAgent
  }

  /// The request; `rport` asks for the answer to come back to the port it left from (RFC 3581 §3).
  func bytes(from local: Endpoint?) -> [UInt8] {
    let here = local?.description ?? "invalid"
    let lines = [
      "OPTIONS sip:\(target) SIP/2.0",
      "Via: SIP/2.0/\(transport) \(here);branch=z9hG4bK\(token);rport",
      "Max-Forwards: 70",
      "From: <sip:v6audit@\(local?.address.bracketed ?? "invalid")>;tag=\(token)",
      "To: <sip:\(target)>",
      "Call-ID: \(token)",
      "CSeq: 1 OPTIONS",
      "Contact: <sip:v6audit@\(here)>",
      "Accept: application/sdp",
      "User-Agent: \(userAgent)",
      "Content-Length: 0",
    ]
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  /// The status line of a datagram that answers this request; `nil` for one that answers another.
  func greeting(in bytes: [UInt8]) throws(NetworkFailure) -> String? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let status = try Self.status(lines.first ?? [])
    return lines.prefix(Self.maximumLines).contains { isOurs(header: $0) } ? status : nil
  }

  /// The status line of the first response on a connection of our own.
  func greeting(from stream: Stream<ByteBuffer, ByteBuffer>) async throws -> String {
    var reader = ByteReader(stream, limit: 65_536)
    let status = try Self.status(try await reader.line(limit: Self.maximumLine)[...])
    for _ in 0..<Self.maximumLines {
      let line = try await reader.line(limit: Self.maximumLine)
      if isOurs(header: line[...]) { return status }
      if line.isEmpty { break }
    }
    throw NetworkFailure.violation(.exchange, "a SIP response to another request")
  }

  /// `SIP/2.0 200 OK` (RFC 3261 §7.2), bounded.
  private static func status(_ line: ArraySlice<UInt8>) throws(NetworkFailure) -> String {
    let text = boundedText(line.prefix { $0 != UInt8(ascii: "\r") })
    let words = text.split(separator: " ", maxSplits: 2)
    // Three digits, and no sign, which `Int` would take.
    guard words.count >= 2, words[0] == "SIP/2.0", words[1].utf8.count == 3, let code = Int(words[1]),
      (100...699).contains(code)
    else {
      throw .violation(.exchange, "not SIP: \(text)")
    }
    return text
  }

  /// Whether a header line carries our Call-ID, in its long or compact form (RFC 3261 §7.3.3).
  private func isOurs(header: ArraySlice<UInt8>) -> Bool {
    let parts = boundedText(header).split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return false }
    let name = parts[0].filter { !$0.isWhitespace }.lowercased()
    return (name == "call-id" || name == "i") && parts[1].filter { !$0.isWhitespace } == token
  }
}
