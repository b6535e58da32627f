import NIOCore
import Observations
import Wire

/// One question to one server and what came back, over UDP or TCP.
struct DNSExchange: Sendable {
  /// What counts as an answer to the question.
  enum Reply: Sendable, Hashable {
    case message(DNSMessage)
    /// Cut: to be asked again over TCP (RFC 7766 §5). Header and question are whole.
    case truncated(DNSMessage)
    case malformed(String)
  }

  let question: DNSQuestion
  let query: DNSMessage

  /// A question under a random id (RFC 5452 §4.3; the random port is the kernel's part).
  init(_ question: DNSQuestion, recursive: Bool, extended: Bool = true) {
    self.question = question
    query = DNSMessage(
      asking: question, id: UInt16.random(in: .min ... .max), recursive: recursive,
      extended: extended ? DNSExtension() : nil)
  }

  /// Reads a message from the server. `nil` when it is no answer to this question: another id or question,
  /// or a query. Such a message may be a late answer or a forged one and says nothing.
  func reply(in bytes: [UInt8]) -> Reply? {
    guard bytes.count > 2, UInt16(bytes[0]) << 8 | UInt16(bytes[1]) == query.header.id, bytes[2] & 0x80 != 0
    else { return nil }
    do {
      let head = try DNSMessage(parsingHeadOf: bytes)
      // A server that could not read the question may leave it out (RFC 1035 §4.1.1 has no other way).
      let unread = head.questions.isEmpty && head.header.responseBits != 0
      guard head.questions == [question] || unread else { return nil }
      return head.header.isTruncated ? .truncated(head) : .message(try DNSMessage(parsing: bytes))
    } catch {
      return .malformed("\(error)")
    }
  }

  /// Asks over UDP, once for each of `patience`.
  func overUDP(
    to server: Endpoint, through dialer: Dialer, clock: PhaseClock, patience: [Duration]
  ) async throws(NetworkFailure) -> Reply {
    let bytes = query.bytes
    return try await dialer.exchange(
      with: server, clock: clock, patience: patience, payload: { _ in bytes },
      accept: { self.reply(in: $0) })
  }

  /// Asks over TCP (RFC 7766 §8: two bytes of length before the message).
  func overTCP(
    to server: Endpoint, through dialer: Dialer, clock: PhaseClock, connectLimit: Duration, limit: Duration
  ) async throws(NetworkFailure) -> Reply {
    let bytes = query.bytes
    return try await dialer.converse(
      with: server, clock: clock, connectLimit: connectLimit, configure: { _ in },
      body: { (stream: Stream<ByteBuffer, ByteBuffer>, _) in
        clock.begin(.exchange, limit: limit, closing: stream.channel)
        try await stream.send([UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes)
        var reader = ByteReader(stream, limit: 2 + Int(UInt16.max))
        let length = try await reader.bytes(2)
        let message = try await reader.bytes(Int(length[0]) << 8 | Int(length[1]))
        guard let reply = reply(in: message) else {
          throw NetworkFailure.violation(.exchange, "an answer to another question")
        }
        return reply
      })
  }
}
