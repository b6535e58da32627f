import Inventory
import Observations
import Wire

/// NetBox's tables as CSV, in both forms that it writes and reads: headings as its pages show them (`IP Address`), and as its
/// forms of import name them (`address`).
///
/// A tenant is an agency. An IP address belongs to the host that its device or virtual machine is, else to the one of its DNS
/// name. Sites are words here, and have no rows. What ``NetBoxTables`` writes is read back as far as NetBox has a place for it.
struct NetBoxFiles {
  private(set) var agencies: [Agency] = []
  private(set) var prefixes: [PrefixRule] = []
  private(set) var hosts: [Host] = []

  /// The agency that hosts and prefixes without a tenant belong to, if one was named.
  private let agency: String?
  private let report: Report
  private var tenants: [String: String] = [:]
  private var places: [String: Int] = [:]
  /// Hosts by the name of what they are in NetBox.
  private var machines: [String: Int] = [:]
  /// Where devices and virtual machines are, by their names.
  private var sites: [String: String] = [:]

  init(agency: String?, report: Report) { (self.agency, self.report) = (agency, report) }

  /// Reads `tenants.csv`.
  mutating func readTenants(_ source: TableSource, name: String) throws(FileFailure) {
    guard var rows = try HeadedRows(source, name: name, report: report) else { return }
    while try rows.next() {
      guard let id = rows.value("slug", "slug", Identifier.read) else { continue }
      let title = rows.text("name")
      tenants[title] = id
      tenants[id] = id
      agencies.append(
        Agency(
          id: id, name: title.isEmpty ? id : title, kind: Self.word(rows.text("group")),
          contact: rows.text("contact", "comments")))
    }
  }

  /// Reads `prefixes.csv`.
  mutating func readPrefixes(_ source: TableSource, name: String) throws(FileFailure) {
    guard var rows = try HeadedRows(source, name: name, report: report) else { return }
    while try rows.next() {
      guard
        let prefix = rows.value("prefix", "prefix", { bytes throws(Complaint) in try PrefixCell.read(bytes) })
      else { continue }
      let status = rows.text("status").lowercased()
      let marks = NetBoxTables.Marks(rows.text("comments"))
      guard status.isEmpty || ["active", "container"].contains(status) || marks.isExcluded else {
        rows.notice(
          rows.position("status"), "prefix \(prefix)", "its status is \(quoted(status))", "it was left out")
        continue
      }
      prefixes.append(
        PrefixRule(
          prefix: prefix, agency: tenant(rows, required: false),
          site: marks.site ?? rows.text("site", "scope"), rule: marks.isExcluded ? .exclude : .allow,
          description: rows.text("description")))
    }
  }

  /// Reads `devices.csv` or `virtual-machines.csv`, which say where each is. One without an address is no host.
  mutating func readMachines(_ source: TableSource, name: String) throws(FileFailure) {
    guard var rows = try HeadedRows(source, name: name, report: report) else { return }
    while try rows.next() {
      let (machine, site) = (rows.text("name"), rows.text("site"))
      if !machine.isEmpty, !site.isEmpty { sites[machine] = site }
    }
  }

  /// Reads `ip-addresses.csv`.
  mutating func readAddresses(_ source: TableSource, name: String) throws(FileFailure) {
    guard var rows = try HeadedRows(source, name: name, report: report) else { return }
    while try rows.next() {
      let heading = rows.has("address") ? "address" : "ip address"
      let text = rows.text(heading)
      let bare = Array(text.utf8.prefix { $0 != UInt8(ascii: "/") })
      let address: IPAddress
      do throws(Complaint) {
        address = try AddressCell.read(bare[...])
      } catch {
        rows.problem(rows.position(heading), "address \(quoted(text))", error)
        continue
      }
      let status = rows.text("status").lowercased()
      guard status.isEmpty || ["active", "slaac", "dhcp"].contains(status) else {
        rows.notice(
          rows.position("status"), "address \(address)", "its status is \(quoted(status))", "it was left out")
        continue
      }
      var dnsName: String?
      if !rows.text("dns_name").isEmpty {
        guard let name = rows.value("dns_name", "name", NameCell.read) else { continue }
        dnsName = name
      }
      let machine = rows.text("device", "virtual_machine", "parent")
      guard let owner = tenant(rows, required: true) else { continue }
      add(address, dnsName, machine: machine, agency: owner, description: rows.text("description"))
    }
  }

  /// Reads `services.csv`.
  mutating func readServices(_ source: TableSource, name: String) throws(FileFailure) {
    guard var rows = try HeadedRows(source, name: name, report: report) else { return }
    while try rows.next() {
      let machine = rows.text("device", "virtual_machine", "parent")
      guard let place = machines[machine] else {
        rows.notice(
          rows.position("name"), "service of \(quoted(machine))", "no address of that machine was read",
          "it was left out")
        continue
      }
      guard let transport = Transport(rawValue: rows.text("protocol").lowercased()) else {
        rows.problem(
          rows.position("protocol"), "protocol \(quoted(rows.text("protocol")))",
          Complaint("it is neither tcp nor udp", "mend it in NetBox"))
        continue
      }
      for word in rows.text("ports").split(whereSeparator: { ", {}".contains($0) }) {
        guard let port = UInt16(word), port > 0 else {
          rows.problem(
            rows.position("ports"), "port \(quoted(String(word)))",
            Complaint("it is no port", "mend it in NetBox"))
          continue
        }
        let service = PortName.service(
          port, transport, called: rows.text("name").lowercased(), isSecure: false)
        if !hosts[place].services.contains(where: { $0.port == port && $0.transport == transport }) {
          hosts[place].services.append(service)
          hosts[place].services.sort()
        }
      }
    }
  }

  private mutating func add(
    _ address: IPAddress, _ dnsName: String?, machine: String, agency: String, description: String
  ) {
    let listed = ListedHost(
      names: dnsName.map { [$0] } ?? [], addresses: [address], position: CSVPosition(line: 1, column: 1))
    let named = Self.word(machine)
    let key = named.isEmpty ? listed.id : named
    let place: Int
    if let known = places[key] {
      place = known
    } else {
      place = hosts.count
      places[key] = place
      let site = sites[machine].map { NetBoxTables.site(from: $0, of: agency) } ?? ""
      hosts.append(Host(id: key, agency: agency, site: site))
    }
    if !machine.isEmpty { machines[machine] = place }
    if let dnsName, !hosts[place].names.contains(dnsName) { hosts[place].names.append(dnsName) }
    if !hosts[place].addresses.contains(address) {
      hosts[place].addresses.append(address)
      hosts[place].addresses.sort()
    }
  }

  /// The agency of a row.
  private func tenant(_ rows: HeadedRows, required: Bool) -> String? {
    let text = rows.text("tenant")
    if text.isEmpty {
      if agency == nil, required {
        rows.problem(
          rows.position("tenant"), "tenant",
          Complaint("it is empty", "fill it in, or give --agency for all such rows"))
      }
      return agency
    }
    if let id = tenants[text] { return id }
    if tenants.isEmpty, (try? Identifier.read(Array(text.utf8)[...])) != nil { return text }
    rows.problem(
      rows.position("tenant"), "tenant \(quoted(text))",
      Complaint("tenants.csv has no such tenant", "export tenants.csv of the same time with it"))
    return nil
  }

  /// A name as an id can hold it: lower case, anything else a hyphen.
  private static func word(_ text: String) -> String {
    let parts = text.lowercased().unicodeScalars.split { scalar in
      !(scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "._".unicodeScalars.contains(scalar)))
    }
    return parts.map { String(String.UnicodeScalarView($0)) }.joined(separator: "-")
  }
}
