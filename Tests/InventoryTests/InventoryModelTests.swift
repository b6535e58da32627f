import Inventory
import Observations
import Testing
import Wire

@Suite("What is read from the files")
struct InventoryModelTests {
  private func inventory() throws -> Inventory {
    try InventoryReader.read(directory: TestData.path("valid/all-six-files")).inventory
  }

  @Test("an agency")
  func agency() throws {
    let inventory = try inventory()
    #expect(inventory.agencies.map(\.id) == ["so-tttt", "so-yte", "ubnd-tp"])
    #expect(
      inventory.agencies[0]
        == Agency(
          id: "so-tttt", name: "Sở Thông tin và Truyền thông", kind: "department", parent: "ubnd-tp",
          contact: "quantri@sotttt.hanoi.example", declaredHundredths: 9880))
    #expect(inventory.agencies[1].declaredHundredths == 10_000)
    #expect(inventory.agencies[2].declaredHundredths == nil)
  }

  @Test("a system")
  func system() throws {
    let inventory = try inventory()
    #expect(
      inventory.systems[1]
        == System(
          id: "portal", name: "Cổng thông tin điện tử", agency: "so-tttt", kind: .web, importance: 1,
          dependsOn: ["wan", "dns"]))
  }

  @Test("a host")
  func host() throws {
    let host = try #require(try inventory().hosts.first { $0.id == "portal-01" })
    let addresses = try ["198.18.1.11", "2001:db8:1::11"].map { try #require(IPAddress($0)) }
    #expect(
      host
        == Host(
          id: "portal-01", agency: "so-tttt", system: "portal",
          component: Component(name: "web", required: 1, total: 2), site: "185-giang-vo",
          names: ["portal.hanoi.example", "www.portal.hanoi.example"], addresses: addresses,
          services: [
            Service(.http, port: 80, transport: .tcp), Service(.https, port: 443, transport: .tcp),
            Service(.https, port: 8443, transport: .tcp),
          ],
          mac: MACAddress("00:00:5e:00:53:11"), criticality: "high", contact: "Nguyễn",
          tags: ["web", "public"],
          externalID: "TS-1"))
    #expect(host.addresses(.ipv6) == [addresses[1]])
  }

  @Test("prefixes, zones and waivers")
  func others() throws {
    let inventory = try inventory()
    #expect(inventory.prefixes.map(\.rule) == [.allow, .allow, .exclude])
    #expect(inventory.prefixes[0].agency == nil)
    #expect(inventory.prefixes[2].description == "Mạng quản trị, không đo")
    #expect(inventory.zones[1] == Zone(name: "hanoi.example", agency: "so-tttt"))
    #expect(
      try inventory.waivers[2]
        == Waiver(
          subject: "so-yte", owner: "Lê", reason: "Chờ mua sắm", expires: #require(CivilDate("2036-02-29"))))
    #expect(inventory.waivers[0].check == "reach.echo")
  }

  @Test("agencies that only hosts name")
  func agenciesOfHosts() throws {
    let read = try InventoryReader.read(directory: TestData.path("valid/hosts-only-and-no-final-line-break"))
    #expect(
      read.inventory.agencies == [
        Agency(id: "so-tttt", name: "so-tttt"), Agency(id: "so-yte", name: "so-yte"),
      ])
  }

  @Test("unknown columns, in the order of the file, empty cells too")
  func unknownColumns() throws {
    let read = try InventoryReader.read(
      directory: TestData.path("valid/columns-in-another-order-and-unknown"))
    #expect(
      read.inventory.hosts.map(\.extra) == [
        [ExtraCell(column: "ghi_chú", value: "một"), ExtraCell(column: "máy, chủ", value: "a \"b\"")],
        [ExtraCell(column: "ghi_chú", value: " =1+1"), ExtraCell(column: "máy, chủ", value: "")],
      ])
  }

  @Test("text as it is, whatever its normal form")
  func notNormalised() throws {
    let read = try InventoryReader.read(directory: TestData.path("valid/text-not-normalised"))
    #expect(Array(read.inventory.hosts[0].contact.unicodeScalars).count == 10)
    #expect(Array(read.inventory.hosts[1].contact.unicodeScalars).count == 8)
  }

  @Test("a waiver for a check of a policy of one's own")
  func ownChecks() throws {
    let files: [InventoryFile: [UInt8]] = [
      .hosts: Array("host,agency\nh1,a1\n".utf8),
      .waivers: Array("subject,check,owner,reason,expires\nh1,local.clock,o,r,2036-12-31\n".utf8),
    ]
    #expect(throws: InventoryErrors.self) { try InventoryReader.read(files: files) }
    let read = try InventoryReader.read(files: files, knownChecks: ["local.clock"])
    #expect(read.inventory.waivers.map(\.check) == ["local.clock"])
  }

  @Test("the scope of prefixes.csv, or of the declared addresses when it has no rule")
  func scope() throws {
    var inventory = try inventory()
    let cases: [(String, Bool, Bool)] = [
      ("2001:db8:1::11", true, true), ("2001:db8:1::99", true, false), ("2001:db8:1:ff::1", false, false),
      ("198.18.1.11", true, true), ("198.18.200.1", true, false), ("198.19.0.1", false, false),
    ]
    let rules = inventory.scope()
    inventory.prefixes = []
    let declared = inventory.scope()
    for (text, byRule, byDeclaration) in cases {
      let address = try #require(IPAddress(text))
      #expect(rules.allows(address) == byRule, "\(text)")
      #expect(declared.allows(address) == byDeclaration, "\(text)")
    }
    #expect(try !Inventory().scope().allows(#require(IPAddress("2001:db8::1"))))
  }

  @Test("the stream to be hashed differs when a cell moves from one file or cell to another")
  func canonicalStream() throws {
    func stream(_ inventory: Inventory) -> [UInt8] {
      var bytes: [UInt8] = []
      InventoryWriter.writeCanonical(inventory) { bytes += $0 }
      return bytes
    }
    let inventory = try inventory()
    var moved = inventory
    moved.hosts[0].criticality = moved.hosts[0].contact
    moved.hosts[0].contact = "x"
    #expect(stream(inventory) == stream(try self.inventory()))
    #expect(stream(inventory) != stream(moved))
    #expect(stream(inventory).starts(with: Array("agencies.csv\u{0}agency,name".utf8)))
  }
}
