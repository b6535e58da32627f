import Inventory
import Observations
import Testing
import Wire

@testable import Discovery

@Suite("Hosts out of what was seen of addresses")
struct ObservedHostsTests {
  private static let now = Timestamp(seconds: 1_795_000_000)

  private func trait(_ address: String, _ kind: ObservedTrait.Kind, _ value: String = "", days: Int64 = 0)
    throws
    -> ObservedTrait
  {
    let time = Timestamp(seconds: 1_795_000_000 - days * 86_400)
    return ObservedTrait(
      try #require(IPAddress(address)), kind, value, source: "test", firstSeen: time, lastSeen: time)
  }

  @Test("An interface joins addresses; what is known of them comes together")
  func joined() throws {
    let observed = ObservedHosts([
      try trait("2001:db8::1", .interface, "00:00:5e:00:53:01 eth0"),
      try trait("198.18.0.1", .interface, "00:00:5e:00:53:01 eth0", days: 3),
      try trait("198.18.0.1", .service, "tcp/443"), try trait("198.18.0.1", .service, "udp/9999"),
      try trait("2001:db8::1", .pointer, "WWW.example"), try trait("2001:db8::2", .present),
    ])
    #expect(observed.hosts.count == 2)
    let host = try #require(observed.hosts.first { $0.addresses.count == 2 })
    #expect(host.names == ["www.example"])
    #expect(host.interfaces.map(\.description) == ["00:00:5e:00:53:01"])
    #expect(host.services.map(\.description) == ["https", "udp:9999"])
    #expect(host.lastSeen == Self.now)
  }

  @Test("A name joins only if it leads there and back, and with a key")
  func confirmed() throws {
    func hosts(_ further: [ObservedTrait]) throws -> Int {
      ObservedHosts(
        [
          try trait("2001:db8::1", .tlsKey, "443 k"), try trait("198.18.0.1", .tlsKey, "443 k"),
          try trait("2001:db8::1", .pointer, "www.example"), try trait("198.18.0.1", .pointer, "www.example"),
        ] + further
      ).hosts.count
    }
    #expect(try hosts([]) == 2, "a key alone, and a name that leads nowhere")
    #expect(try hosts([trait("2001:db8::1", .name, "www.example")]) == 2, "one way back is missing")
    #expect(
      try hosts([trait("2001:db8::1", .name, "www.example"), trait("198.18.0.1", .name, "www.example.")]) == 1
    )
  }

  @Test("What cannot be read is nobody's, and nothing else is lost for it")
  func nonsense() throws {
    let observed = ObservedHosts([
      try trait("2001:db8::1", .interface, "no address"), try trait("2001:db8::1", .service, "tcp"),
      try trait("2001:db8::1", .service, "tcp/70000"), try trait("2001:db8::1", .sshKey, "key"),
      try trait("2001:db8::1", .name, "localhost"), try trait("2001:db8::1", .linkName, "=cmd()!a.example"),
      try trait("2001:db8::1", .pointer, "a b.example."),
      try trait("2001:db8::1", .certificateName, "198.18.0.1"),
    ])
    #expect(observed.hosts.map(\.addresses.count) == [1])
    #expect(observed.hosts[0].services.isEmpty && observed.hosts[0].names.isEmpty)
    #expect(observed.temporary.isEmpty)
  }

  @Test("Where every address answers there are no hosts, but those that somebody gave a name")
  func aliased() throws {
    let observed = ObservedHosts([
      try trait("2001:db8:a::", .aliased, "2001:db8:a::/96"), try trait("2001:db8:a::1", .present),
      try trait("2001:db8:a::7", .present), try trait("2001:db8:a::7", .pointer, "www.example"),
      try trait("2001:db8:b::1", .present), try trait("198.18.0.1", .present),
    ])
    #expect(
      observed.hosts.flatMap(\.addresses) == [
        try #require(IPAddress("198.18.0.1")), try #require(IPAddress("2001:db8:a::7")),
        try #require(IPAddress("2001:db8:b::1")),
      ])
    #expect(observed.aliases == 1)
    #expect(observed.aliased == [try #require(Prefix("2001:db8:a::/96"))])
  }

  @Test("An address that comes and goes is told from its host's others, whenever each was seen")
  func temporary() throws {
    let (lasting, drawn) = ("2001:db8::200:5eff:fe00:5301", "2001:db8::1a2b:3c4d:5e6f:7081")
    let interface = "00:00:5e:00:53:01 eth0"
    let traits = [try trait(lasting, .interface, interface), try trait(drawn, .interface, interface)]
    #expect(ObservedHosts(traits).temporary == [try #require(IPAddress(drawn))])
    let named = ObservedHosts(traits + [try trait(drawn, .name, "may-in.example")])
    #expect(named.temporary.isEmpty)
  }

  @Test("Routes of routers are ways, and nobody's addresses")
  func routes() throws {
    let observed = ObservedHosts([
      try trait("2001:db8:1::", .route, "2001:db8:1::/48 via fe80::1 on eth0 of r1")
    ])
    #expect(observed.hosts.isEmpty)
    let prefix = try #require(Prefix("2001:db8:1::/48"))
    #expect(observed.ways == [Coverage.Way(prefix, "via fe80::1 on eth0 of r1")])
  }

  @Test("What a book holds comes out as what it was")
  func book() throws {
    var book = StationBook()
    let mac = try #require(MACAddress("00:00:5e:00:53:01"))
    let address = try #require(IPAddress("2001:db8::1"))
    book.take(.station(mac, address, .neighbour), vlan: 7, at: Self.now)
    book.take(.name(mac, "may-in", .lease), vlan: 7, at: Self.now)
    book.take(.service(address, port: 443), vlan: 7, at: Self.now)
    let traits = Set(book.traits(on: "eth0").map { "\($0.kind.rawValue) \($0.value) \($0.source)" })
    #expect(
      traits == [
        "present  nd", "interface 00:00:5e:00:53:01 eth0.7 link", "link-name may-in link",
        "service tcp/443 tcp",
      ])
  }
}

@Suite("What a person accepts")
struct AcceptanceTests {
  private func host(_ id: String, _ addresses: String..., names: [String] = []) -> Host {
    Host(id: id, agency: "x", names: names, addresses: addresses.compactMap { IPAddress($0) })
  }

  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

  @Test("Rows are added and changed as differences say, and nothing else")
  func rows() throws {
    var inventory = Inventory()
    inventory.hosts = [host("web", "2001:db8::1", "198.18.0.1"), host("old", "2001:db8::9")]
    let seen = ObservedHost(addresses: [try address("2001:db8::5")], lastSeen: Timestamp(seconds: 0))
    let differences: [Reconciliation.Difference] = [
      .neverSeen(host: "old"),
      .addresses(host: "web", more: [try address("2001:db8::2")], missing: [try address("198.18.0.1")]),
      .names(host: "web", more: ["www.example"]),
      .undeclared(seen, proposed: Host(id: "new", agency: "", addresses: seen.addresses)),
      .unregistered(try #require(Prefix("2001:db8::/64")), addresses: 1),
    ]
    let acceptance = Acceptance(differences, in: inventory)
    #expect(acceptance.withoutAgency == ["new"])
    #expect(
      acceptance.rows.last == host("web", "198.18.0.1", "2001:db8::1", "2001:db8::2", names: ["www.example"]))
    let other = Acceptance(differences, in: inventory, agency: "y", dropsMissing: true)
    #expect(other.withoutAgency.isEmpty)
    #expect(other.rows.map(\.id) == ["new", "web"] && other.rows[0].agency == "y")
    #expect(other.rows[1].addresses == [try address("2001:db8::1"), try address("2001:db8::2")])
  }

  @Test("What is as it was makes no row, and of two interfaces none is guessed")
  func nothing() throws {
    var inventory = Inventory()
    inventory.hosts = [host("web", "2001:db8::1")]
    let macs = try ["00:00:5e:00:53:01", "00:00:5e:00:53:02"].map { try #require(MACAddress($0)) }
    let differences: [Reconciliation.Difference] = [
      .interface(host: "web", declared: macs[0], observed: macs),
      .addresses(host: "web", more: [], missing: [try address("2001:db8::1")]),
    ]
    #expect(!differences[0].isAcceptable)
    #expect(Acceptance(differences, in: inventory).rows.isEmpty)
  }
}
