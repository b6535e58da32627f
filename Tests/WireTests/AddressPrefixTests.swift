import Testing
import Wire

@Suite("Prefixes")
struct AddressPrefixTests {
  @Test(
    "are read and printed alike",
    arguments: [
      "::/0", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1/128", "192.0.2.0/24", "192.0.2.1/32", "8000::/1",
    ])
  func roundTrip(text: String) throws {
    #expect(try #require(Prefix(text)).description == text)
  }

  @Test(
    "are refused with host bits, without a length, or with one that cannot be",
    arguments: [
      "2001:db8::1/32", "192.0.2.1/24", "::1/0", "8000::/0", "2001:db8::", "2001:db8::/", "2001:db8::/129",
      "192.0.2.0/33", "2001:db8::/032", "2001:db8::/+32", "2001:db8::/-1", "2001:db8::/ 32", "/32",
      "2001:db8::/32/32", "2001:db8::%1/32", "192.0.2/24", "2001:db8::/99999999999999999999",
    ])
  func refused(text: String) {
    #expect(Prefix(text) == nil)
  }

  @Test("tell host bits from what is no prefix at all")
  func parts() throws {
    let parts = try #require(Prefix.parts(of: "2001:db8::1/32"))
    #expect(parts.address.description == "2001:db8::1")
    #expect(parts.length == 32)
    #expect(Prefix(parts.address, length: parts.length).description == "2001:db8::/32")
    #expect(Prefix.parts(of: "2001:db8::1") == nil)
  }

  @Test(
    "hold their first and last address and no neighbour",
    arguments: [
      (
        "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::",
        "2001:db9::"
      ),
      ("2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", "2001:db7::", "2001:db8:0:1::"),
      ("2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", "2001:db7::", "2001:db8::8000:0:0:0"),
      ("2001:db8::8/127", "2001:db8::8", "2001:db8::9", "2001:db8::7", "2001:db8::a"),
      ("192.0.2.128/25", "192.0.2.128", "192.0.2.255", "192.0.2.127", "192.0.3.0"),
      ("192.0.2.9/32", "192.0.2.9", "192.0.2.9", "192.0.2.8", "192.0.2.10"),
    ])
  func edges(text: String, first: String, last: String, before: String, after: String) throws {
    let prefix = try #require(Prefix(text))
    for inside in [first, last] { #expect(try prefix.contains(#require(IPAddress(inside)))) }
    for outside in [before, after] { #expect(try !prefix.contains(#require(IPAddress(outside)))) }
  }

  @Test("of one family never hold an address of the other")
  func families() throws {
    let all6 = try #require(Prefix("::/0"))
    let all4 = try #require(Prefix("0.0.0.0/0"))
    #expect(try !all6.contains(#require(IPAddress("0.0.0.0"))))
    #expect(try !all4.contains(#require(IPAddress("::"))))
    #expect(!all6.contains(all4))
    #expect(all6.contains(all6))
  }

  @Test("that are wider hold those that are narrower, and sort before them")
  func nesting() throws {
    let wide = try #require(Prefix("2001:db8::/32"))
    let narrow = try #require(Prefix("2001:db8::/48"))
    #expect(wide.contains(narrow))
    #expect(!narrow.contains(wide))
    #expect(wide < narrow)
  }
}
