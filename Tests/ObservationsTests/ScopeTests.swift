import Observations
import Testing
import Wire

@Suite("Scope")
struct ScopeTests {
  private static let rules: [(String, ScopeRule)] = [
    ("2001:db8::/32", .allow),
    ("2001:db8:5::/48", .exclude),
    ("2001:db8:5:1::/64", .allow),
    ("2001:db8:5:1::53/128", .exclude),
    ("198.18.0.0/15", .allow),
    ("198.18.7.0/24", .exclude),
    ("203.0.113.9/32", .allow),
  ]

  private static func scope(_ rules: [(String, ScopeRule)]) -> Scope {
    Scope(rules.compactMap { text, rule in Prefix(text).map { ($0, rule) } })
  }

  @Test(
    "lets the most specific rule decide",
    arguments: [
      ("2001:db8::1", true), ("2001:db8:5::1", false), ("2001:db8:5:1::1", true), ("2001:db8:5:1::53", false),
      ("2001:db8:5:1::54", true), ("2001:db8:5:2::1", false), ("2001:db9::1", false), ("::", false),
      ("198.18.0.1", true), ("198.18.7.1", false), ("198.19.255.255", true), ("198.20.0.0", false),
      ("203.0.113.9", true), ("203.0.113.8", false), ("::ffff:198.18.0.1", false),
    ])
  func mostSpecific(text: String, isAllowed: Bool) throws {
    #expect(try Self.scope(Self.rules).allows(#require(IPAddress(text))) == isAllowed)
  }

  @Test("does not depend on the order of its rules")
  func order() throws {
    let address = try #require(IPAddress("2001:db8:5:1::1"))
    for _ in 0..<20 { #expect(Self.scope(Self.rules.shuffled()).allows(address)) }
  }

  @Test(
    "excludes on a tie, whichever rule comes first",
    arguments: [[ScopeRule.allow, .exclude], [.exclude, .allow]])
  func tie(rules: [ScopeRule]) throws {
    let scope = Self.scope(rules.map { ("2001:db8::/32", $0) })
    #expect(try !scope.allows(#require(IPAddress("2001:db8::1"))))
  }

  @Test("without rules allows nothing")
  func empty() throws {
    for text in ["2001:db8::1", "198.18.0.1"] { #expect(try !Scope().allows(#require(IPAddress(text)))) }
  }

  @Test("of everything allows everything of that family only")
  func everything() throws {
    let scope = Self.scope([("::/0", .allow)])
    #expect(try scope.allows(#require(IPAddress("2001:db8::1"))))
    #expect(try !scope.allows(#require(IPAddress("198.18.0.1"))))
  }
}
