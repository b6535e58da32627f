import Observations
import Wire

extension InventoryLoader {
  /// Reads a row of `hosts.csv`.
  func readHost(_ table: Table) {
    let id = declareRow(table, .host)
    guard table.isWhole else { return }
    let system = table.value(.system, "system", Identifier.read).map {
      registry.refer(to: .system, $0, from: table, at: table.position(.system), noun: "system")
    }
    var host = Host(id: id ?? "", agency: hostAgency(table) ?? "", system: system)
    host.component = component(table, of: system)
    host.names = names(table)
    host.addresses = addresses(table)
    host.services = services(table)
    host.tags = tags(table)
    host.mac = table.value(.mac, "mac", ScalarCells.mac)
    host.site = table.text(.site)
    host.criticality = table.text(.criticality)
    host.contact = table.text(.contact)
    host.externalID = table.text(.externalID)
    host.extra = table.extraCells
    take(.host(host))
  }

  /// The host's agency, which is created where `agencies.csv` does not say which agencies there are.
  private func hostAgency(_ table: Table) -> String? {
    guard !hasAgencyFile else { return agency(of: table) }
    guard let id = table.value(.agency, "agency", Identifier.read) else { return nil }
    if registry.declare(.agency, id, line: table.row.start.line) == nil {
      take(.agency(Agency(id: id, name: id)))
    }
    return registry.refer(to: .agency, id, from: table, at: table.position(.agency), noun: "agency")
  }

  private func component(_ table: Table, of system: String?) -> Component? {
    guard let component = table.value(.component, "component", ComponentSyntax.read) else { return nil }
    guard let system else {
      if table.bytes(.system).isEmpty {
        table.refuse(
          .component, "component",
          Complaint(
            "a component is a part of a system, and the host has none", "fill in system, or empty this"))
      }
      return component
    }
    if let complaint = components.add(component, of: system, at: table.position(.component)) {
      table.refuse(.component, "component", complaint)
    }
    return component
  }

  private func names(_ table: Table) -> [String] {
    var names: [String] = []
    table.forEachItem(.names, "name") { item throws(Complaint) in
      let name = try NameCell.read(item.bytes)
      guard !names.contains(name) else { throw .listedTwice }
      names.append(name)
      note(name, at: item, .names, in: table)
    }
    return names
  }

  private func addresses(_ table: Table) -> [IPAddress] {
    var addresses: [IPAddress] = []
    table.forEachItem(.addresses, "address") { item throws(Complaint) in
      let address = try AddressCell.read(item.bytes)
      guard !addresses.contains(address) else { throw .listedTwice }
      addresses.append(address)
      if let earlier = self.addresses.add(address, line: table.row.start.line) {
        report.notice(
          .hosts, at: table.position(.addresses, of: item), what: "address \"\(address)\"",
          Complaint("the host of line \(earlier) has it too", "leave it if both share a front end"))
      }
    }
    return addresses.sorted()
  }

  private func services(_ table: Table) -> [Service] {
    var services: [Service] = []
    table.forEachItem(.services, "service") { item throws(Complaint) in
      for service in try ServiceSyntax.read(item.bytes) {
        let same = services.first { $0.port == service.port && $0.transport == service.transport }
        if let same {
          throw Complaint(
            "port \(service.port)/\(service.transport.rawValue) is declared already, by \"\(same)\"",
            "delete one of them")
        }
        services.append(service)
      }
    }
    return services.sorted()
  }

  private func tags(_ table: Table) -> [String] {
    var tags: [String] = []
    table.forEachItem(.tags, "tag") { item throws(Complaint) in
      guard !tags.contains(item.text) else { throw .listedTwice }
      tags.append(item.text)
    }
    return tags
  }

  /// Points at names that DNS can hold and that still seldom work.
  func note(_ name: String, at item: ListItem, _ column: Column, in table: Table) {
    let complaint: Complaint
    if name.utf8.contains(ASCII.underscore) {
      complaint = Complaint(
        "host names have no underscore (RFC 1123), and no certificate can hold it", "rename the host in DNS")
    } else if !name.utf8.contains(ASCII.dot) {
      complaint = Complaint("it has one part only", "write it in full, as it is found from the root of DNS")
    } else {
      return
    }
    report.notice(
      table.file, at: table.position(column, of: item), what: "name \"\(name)\"", complaint)
  }
}
