import NIOCore
import Observations
import Wire

/// Why a zone did not come.
public enum TransferFailure: Error, Sendable, Hashable {
  /// The server answered, and not with the zone: most give it to their secondaries only.
  case declined(DNSResponseCode)
  /// What came is no transfer of this zone (RFC 5936 §2.2).
  case malformed(String)
  /// There was no conversation.
  case network(HandshakeOutcome)
  /// It has more records than were asked for.
  case tooLarge(Int)
}

extension NameClient {
  /// Asks for a whole zone (AXFR, RFC 5936), which servers give to those they know.
  ///
  /// - Parameters:
  ///   - most: records of it; a server that never ends must come to an end.
  ///   - keep: which records are wanted.
  /// - Returns: these, in the order in which they came.
  public func transfer(
    _ zone: DNSName, from server: Endpoint, most: Int = 2_000_000,
    keep: @escaping @Sendable (DNSRecord) -> Bool
  ) async throws(TransferFailure) -> [DNSRecord] {
    let query = DNSMessage(
      asking: DNSQuestion(zone, .axfr), id: UInt16.random(in: .min ... .max), recursive: false)
    let bytes = query.bytes
    let clock = PhaseClock()
    let result: Result<[DNSRecord], TransferFailure>
    do {
      result = try await dialer.converse(
        with: server, clock: clock, connectLimit: streamLimit, configure: { _ in },
        body: { (stream: Stream<ByteBuffer, ByteBuffer>, _) in
          clock.begin(.exchange, limit: Self.transferLimit, closing: stream.channel)
          try await stream.send([UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes)
          var reader = ByteReader(stream, limit: Self.mostBytes)
          var reading = TransferReading(zone, id: query.header.id, most: most, keep: keep)
          while !reading.isWhole {
            let length = try await reader.bytes(2)
            let message = try await reader.bytes(Int(length[0]) << 8 | Int(length[1]))
            do throws(TransferFailure) { try reading.take(message) } catch { return .failure(error) }
          }
          return .success(reading.kept)
        })
    } catch {
      throw .network(error.outcome)
    }
    return try result.get()
  }

  /// For all of it.
  private static let transferLimit = Duration.seconds(120)
  /// A million PTR records of an ip6.arpa zone are some hundred megabytes.
  private static let mostBytes = 1 << 30
}

/// The messages of a transfer, put together: it begins and ends with the zone's SOA (RFC 5936 §2.2).
struct TransferReading {
  private(set) var kept: [DNSRecord] = []
  private(set) var isWhole = false

  private let zone: DNSName
  private let id: UInt16
  private let most: Int
  private let keep: (DNSRecord) -> Bool
  private var count = 0

  init(_ zone: DNSName, id: UInt16, most: Int, keep: @escaping (DNSRecord) -> Bool) {
    (self.zone, self.id, self.most, self.keep) = (zone, id, most, keep)
  }

  mutating func take(_ bytes: [UInt8]) throws(TransferFailure) {
    let message: DNSMessage
    do { message = try DNSMessage(parsing: bytes) } catch { throw .malformed("\(error)") }
    guard message.header.id == id, message.header.isResponse else {
      throw .malformed("an answer to another question")
    }
    guard message.responseCode == .noError else { throw .declined(message.responseCode) }
    if message.answers.isEmpty { throw .malformed("a message without records") }
    for record in message.answers {
      if isWhole { throw .malformed("records behind the last") }
      count += 1
      if count > most { throw .tooLarge(most) }
      let isStart = record.data.type == .soa && record.name == zone
      if count == 1, !isStart { throw .malformed("it does not begin with the zone's SOA") }
      isWhole = count > 1 && isStart
      if keep(record), !isWhole { kept.append(record) }
    }
  }
}
