import SeededRandom
import Testing

@testable import Wire

@Suite("DNS messages")
struct DNSMessageTests {
  @Test("a query is what dig sends, but for id, flags and cookie")
  func query() throws {
    var theirs = try DNSMessage(parsing: DNSVectors.aQuery)
    let ours = DNSMessage(
      asking: DNSQuestion(try DNSName("portal.city.example"), .aaaa), id: 0xb72e, recursive: true)
    theirs.header.authenticData = false
    #expect(theirs.extended?.options.count == 12)
    theirs.extended?.options = []
    #expect(ours == theirs)
    #expect(
      ours.bytes.count == DNSVectors.aQuery.count - 12, "dig's cookie option is twelve bytes, all else equal")
  }

  @Test("addresses, name servers and glue are read")
  func addresses() throws {
    let message = try DNSMessage(parsing: DNSVectors.addresses)
    let owner = try DNSName("portal.city.example")
    #expect(message.header.isResponse && message.header.isAuthoritative && !message.header.isTruncated)
    #expect(message.responseCode == .noError)
    #expect(message.questions == [DNSQuestion(owner, .aaaa)])
    let expected = ["2001:db8:185::80", "2001:db8:185::81"].compactMap(IPAddress.init)
    #expect(message.answers == expected.map { DNSRecord(owner, timeToLive: 300, .aaaa($0)) })
    #expect(
      message.authorities.map(\.data) == [
        .ns(try DNSName("ns1.city.example")), .ns(try DNSName("ns2.city.example")),
      ])
    #expect(message.additionals.map(\.data.type) == [.aaaa, .aaaa, .a])
    #expect(message.extended == DNSExtension())
  }

  @Test("aliases, mail servers, authority and DNAME are read through compressed data")
  func compressedData() throws {
    let chain = try DNSMessage(parsing: DNSVectors.chain)
    #expect(
      chain.answers.prefix(2).map(\.data) == [
        .cname(try DNSName("www.city.example")), .cname(try DNSName("portal.city.example")),
      ])
    let mail = try DNSMessage(parsing: DNSVectors.mx)
    #expect(
      mail.answers.map(\.data) == [
        .mx(preference: 10, exchange: try DNSName("mail.city.example")),
        .mx(preference: 20, exchange: try DNSName("mail2.city.example")),
      ])
    let soa = try DNSMessage(parsing: DNSVectors.soa)
    #expect(
      soa.answers.map(\.data) == [
        .soa(
          DNSAuthority(
            primary: try DNSName("ns1.city.example"), mailbox: try DNSName("hostmaster.city.example"),
            serial: 2_026_112_401, refresh: 3600, retry: 900, expire: 604_800, minimum: 300))
      ])
    let dname = try DNSMessage(parsing: DNSVectors.dname)
    #expect(
      dname.answers.map(\.data) == [
        .dname(try DNSName("portal.city.example")), .cname(try DNSName("x.portal.city.example")),
      ])
  }

  @Test(
    "response codes",
    arguments: [
      (DNSVectors.nxDomain, DNSResponseCode.nameError, "NXDOMAIN"),
      (DNSVectors.noData, .noError, "NOERROR"),
      (DNSVectors.refused, .refused, "REFUSED"),
    ])
  func codes(_ bytes: [UInt8], _ code: DNSResponseCode, _ text: String) throws {
    #expect(try DNSMessage(parsing: bytes).responseCode == code)
    #expect(code.description == text)
  }

  @Test("EDNS adds the upper bits of the response code (RFC 6891 §6.1.3)")
  func extendedCode() throws {
    var message = DNSMessage(header: DNSHeader(id: 1))
    message.extended = DNSExtension()
    message.extended?.responseBits = 1
    #expect(try DNSMessage(parsing: message.bytes).responseCode == .badVersion)
  }

  @Test("unknown types and classes are kept as they came (RFC 3597)")
  func unknown() throws {
    let message = try DNSMessage(parsing: DNSVectors.chaos)
    #expect(message.answers.first?.recordClass == 3)
    #expect(message.answers.first?.data.type.description == "TYPE16")
  }

  @Test("what is read is written again with the same meaning")
  func roundTrip() throws {
    for vector in DNSVectors.all {
      let message = try DNSMessage(parsing: vector)
      #expect(try DNSMessage(parsing: message.bytes) == message)
    }
  }

  @Test("a message cut anywhere is refused, its head is read as long as it is there")
  func cut() throws {
    for vector in DNSVectors.all {
      for length in 0..<vector.count {
        #expect(throws: DNSError.self, "\(length) of \(vector.count)") {
          try DNSMessage(parsing: Array(vector.prefix(length)))
        }
      }
    }
    let head = try DNSMessage(parsingHeadOf: Array(DNSVectors.addresses.prefix(37)))
    #expect(head.questions == [DNSQuestion(try DNSName("portal.city.example"), .aaaa)])
  }

  @Test(
    "data that does not fit its type is refused",
    arguments: [
      ("an A record of five bytes", "0001 0005 c000020100"),
      ("an AAAA record of four bytes", "001c 0004 20010db8"),
      ("an alias that stops inside its data", "0005 0004 016100 00"),
      ("an alias that reaches beyond its data", "0005 0002 016100"),
      ("an MX without a name", "000f 0002 000a"),
    ])
  func data(_ name: String, _ record: String) throws {
    let fields = DNSVectors.bytes(record)
    let head: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    let bytes = head + fields.prefix(2) + [0, 1, 0, 0, 0, 0] + fields.dropFirst(2)
    #expect(throws: DNSError.self, "\(name)") { try DNSMessage(parsing: bytes) }
  }

  @Test("two OPT records are refused")
  func twoExtensions() throws {
    var message = DNSMessage(header: DNSHeader(id: 1))
    message.extended = DNSExtension()
    var bytes = message.bytes
    bytes += bytes.dropFirst(12)
    bytes[11] = 2
    #expect(throws: DNSError.repeatedOPT) { try DNSMessage(parsing: bytes) }
  }

  @Test("twenty thousand mutated messages are read or refused, and never crash")
  func mutations() {
    var random = SplitMix64(seed: 20_261_124)
    var read = 0
    for round in 0..<20_000 {
      var bytes = DNSVectors.all[round % DNSVectors.all.count]
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<20, using: &random)))
        default: bytes.insert(UInt8.random(in: 0xc0...0xff, using: &random), at: place)
        }
      }
      if let message = try? DNSMessage(parsing: bytes) {
        read += 1
        #expect((try? DNSMessage(parsing: message.bytes)) == message)
      }
    }
    #expect((1..<20_000).contains(read), "mutations that all pass or all fail test nothing")
  }
}
