import Inventory
import Observations
import Testing
import Wire

@testable import Discovery

@Suite("Which sites are on the network")
struct CoverageTests {
  private func inventory() throws -> Inventory {
    try InventoryReader.read(files: [
      .agencies: Array("agency,name\nx,X\ny,Y\nz,Z\n".utf8),
      .systems: Array("system,name,agency\nportal,Portal,x\n".utf8),
      .hosts: Array(
        "host,agency,system,site,addresses\nweb,x,portal,centre,2001:db8:1::1\nold,x,,branch,\nmail,y,,,2001:db8:2::1\n"
          .utf8),
      .prefixes: Array(
        "prefix,agency,site\n2001:db8:1::/48,x,centre\n2001:db8:2::/48,y,\n2001:db8:2:7::/64,y,hall\n198.18.0.0/24,z,\n"
          .utf8),
    ]).inventory
  }

  private func way(_ prefix: String) throws -> Coverage.Way {
    Coverage.Way(try #require(Prefix(prefix)), "route")
  }

  private func coverage(ways: [String] = [], up: Set<String> = [], seen: [String] = []) throws -> [String] {
    let coverage = Coverage(
      try inventory(), ways: try ways.map { try way($0) }, up: up,
      seen: Set(try seen.map { try #require(IPAddress($0)) }))
    return coverage.sites.map {
      "\($0.agency) \($0.site) \($0.connection.rawValue) \($0.prefixes.count) \($0.ways.count) \($0.hosts) \($0.up.count) \($0.seen) \($0.systems.joined())"
    }
  }

  @Test("Each agency is there, with the prefixes of its sites; an IPv4 prefix is none")
  func registered() throws {
    #expect(
      try coverage() == [
        "x branch none 0 0 1 0 0 ", "x centre registered 1 0 1 0 0 ", "y  registered 1 0 1 0 0 ",
        "y hall registered 1 0 0 0 0 ", "z  none 0 0 0 0 0 ",
      ])
  }

  @Test("A way of its own is one, longer or shorter than the prefix; the default route is none")
  func routed() throws {
    let sites = try coverage(ways: ["::/0", "2001:db8:1:4::/64", "2001:db8:2::/47"])
    #expect(sites[1] == "x centre routed 1 1 1 0 0 ")
    #expect(sites[2] == "y  routed 1 1 1 0 0 " && sites[3] == "y hall routed 1 1 0 0 0 ")
    #expect(sites[0] == "x branch none 0 0 1 0 0 ")
  }

  @Test(
    "Who answered or was seen is connected, with the systems; an address counts for the most specific prefix")
  func connected() throws {
    let sites = try coverage(up: ["web"], seen: ["2001:db8:2:7::9", "2001:db8:9::1"])
    #expect(sites[1] == "x centre connected 1 0 1 1 0 portal")
    #expect(sites[2] == "y  registered 1 0 1 0 0 " && sites[3] == "y hall connected 1 0 0 0 1 ")
  }
}
