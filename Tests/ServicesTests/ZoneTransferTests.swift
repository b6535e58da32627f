import Testing
import Wire

@testable import Services

/// A zone out of the messages of a transfer (RFC 5936 §2.2).
struct ZoneTransferTests {
  private let zone: DNSName
  private let start: DNSRecord

  init() throws {
    zone = try DNSName("example")
    start = DNSRecord(
      zone, timeToLive: 60,
      .soa(
        DNSAuthority(
          primary: try DNSName("ns.example"), mailbox: try DNSName("admin.example"), serial: 1, refresh: 2,
          retry: 3, expire: 4, minimum: 5)))
  }

  private func record(_ name: String) throws -> DNSRecord {
    DNSRecord(try DNSName(name), timeToLive: 60, .a(try #require(IPAddress("192.0.2.1"))))
  }

  private func message(_ records: [DNSRecord], id: UInt16 = 7, code: UInt8 = 0) -> [UInt8] {
    var header = DNSHeader(id: id)
    header.isResponse = true
    header.responseBits = code
    var message = DNSMessage(header: header)
    message.answers = records
    return message.bytes
  }

  private func reading(most: Int = 100) -> TransferReading {
    TransferReading(zone, id: 7, most: most) { if case .a = $0.data { true } else { false } }
  }

  @Test func recordsOfAllMessagesAreKept() throws {
    var reading = reading()
    try reading.take(message([start, try record("a.example")]))
    #expect(!reading.isWhole)
    try reading.take(message([try record("b.example")]))
    try reading.take(message([start]))
    #expect(reading.isWhole)
    #expect(reading.kept.map(\.name.description) == ["a.example", "b.example"])
  }

  @Test func oneMessageCanHoldAll() throws {
    var reading = reading()
    try reading.take(message([start, try record("a.example"), start]))
    #expect(reading.isWhole && reading.kept.count == 1)
  }

  @Test func whatIsNoTransferIsRefused() throws {
    func failure(_ bytes: [UInt8], most: Int = 100) -> TransferFailure? {
      var reading = reading(most: most)
      do throws(TransferFailure) { try reading.take(bytes) } catch { return error }
      return nil
    }
    let other = try record("a.example")
    #expect(failure(message([], code: 5)) == .declined(.refused))
    #expect(failure(message([], code: 9)) == .declined(.notAuthoritative))
    #expect(failure(message([])) == .malformed("a message without records"))
    #expect(failure(message([other])) == .malformed("it does not begin with the zone's SOA"))
    #expect(failure(message([start], id: 8)) == .malformed("an answer to another question"))
    #expect(failure(message([start, start, other])) == .malformed("records behind the last"))
    #expect(failure(message([start, other, other]), most: 2) == .tooLarge(2))
    #expect(failure([0, 7, 0x80]) != nil)
  }
}
