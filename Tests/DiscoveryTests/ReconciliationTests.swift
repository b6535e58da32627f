import Inventory
import Observations
import Testing
import Wire

@testable import Discovery

@Suite("What is declared beside what was observed")
struct ReconciliationTests {
  private static let now = Timestamp(seconds: 1_795_000_000)

  private func inventory(_ hosts: String, prefixes: String = "") throws -> Inventory {
    var files: [InventoryFile: [UInt8]] = [.hosts: Array(("host,agency,names,addresses,mac\n" + hosts).utf8)]
    if !prefixes.isEmpty { files[.prefixes] = Array(("prefix,agency\n" + prefixes).utf8) }
    return try InventoryReader.read(files: files).inventory
  }

  private func seen(_ addresses: String..., change: (inout ObservedHost) -> Void = { _ in }) -> ObservedHost {
    var host = ObservedHost(addresses: addresses.compactMap { IPAddress($0) }, lastSeen: Self.now)
    change(&host)
    return host
  }

  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  @Test("What is as declared makes no difference")
  func same() throws {
    let inventory = try inventory(
      "web,x,www.example,2001:db8::1 198.18.0.1,00:00:5e:00:53:01\n",
      prefixes: "2001:db8::/32,x\n198.18.0.0/15,x\n")
    let observed = seen("198.18.0.1", "2001:db8::1", "fe80::1") {
      $0.names = ["www.example"]
      $0.interfaces = [MACAddress("00:00:5e:00:53:01")!]
    }
    #expect(Reconciliation(inventory, observed: [observed]).differences == [])
  }

  @Test("Addresses, names and interfaces that are others, and hosts that nobody saw")
  func others() throws {
    let inventory = try inventory(
      "web,x,www.example,2001:db8::1 198.18.0.1,00:00:5e:00:53:01\nold,x,,2001:db8::9,\nbare,x,only.example,,\n"
    )
    let observed = seen("2001:db8::1", "2001:db8::2") {
      $0.names = ["new.example", "www.example"]
      $0.interfaces = [MACAddress("00:00:5e:00:53:02")!]
    }
    #expect(
      Reconciliation(inventory, observed: [observed]).differences == [
        .neverSeen(host: "old"),
        .addresses(host: "web", more: [try address("2001:db8::2")], missing: [try address("198.18.0.1")]),
        .interface(
          host: "web", declared: try #require(MACAddress("00:00:5e:00:53:01")),
          observed: [try #require(MACAddress("00:00:5e:00:53:02"))]),
        .names(host: "web", more: ["new.example"]),
      ])
  }

  @Test("A host that has moved is known again by its interface")
  func moved() throws {
    let inventory = try inventory("web,x,,2001:db8::1,00:00:5e:00:53:01\n")
    let observed = seen("2001:db8::77") { $0.interfaces = [MACAddress("00:00:5e:00:53:01")!] }
    #expect(
      Reconciliation(inventory, observed: [observed]).differences
        == [
          .addresses(host: "web", more: [try address("2001:db8::77")], missing: [try address("2001:db8::1")])
        ])
  }

  @Test("What is not declared is proposed with its agency, and temporary addresses are not")
  func undeclared() throws {
    let inventory = try inventory(
      "h.example,x,,2001:db8:1::1,\ng,y,,,\n", prefixes: "2001:db8:1::/48,x\n2001:db8:2::/48,y\n")
    let drawn = try address("2001:db8:2::1a2b:3c4d:5e6f:7081")
    let new = seen("2001:db8:2::5", "2001:db8:2::1a2b:3c4d:5e6f:7081") { $0.names = ["h.example"] }
    let visitor = seen("2001:db8:2::1a2b:3c4d:5e6f:7081")
    let lost = seen("2001:db8:3::1")
    let differences = Reconciliation(
      inventory, observed: [new, visitor, lost, seen("2001:db8:1::1")], isNoise: { $0 == drawn }
    )
    .differences
    #expect(
      differences == [
        .undeclared(
          new,
          proposed: Host(
            id: "h.example-2", agency: "y", names: ["h.example"], addresses: [try address("2001:db8:2::5")])),
        .undeclared(
          lost, proposed: Host(id: "2001-db8-3--1", agency: "", addresses: [try address("2001:db8:3::1")])),
        .unregistered(try #require(Prefix("2001:db8:3::/64")), addresses: 1),
      ])
  }

  @Test("Names behind one front end are no changes of each other")
  func shared() throws {
    let inventory = try inventory("a,x,a.example,2001:db8::1,\nb,x,b.example,2001:db8::1 2001:db8::2,\n")
    let front = seen("2001:db8::1", "2001:db8::2", "2001:db8::3") { $0.names = ["a.example", "b.example"] }
    #expect(Reconciliation(inventory, observed: [front]).differences == [.shared(front, hosts: ["a", "b"])])
  }
}
