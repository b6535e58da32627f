import Observations
import Services
import Testing
import Wire

@Suite("Names by way of the resolver")
struct ResolvedNamesTests {
  private func names(_ records: [DNSRecord], zone: String = "city.example") -> NameServers {
    let script = ScriptedNames([.six(53): { question, _ in .zone(zone, records, question) }])
    return NameServers(resolver: Endpoint(.six(53), 53), root: nil, synthetic: [], ask: script.ask)
  }

  @Test("The zone is told by the SOA, its servers by NS, their addresses by A and AAAA")
  func zone() async {
    let servers = names([
      .address("www.city.example", .six(80)), .of("city.example", .ns(.name("ns1.city.example"))),
      .address("ns1.city.example", .six(11)), .address("ns1.city.example", .four(11)),
      .of("alias.city.example", .cname(.name("www.elsewhere.test"))),
    ])
    let found = ZoneOutcome.found(
      Delegation(
        zone: .name("city.example"),
        servers: [NameServer(name: "ns1.city.example", addresses: [.four(11), .six(11)])], source: .resolver))
    #expect(await servers.zone(of: .name("www.city.example")) == found)
    #expect(await servers.zone(of: .name("gone.city.example")) == found)
    #expect(
      await servers.zone(of: .name("alias.city.example")) == found, "an alias says nothing of its own zone")
  }

  @Test("PTR, and what the name leads back to")
  func reverse() async {
    let name = DNSName(reverseOf: .six(80))
    #expect("\(name)" == "0.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
    #expect("\(DNSName(reverseOf: .four(80)))" == "80.2.0.192.in-addr.arpa")
    let servers = names([
      .of("\(name)", .ptr(.name("www.city.example"))), .address("www.city.example", .six(80)),
    ])
    #expect(
      await servers.reverse(.six(80))
        == .pointers([
          Pointer(name: "www.city.example", forward: .answer(addresses: [.six(80)], aliases: []))
        ]))
    #expect(await servers.reverse(.six(81)) == .none)
  }

  @Test("Mail exchangers by preference, the null MX, and none")
  func exchangers() async {
    let servers = names([
      .of("city.example", .mx(preference: 20, exchange: .name("b.city.example"))),
      .of("city.example", .mx(preference: 10, exchange: .name("z.city.example"))),
      .address("b.city.example", .six(25)), .of("quiet.city.example", .mx(preference: 0, exchange: .root)),
      .address("www.city.example", .six(80)),
    ])
    #expect(
      await servers.exchangers("city.example")
        == .exchangers([
          MailExchanger(preference: 10, name: "z.city.example", forward: .nxDomain),
          MailExchanger(
            preference: 20, name: "b.city.example", forward: .answer(addresses: [.six(25)], aliases: [])),
        ]))
    #expect(await servers.exchangers("quiet.city.example") == .null)
    #expect(await servers.exchangers("www.city.example") == .none)
    #expect(await servers.exchangers("gone.city.example") == .none)
  }

  @Test(
    "A DNS64 is found by the name that has only A, whatever the length of its prefix",
    arguments: [
      // RFC 6052 §2.4, with 192.0.0.170 in place of 192.0.2.33.
      ("2001:db8:c000:aa::", "2001:db8::/32"), ("2001:db8:1c0:0:aa::", "2001:db8:100::/40"),
      ("2001:db8:122:c000:0:aa00::", "2001:db8:122::/48"),
      ("2001:db8:122:3c0:0:aa::", "2001:db8:122:300::/56"),
      ("2001:db8:122:344:c0:0:aa00:0", "2001:db8:122:344::/64"), ("64:ff9b::c000:aa", "64:ff9b::/96"),
      ("64:ff9b::c000:ab", "64:ff9b::/96"),
    ])
  func synthesis(address: String, prefix: String) async throws {
    let servers = names(
      [.address("ipv4only.arpa", try #require(IPAddress(address)))], zone: "ipv4only.arpa")
    #expect(await servers.synthesis() == [try #require(Prefix(prefix))])
  }

  @Test("A resolver that makes nothing up is told from one that does")
  func noSynthesis() async {
    #expect(await names([.address("ipv4only.arpa", .four(1))], zone: "ipv4only.arpa").synthesis().isEmpty)
    #expect(await names([.address("ipv4only.arpa", .six(1))], zone: "ipv4only.arpa").synthesis().isEmpty)
  }
}
