import Foundation
import Observations
import Testing
import Wire

@testable import Import
@testable import Inventory

@Suite("Files of other programs")
struct ListingTests {
  private static func sample(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Samples/\(name)").path
  }

  private func bytes(_ text: String, step: Int = .max) -> MemoryBytes {
    MemoryBytes(Array(text.utf8), step: step)
  }

  private func addresses(_ texts: String...) -> [IPAddress] { texts.compactMap { IPAddress($0) } }

  private func zone(_ text: String, origin: String = "hanoi.example", step: Int = .max) throws -> (
    ZoneFile, Report
  ) {
    let report = Report()
    return (try ZoneFile(bytes(text, step: step), origin: origin, name: "zone", report: report), report)
  }

  // MARK: - hosts(5)

  @Test("hosts(5): lines of one name are one host, with both families", arguments: [1, 3, 1000])
  func hostsFile(step: Int) throws {
    let report = Report()
    let text = """
      127.0.0.1\tlocalhost
      ::1 localhost ip6-localhost ip6-loopback
      ff02::1 ip6-allnodes

      # máy chủ cổng
      198.18.1.11  Portal.Hanoi.example  portal   # cũ
      2001:db8:1::11\tportal.hanoi.example www.hanoi.example
      2001:DB8:1::12 mail.hanoi.example\r
      """
    let hosts = try HostsFile(bytes(text, step: step), name: "hosts", report: report).hosts.hosts
    #expect(!report.hasProblems)
    #expect(hosts.map(\.id) == ["portal.hanoi.example", "mail.hanoi.example"])
    #expect(hosts[0].names == ["portal.hanoi.example", "portal", "www.hanoi.example"])
    #expect(hosts[0].addresses == addresses("198.18.1.11", "2001:db8:1::11"))
    #expect(hosts[1].position == CSVPosition(line: 8, column: 1))
  }

  @Test("hosts(5): faults are told with their place")
  func hostsFileFaults() throws {
    let report = Report()
    let text = "fe80::1%eth0 a.example\n2001:db8::1 b_!.example c.example\n2001:db8::2\n"
    _ = try HostsFile(bytes(text), name: "hosts", report: report)
    let said = report.errors.description.split(separator: "\n").map { $0.prefix { $0 != "\"" } }
    #expect(said == ["hosts:1:1: address ", "hosts:2:13: name ", "hosts:3:1: address "])
  }

  // MARK: - Zones

  @Test("RFC 1035 §5.3: the example of the standard", arguments: [1, 7, 1000])
  func standardExample(step: Int) throws {
    let text = """
      @   IN  SOA     VENERA      Action\\.domains (
                                       20     ; SERIAL
                                       7200   ; REFRESH
                                       600    ; RETRY
                                       3600000; EXPIRE
                                       60)    ; MINIMUM

              NS      A.ISI.EDU.
              NS      VENERA
              NS      VAXA
              MX      10      VENERA
              MX      20      VAXA

      A       A       26.3.0.103

      VENERA  A       10.1.0.52
              A       128.9.0.32

      VAXA    A       10.2.0.27
              A       128.9.0.33
      """
    let (file, report) = try zone(text, origin: "isi.edu", step: step)
    #expect(!report.hasProblems, "\(report.errors)")
    #expect(file.zone == "isi.edu")
    let hosts = file.hosts.hosts
    #expect(hosts.map(\.id) == ["a.isi.edu", "venera.isi.edu", "vaxa.isi.edu"])
    #expect(hosts[1].addresses == addresses("10.1.0.52", "128.9.0.32"))
    #expect(Set(hosts[1].services.map(\.name)) == [.dns, .smtp])
    #expect(hosts[0].services.map(\.name) == [.dns, .dns])
    #expect(hosts[1].services.count == 3)
  }

  @Test("Origins, times, classes in any order, aliases, wildcards, and what is no host")
  func zoneForms() throws {
    let text = """
      $TTL 1d
      $ORIGIN hanoi.example.
      portal 3600 IN AAAA 2001:db8:1::11
             IN 1h A 198.18.1.11
      www    CNAME portal
      api    CNAME www.elsewhere.example.
      *      AAAA 2001:db8:1::99
      _sip._udp SRV 0 0 5060 sip
      text   TXT "a ; ( quote \\" )" "b"
      $ORIGIN sub.hanoi.example.
      db     CH A 1
      db     AAAA (
               2001:db8:1::12 ) ; comment
      """
    let (file, report) = try zone(text, origin: "")
    #expect(!report.hasProblems, "\(report.errors)")
    #expect(file.hosts.hosts.map(\.id) == ["portal.hanoi.example", "db.sub.hanoi.example"])
    #expect(file.hosts.hosts[0].names == ["portal.hanoi.example", "www.hanoi.example"])
    #expect(file.hosts.hosts[0].addresses == addresses("2001:db8:1::11", "198.18.1.11"))
    #expect(report.sortedNotices.count == 1, "the wildcard")
  }

  @Test("Reverse zones of both families")
  func reverse() throws {
    let text = """
      1.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0 PTR portal.hanoi.example.
      short PTR nobody.example.
      """
    let (file, report) = try zone(text, origin: "8.b.d.0.1.0.0.2.ip6.arpa")
    #expect(!report.hasProblems)
    #expect(file.hosts.hosts.map(\.addresses) == [addresses("2001:db8:1::11")])
    let (four, _) = try zone("11 PTR portal.hanoi.example.\n", origin: "1.18.198.in-addr.arpa")
    #expect(four.hosts.hosts.map(\.addresses) == [addresses("198.18.1.11")])
    #expect(four.hosts.hosts.map(\.id) == ["portal.hanoi.example"])
  }

  @Test("A zone of which the name cannot be declared is left out with its place, and its hosts are not")
  func zoneNames() throws {
    for name in ["a\u{0}b.example", "a\u{b}b", "0/25.2.0.192.in-addr.arpa"] {
      let (file, report) = try zone(
        "\(name). SOA ns a 1 2 3 4 5\nwww.hanoi.example. A 198.18.1.11\n", origin: "")
      #expect(file.zone == nil)
      #expect(file.hosts.hosts.map(\.id) == ["www.hanoi.example"])
      #expect(
        report.sortedNotices.count == 1 && "\(report.sortedNotices)".contains("zone:1:"),
        "\(report.sortedNotices)")
    }
    #expect(try zone(". SOA ns a 1 2 3 4 5\n", origin: "").0.zone == nil)
  }

  @Test(
    "What is wrong in a zone has its place",
    arguments: [
      ("www AAAA 198.18.1.11", "zone:1:10"), ("www A", "zone:1:5"), ("  A 198.18.1.11", "zone:1:3"),
      ("www A ( 198.18.1.11", "zone:1:7"), ("www A 198.18.1.11 )", "zone:1:19"),
      ("$INCLUDE other", "zone:1:1"),
      ("$GENERATE 1-9 h$ A 198.18.1.$", "zone:1:1"), ("www TXT \"open", "zone:1:9"),
      ("www 60 IN", "zone:1:1"),
    ])
  func zoneFaults(text: String, place: String) throws {
    let (_, report) = try zone(text)
    #expect(report.errors.description.hasPrefix(place + ": "), "\(report.errors)")
    #expect(report.errors.problems.count == 1)
  }

  // MARK: - Scanners

  @Test("nmap: what is up and open, as nmap 7.93 wrote it")
  func nmap() throws {
    let report = Report()
    let hosts = try NmapFile(path: Self.sample("nmap.xml"), report: report).hosts.hosts
    #expect(!report.hasProblems, "\(report.errors)")
    #expect(hosts.map(\.id) == ["2001-db8--15"])
    #expect(hosts[0].services == [Service(.http, port: 80, transport: .tcp)])
    // As other programs spell an id, it is one.
    #expect((try? Identifier.read(Array(hosts[0].id.utf8)[...])) != nil)
  }

  @Test("nmap: a file that ends early, another's, and one that asks for entities")
  func nmapFaults() throws {
    let whole = try String(contentsOfFile: Self.sample("nmap.xml"), encoding: .utf8)
    let cases = [
      String(whole.prefix(1500)), "<html><body/></html>", "", "no xml",
      "<!DOCTYPE nmaprun [<!ENTITY a \"x\"><!ENTITY b SYSTEM \"/etc/passwd\">]><nmaprun><host>&b;</nmaprun>",
    ]
    for text in cases {
      let path = FileManager.default.temporaryDirectory.appendingPathComponent(
        "v6audit-nmap-\(UUID().uuidString)"
      ).path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let report = Report()
      _ = try NmapFile(path: path, report: report)
      #expect(report.errors.problems.count == 1, "\(text.prefix(40)): \(report.errors)")
    }
  }

  @Test("masscan: one port a line, with and without a comma at the end")
  func masscan() throws {
    let report = Report()
    let text = """
      [
      {   "ip": "198.18.0.15",   "timestamp": "1795945442", "ports": [ {"port": 443, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 64} ] },
      {   "ip": "198.18.0.15",   "timestamp": "1795945442", "ports": [ {"port": 53, "proto": "udp", "status": "open", "reason": "none", "ttl": 64} ] },
      {   "ip": "2001:db8::15",   "timestamp": "1795945443", "ports": [ {"port": 80, "proto": "tcp", "service": {"name": "http", "banner": "x"}} ] },
      {   "ip": "198.18.0.16",   "timestamp": "1795945443", "ports": [ {"port": 80, "proto": "tcp", "status": "closed"} ] }
      {finished: 1}
      ]
      """
    let hosts = try MasscanFile(bytes(text), name: "scan.json", report: report).hosts.hosts
    #expect(!report.hasProblems, "\(report.errors)")
    #expect(
      hosts.map { $0.services.map { "\($0.name.rawValue):\($0.port)" } } == [
        ["tcp:443", "udp:53"], ["http:80"], [],
      ])
    _ = try MasscanFile(bytes("[\n{\"ip\": 7}\n]"), name: "scan.json", report: report)
    #expect(report.errors.description.hasPrefix("scan.json:2:1: record: "))
  }

  // MARK: - NetBox

  @Test("NetBox: both ways of naming columns, hosts by machine and by name")
  func netBox() throws {
    let report = Report()
    var files = NetBoxFiles(agency: nil, report: report)
    func table(_ text: String) -> TableSource { TableSource(bytes: bytes(text)) }
    try files.readTenants(table("name,slug,group\nSở TT&TT,so-tttt,Departments\n"), name: "tenants.csv")
    try files.readPrefixes(
      table(
        "prefix,tenant,site,status,description\n2001:db8:1::/48,Sở TT&TT,Hòa Lạc,active,DC\n198.18.9.0/24,,,deprecated,\n"
      ),
      name: "prefixes.csv")
    try files.readAddresses(
      table(
        """
        IP Address,Status,Tenant,DNS Name,Device,Description
        2001:db8:1::11/64,Active,Sở TT&TT,portal.hanoi.example,Portal 01,
        198.18.1.11/24,Active,so-tttt,,Portal 01,
        2001:db8:1::12/64,Reserved,so-tttt,,,
        2001:db8:1::13/64,active,so-tttt,Mail.hanoi.example,,
        """), name: "ip-addresses.csv")
    try files.readServices(
      table("device,name,protocol,ports\nPortal 01,https,tcp,\"443,8443\"\nNobody,ssh,tcp,22\n"),
      name: "services.csv")
    #expect(!report.hasProblems, "\(report.errors)")
    #expect(files.agencies == [Agency(id: "so-tttt", name: "Sở TT&TT", kind: "departments")])
    #expect(files.prefixes.map(\.prefix.description) == ["2001:db8:1::/48"])
    #expect(files.prefixes.first?.site == "Hòa Lạc")
    #expect(files.hosts.map(\.id) == ["portal-01", "mail.hanoi.example"])
    #expect(files.hosts[0].addresses == addresses("198.18.1.11", "2001:db8:1::11"))
    #expect(files.hosts[0].names == ["portal.hanoi.example"])
    #expect(ServiceSyntax.write(files.hosts[0].services) == ["https", "https:8443"])
    #expect(report.sortedNotices.count == 3)
  }

  @Test("NetBox: faults with their places")
  func netBoxFaults() throws {
    let report = Report()
    var files = NetBoxFiles(agency: nil, report: report)
    let text = "address,tenant,dns_name\n2001:db8::1/64,,\nfe80::1%1/64,x,\n2001:db8::2/64,x,a b\n"
    try files.readAddresses(TableSource(bytes: bytes(text)), name: "ip.csv")
    let places = report.errors.description.split(separator: "\n").map { $0.split(separator: " ")[0] }
    #expect(places == ["ip.csv:2:16:", "ip.csv:3:1:", "ip.csv:4:18:"], "\(report.errors)")
  }

  @Test("NetBox: what is written for it is read back, but for what it has no place for")
  func netBoxTables() throws {
    let inventory = try InventoryReader.read(files: [
      .agencies: Array(
        "agency,name,kind,contact\nx,Xã Mẫu,commune,ai@x.example\ny,Xã Mẫu,commune,\nz,Sở,,\n".utf8),
      .hosts: Array(
        """
        host,agency,site,names,addresses,services
        mail,y,,mail.y.example,2001:db8:2::25,smtp dns
        web,x,Trụ sở,web.x.example www.x.example,198.18.1.1 2001:db8:1::1,https tcp:9000 udp:161

        """.utf8),
      .prefixes: Array(
        """
        prefix,agency,site,rule,description
        198.18.1.0/24,x,,exclude,"Máy, cũ"
        2001:db8:1::/48,x,Trụ sở,allow,
        2001:db8:1:9::/64,x,Kho,exclude,

        """.utf8),
    ]).inventory
    let tables = NetBoxTables(inventory)
    let text = Dictionary(
      uniqueKeysWithValues: tables.files.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
    // The columns of NetBox's own forms.
    #expect(text["tenants.csv"]?.contains("Xã Mẫu (x),x,commune,ai@x.example") == true)
    #expect(
      text["sites.csv"]
        == "name,slug,status,tenant\ny,y,active,Xã Mẫu (y)\nTrụ sở (x),tr1ee5-s1edf-x,active,Xã Mẫu (x)\n")
    #expect(text["services.csv"]?.contains("virtualization.virtualmachine,web,https,tcp,443") == true)
    let report = Report()
    var files = NetBoxFiles(agency: nil, report: report)
    func table(_ name: String) throws -> TableSource { TableSource(bytes: bytes(try #require(text[name]))) }
    try files.readTenants(table("tenants.csv"), name: "tenants.csv")
    try files.readPrefixes(table("prefixes.csv"), name: "prefixes.csv")
    try files.readMachines(table("virtual-machines.csv"), name: "virtual-machines.csv")
    try files.readAddresses(table("ip-addresses.csv"), name: "ip-addresses.csv")
    try files.readServices(table("services.csv"), name: "services.csv")
    #expect(!report.hasProblems && report.sortedNotices.isEmpty, "\(report.errors)")
    #expect(files.hosts.sorted { $0.id < $1.id } == inventory.hosts)
    #expect(files.prefixes == inventory.prefixes)
    #expect(files.agencies.map(\.id) == ["x", "y", "z"] && files.agencies[0].contact == "ai@x.example")
  }
}
