import Observations
import Testing
import Wire

@testable import Discovery

@Suite("What routers tell by SNMP")
struct RouterTablesTests {
  /// As `snmpbulkwalk -m "" -On -OU -Ox -Oe` prints it.
  private static let text = """
    .1.3.6.1.2.1.1.5.0 = STRING: "rtr-\\"1\\""
    .1.3.6.1.6.3.10.2.1.1.0 = Hex-STRING: 80 00 1F 88 80 01 02 03 04 05 06 07 08 09 0A 0B\u{20}
    0C 0D\u{20}
    .1.3.6.1.2.1.31.1.1.1.1.1 = STRING: "lo"
    .1.3.6.1.2.1.31.1.1.1.1.2 = STRING: "eth0"
    .1.3.6.1.2.1.4.34.1.3.1.4.127.0.0.1 = INTEGER: 1
    .1.3.6.1.2.1.4.34.1.3.1.4.198.18.0.1 = INTEGER: 2
    .1.3.6.1.2.1.4.34.1.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1 = INTEGER: 2
    .1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.7 = Hex-STRING: 00 00 5E 00 53 07\u{20}
    .1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.8 = Hex-STRING: 00 00 5E 00 53 08\u{20}
    .1.3.6.1.2.1.4.35.1.4.2.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.7 = Hex-STRING: 00 00 5E 00 53 07\u{20}
    .1.3.6.1.2.1.4.35.1.4.2.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.2 = Hex-STRING: 00 00 5E 00 53 07\u{20}
    .1.3.6.1.2.1.4.35.1.6.2.1.4.198.18.0.8 = INTEGER: 2
    .1.3.6.1.2.1.4.22.1.2.2.198.18.0.9 = Hex-STRING: 00 00 5E 00 53 09\u{20}
    .1.3.6.1.2.1.4.22.1.4.2.198.18.0.9 = INTEGER: 3
    .1.3.6.1.2.1.17.1.4.1.2.5 = INTEGER: 12
    .1.3.6.1.2.1.17.4.3.1.2.0.0.94.0.83.7 = INTEGER: 5
    .1.3.6.1.2.1.4.24.7.1.7.2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.3.0.0.2.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1 = INTEGER: 2
    .1.3.6.1.2.1.4.24.7.1.7.1.4.198.18.0.0.24.2.0.0.1.4.0.0.0.0 = INTEGER: 2
    .1.3.6.1.2.1.17.7.1.2.2.1.2 = No Such Instance currently exists at this OID

    """

  @Test("Tables as an agent gives them")
  func tables() throws {
    let tables = RouterTables(SNMPOutput(Self.text))
    #expect(tables.name == "rtr-\"1\"")
    #expect(tables.engine == "80001f8880010203040506070809" + "0a0b0c0d")
    #expect(tables.addresses.map(\.description) == ["198.18.0.1", "2001:db8::1"])
    #expect(
      tables.neighbours.map { "\($0.address) \($0.mac) \($0.port)" } == [
        "198.18.0.7 00:00:5e:00:53:07 eth0", "198.18.0.9 00:00:5e:00:53:09 eth0",
        "2001:db8::7 00:00:5e:00:53:07 eth0", "fe80::7 00:00:5e:00:53:07 eth0",
      ])
    #expect(tables.bridged.map { "\($0.key) \($0.value)" } == ["00:00:5e:00:53:07 12"])
    #expect(
      tables.routes.map { "\($0.destination) \($0.gateway?.description ?? "-") \($0.port)" } == [
        "198.18.0.0/24 - eth0", "2001:db8:1::/48 fe80::1 eth0",
      ])
  }

  @Test("Addresses of one interface are one host's, and the router's own are its")
  func joined() throws {
    let router = try #require(IPAddress("2001:db8::1"))
    let traits = RouterTables(SNMPOutput(Self.text)).traits(of: router, at: Timestamp(seconds: 1))
    let observed = ObservedHosts(traits)
    #expect(
      observed.hosts.map { $0.addresses.map(\.description) } == [
        ["198.18.0.1", "2001:db8::1"], ["198.18.0.7", "2001:db8::7", "fe80::7"], ["198.18.0.9"],
      ])
    #expect(observed.hosts[1].attachments == ["2001:db8::1/12"])
    #expect(observed.ways.map(\.prefix.description) == ["198.18.0.0/24", "2001:db8:1::/48"])
  }

  @Test("Whatever is printed is read, and what makes no sense is left out")
  func nonsense() {
    for text in [
      "", "\n", "Timeout: No Response", ".1.3 = ", ".1.3", ".1.a = INTEGER: 1", "..1 = INTEGER: 1",
      ".1.3 = INTEGER: x",
      ".1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0 = Hex-STRING: 00 00 5E 00 53 07",
      ".1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.700 = Hex-STRING: 00 00 5E 00 53 07",
      ".1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.7 = Hex-STRING: 01 00 5E 00 53 07",
      ".1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.7 = Hex-STRING: 00 00 5E",
      ".1.3.6.1.2.1.4.24.7.1.7.2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.200.3.0.0.2 = INTEGER: 2",
      ".1.3.6.1.2.1.4.24.7.1.7.1.4.198.18.0.0.24.4294967295.0.0 = INTEGER: 2",
      ".99999999999.1 = INTEGER: 1",
    ] {
      let tables = RouterTables(SNMPOutput(text))
      #expect(tables.neighbours.isEmpty && tables.routes.isEmpty && tables.name == nil, "\(text)")
    }
  }
}
