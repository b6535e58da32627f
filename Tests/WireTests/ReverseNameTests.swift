import Testing
import Wire

/// Names of reverse zones.
struct ReverseNameTests {
  @Test(arguments: [
    "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "192.0.2.1", "198.19.255.254",
  ])
  func theyLeadBack(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(IPAddress.ofReverseName(DNSName(reverseOf: address).description) == address)
  }

  /// RFC 3596 §2.5.
  @Test func theExampleOfTheRFC() {
    let name = "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa"
    #expect(IPAddress.ofReverseName(name) == IPAddress("4321:0:1:2:3:4:567:89ab"))
  }

  @Test(arguments: [
    "", "ip6.arpa", "1.ip6.arpa", "2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa.example",
    "256.2.0.192.in-addr.arpa",
    "bb.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
    "g.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
  ])
  func othersAreNoAddress(name: String) { #expect(IPAddress.ofReverseName(name) == nil) }
}
