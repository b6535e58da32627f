import Discovery
import Reporting
import Wire

/// Hosts that were seen: `addresses,names,mac,vendor,services,attached,last_seen`.
struct ObservedHostsTable {
  let table: CSVTable

  /// Hosts in their order, with the vendors of their interfaces.
  init(_ observed: ObservedHosts, vendors: Vendors) {
    table = CSVTable(
      "addresses,names,mac,vendor,services,attached,last_seen",
      rows: observed.hosts.map { host in
        [
          host.addresses.map(\.description).joined(separator: " "), host.names.joined(separator: " "),
          host.interfaces.map(\.description).joined(separator: " "),
          host.interfaces.compactMap { vendors.name(of: $0) }.joined(separator: "; "),
          host.services.map(\.description).joined(separator: " "), host.attachments.joined(separator: " "),
          host.lastSeen.text,
        ]
      })
  }
}
