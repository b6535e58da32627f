import Inventory
import Testing
import Wire

@Suite("The plan of prefixes")
struct PrefixPlanTests {
  private func findings(_ prefixes: String, _ hosts: String) throws -> [String] {
    let files: [InventoryFile: [UInt8]] = [
      .hosts: Array(("host,agency,site,addresses\n" + hosts).utf8),
      .prefixes: Array(("prefix,agency,site,rule\n" + prefixes).utf8),
    ]
    return PrefixPlan(try InventoryReader.read(files: files).inventory).findings.map(\.description)
  }

  @Test("A plan as it should be has nothing to say")
  func clean() throws {
    #expect(
      try findings(
        "2001:db8:1::/48,a,hq,\n2001:db8:1:ff::/64,a,hq,exclude\n198.18.0.0/15,a,,\n",
        "h1,a,hq,2001:db8:1::1 198.18.0.1\nh2,a,,fe80::1\n") == [])
  }

  @Test("Each finding, by the words that say it")
  func all() throws {
    #expect(
      try findings(
        "2001:db8::/32,a,,\n2001:db8:1::/48,b,hq,\n2001:db8:2::/50,a,,\n2001:db8:3::/96,,,\n",
        "h1,a,,2001:db8:1::5\nh2,b,annex,2001:db8:1::6\nh3,c,,2001:db8:4::7\nh4,b,hq,2001:db8:9::1\n") == [
          "prefix 2001:db8:1::/48: it belongs to b and lies inside 2001:db8::/32 of a",
          "prefix 2001:db8:2::/50 of a: its length is no multiple of 4, so that no zone of ip6.arpa ends there",
          "prefix 2001:db8:3::/96: it is longer than a /64, in which no host can make itself an address",
          "agency c: it has hosts and no IPv6 prefix",
          "site annex of b: no /48 is registered for it",
          "host h1: 2001:db8:1::5 is outside the prefixes of a",
          "host h4: 2001:db8:9::1 is outside the prefixes of b",
        ])
  }
}
