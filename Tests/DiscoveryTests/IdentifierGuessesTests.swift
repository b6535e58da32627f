import Testing
import Wire

@testable import Discovery

@Suite("Likely addresses")
struct IdentifierGuessesTests {
  private func pattern(of text: String, _ change: (inout PatternKnowledge) -> Void = { _ in }) throws
    -> IdentifierPattern?
  {
    var knowledge = PatternKnowledge()
    change(&knowledge)
    let address = try #require(IPAddress(text))
    return IdentifierGuesses(knowledge).identifiers.first { $0.identifier == address.low }?.pattern
  }

  @Test("The examples of RFC 7707 §4.1.1 are among them, each by its pattern")
  func examples() throws {
    #expect(try pattern(of: "2001:db8::1") == .lowByte)
    #expect(try pattern(of: "2001:db8::1fe") == .lowByte)
    #expect(try pattern(of: "2001:db8::443") == .servicePort)
    #expect(try pattern(of: "2001:db8::1:443") == .servicePort)
    #expect(try pattern(of: "2001:db8::dead:beef") == .word)
    let four = try #require(IPAddress("192.0.2.131"))
    for text in ["2001:db8::192.0.2.131", "2001:db8::192:0:2:131", "2001:db8::c0:0:2:83"] {
      #expect(try pattern(of: text) == nil)
      #expect(try pattern(of: text) { $0.ipv4 = [four] } == .embeddedIPv4)
    }
    // A vendor's interface beside one that was heard.
    let mac = try #require(MACAddress("00:00:5e:00:53:11"))
    #expect(try pattern(of: "2001:db8::200:5eff:fe00:5320") { $0.interfaces = [mac] } == .interface)
    let known = try #require(IPAddress("2001:db8::abcd:1234:5678:9abc"))
    #expect(try pattern(of: "2001:db8::abcd:1234:5678:9abe") { $0.ipv6 = [known] } == .neighbour)
  }

  @Test("They are bounded, each is there once, and no prefix but a /64 has any")
  func bounds() throws {
    var knowledge = PatternKnowledge()
    knowledge.ipv4 = (0..<10_000).map { IPAddress(ipv4: 0xc612_0000 | UInt32($0)) }
    knowledge.interfaces = (0..<1_000).map { MACAddress(bits: 0x5e00_5300 + UInt64($0) * 1000) }
    let patterns = IdentifierGuesses(knowledge)
    #expect(patterns.identifiers.count == IdentifierGuesses.Limits().most)
    #expect(Set(patterns.identifiers.map(\.identifier)).count == patterns.identifiers.count)
    #expect(!patterns.identifiers.contains { $0.identifier == 0 })
    let small = IdentifierGuesses(PatternKnowledge())
    #expect(small.addresses(in: try #require(Prefix("2001:db8::/48"))).isEmpty)
    #expect(small.addresses(in: try #require(Prefix("2001:db8::/64"))).count == small.identifiers.count)
    #expect(small.identifiers.count < 1_000)
  }

  @Test("An interface's identifier is that of RFC 4291 appendix A")
  func identifier() throws {
    let mac = try #require(MACAddress("34:56:78:9a:bc:de"))
    #expect(IdentifierGuesses.identifier(of: mac) == 0x3656_78ff_fe9a_bcde)
  }
}
