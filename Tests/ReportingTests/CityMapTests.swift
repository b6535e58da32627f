import Foundation
import Inventory
import Observations
import Readiness
import Testing
import Wire

@testable import Reporting

/// The page with agencies, systems and hosts.
struct CityMapTests {
  private func inventory(agencies: Int, name: String = "Cơ quan") -> Inventory {
    var inventory = Inventory()
    for number in 0..<agencies {
      inventory.agencies.append(Agency(id: "a\(number)", name: "\(name) \(number)"))
      inventory.systems.append(
        System(id: "s\(number)", name: "Cổng <\(number)>", agency: "a\(number)", kind: .other))
      for host in 0..<3 {
        inventory.hosts.append(Host(id: "h\(number)-\(host)", agency: "a\(number)", system: "s\(number)"))
      }
    }
    return inventory
  }

  private func page(_ inventory: Inventory, seen: Set<IPAddress> = []) -> String {
    let map = CityMap(
      inventory, judgement: nil, seen: seen, language: .en, made: Timestamp(seconds: 1_795_000_000))
    return String(decoding: map.html, as: UTF8.self)
  }

  @Test func textIsTextWhateverItHolds() {
    let page = page(inventory(agencies: 1, name: "<script>alert(\"1\")</script>&'\u{202e}"))
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\\u{202e} 0"))
    #expect(page.contains("Cổng &lt;0&gt;"))
  }

  @Test func everyAgencyAndHostIsThereOnce() {
    let page = page(inventory(agencies: 1000))
    #expect(page.components(separatedBy: "<section ").count == 1001)
    #expect(page.components(separatedBy: "<a class=").count == 1001)
    #expect(page.components(separatedBy: "<i class=unmeasured title=").count == 3001)
    #expect(page.utf8.count < 2_000_000)
  }

  @Test(arguments: [
    ("2001:db8::/48", 0, 0), ("2001:db8::/48", 1, 2), ("2001:db8::/48", 256, 50),
    ("2001:db8::/48", 65_536, 100),
    ("2001:db8::/64", 1, 100), ("2001:db8::/32", 3, 3),
  ])
  func barsAreAsLongAsTheBitsThatAreUsed(prefix: String, used: Int, percent: Int) throws {
    #expect(PrefixUse(prefix: try #require(Prefix(prefix)), used: used).percent == percent)
  }

  @Test func aSubnetCountsOnceAndForTheMostSpecificPrefix() throws {
    var inventory = inventory(agencies: 2)
    inventory.prefixes = [
      PrefixRule(prefix: try #require(Prefix("2001:db8::/32")), agency: "a0"),
      PrefixRule(prefix: try #require(Prefix("2001:db8:1::/48")), agency: "a1"),
    ]
    inventory.hosts[0].addresses = [try #require(IPAddress("2001:db8:7::1"))]
    let seen = Set(
      try ["2001:db8:7::2", "2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.1"].map {
        try #require(IPAddress($0))
      })
    let use = PrefixUse.byAgency(inventory, seen: seen)
    #expect(use["a0"]?.map(\.used) == [1] && use["a1"]?.map(\.used) == [2])
    #expect(page(inventory, seen: seen).contains("2 of 65536 subnets in use"))
  }
}
