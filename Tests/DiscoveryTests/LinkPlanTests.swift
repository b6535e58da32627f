import Observations
import PacketIO
import Testing
import Wire

@testable import Discovery

@Suite("What is asked of a link")
struct LinkPlanTests {
  private func own(_ address: String, _ length: Int) throws -> InterfaceAddress {
    InterfaceAddress(interface: 2, address: try #require(IPAddress(address)), prefixLength: length)
  }

  private func scope(_ prefixes: String...) throws -> Scope {
    Scope(try prefixes.map { (prefix: try #require(Prefix($0)), rule: ScopeRule.allow) })
  }

  private func targets(_ plan: LinkPlan) -> [String] {
    plan.questions.compactMap {
      switch $0 {
      case .arp(let target), .neighbour(let target): target.description
      case .allNodes, .unknownOption, .listeners: nil
      }
    }
  }

  @Test("Every other address of an IPv4 network that the scope allows, once, and not its ends")
  func arp() throws {
    let plan = LinkPlan(
      [try own("198.18.0.1", 29), try own("198.18.0.2", 29)],
      scope: try scope("198.18.0.0/30", "198.18.0.6/32"),
      known: [], asksListeners: false, identifier: 1)
    #expect(targets(plan) == ["198.18.0.3", "198.18.0.6"])
    #expect(plan.questions.count == 4 && plan.tooLarge.isEmpty)
  }

  @Test("A network that is too large is named and not asked")
  func tooLarge() throws {
    let plan = LinkPlan(
      [try own("198.18.0.1", 16)], scope: try scope("198.18.0.0/15"), known: [], asksListeners: true,
      identifier: 1)
    let network = try #require(Prefix("198.18.0.0/16"))
    #expect(targets(plan).isEmpty && plan.tooLarge == [network])
    #expect(plan.questions.contains(.listeners(delay: 1000)))
  }

  @Test("Known IPv6 addresses of the link, in the scope; no others, and no whole subnet")
  func neighbours() throws {
    let known = try ["2001:db8:1::5", "2001:db8:1::6", "2001:db8:2::5", "198.18.0.9"].map {
      try #require(IPAddress($0))
    }
    let plan = LinkPlan(
      [try own("2001:db8:1::1", 64), try own("fe80::1", 64)],
      scope: try scope("2001:db8:1::5/128", "2001:db8:2::/48"),
      known: known + known, asksListeners: false, identifier: 1)
    #expect(targets(plan) == ["2001:db8:1::5"])
    // All nodes are asked from the address of the prefix as well: they answer from one of the same scope.
    let own = try #require(IPAddress("2001:db8:1::1"))
    #expect(plan.questions.contains(.allNodes(from: own, identifier: 1, sequence: 2)))
    #expect(plan.questions.contains(.allNodes(identifier: 1, sequence: 1)))
  }

  @Test("Stations that were heard are asked for the address that their interface makes, in the scope")
  func heard() throws {
    let known = try #require(IPAddress("2001:db8:1::200:5eff:fe00:5302"))
    let plan = LinkPlan(
      [try own("2001:db8:1::1", 64), try own("2001:db8:2::1", 64), try own("fe80::1", 64)],
      scope: try scope("2001:db8:1::/64"), known: [known], asksListeners: false, identifier: 1)
    let heard = try ["00:00:5e:00:53:01", "00:00:5e:00:53:02", "00:00:5e:00:53:01"].map {
      try #require(MACAddress($0))
    }
    let target = try #require(IPAddress("2001:db8:1::200:5eff:fe00:5301"))
    #expect(plan.questions(for: heard) == [.neighbour(target)])
  }
}
