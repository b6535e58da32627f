import Discovery
import Reporting
import Wire

/// Stations that were heard: `mac,vlan,vendor,name,addresses,temporary,router,sources,first_seen,last_seen`.
struct StationsTable {
  let table: CSVTable

  /// Stations in this order, with the vendors of their interfaces.
  init(_ stations: [Station], vendors: Vendors) {
    table = CSVTable(
      "mac,vlan,vendor,name,addresses,temporary,router,sources,first_seen,last_seen", sections: stations.count
    ) { [Self.row(stations[$0], vendors)] }
  }

  private static func row(_ station: Station, _ vendors: Vendors) -> [String] {
    let temporary = station.temporary
    let addresses = station.holdings.map(\.address).sorted()
    return [
      station.mac.description, station.vlan == 0 ? "" : "\(station.vlan)",
      vendors.name(of: station.mac) ?? "",
      station.name ?? "", list(addresses.filter { !temporary.contains($0) }),
      list(addresses.filter(temporary.contains)), station.advertisement == nil ? "" : "yes",
      SightingSource.allCases.filter { station.sources.contains(SightingSources($0)) }.map(\.word)
        .joined(separator: " "),
      station.firstSeen.text, station.lastSeen.text,
    ]
  }

  private static func list(_ addresses: [IPAddress]) -> String {
    addresses.map(\.description).joined(separator: " ")
  }
}

/// What changed on a link, as a line: `+ station 02:00:00:00:00:01`.
struct StationEventText: Sendable {
  /// The line.
  let text: String

  /// The line for an event.
  init(_ event: StationEvent) {
    text =
      switch event {
      case .appeared(let mac, let vlan): "+ station \(mac)\(vlan == 0 ? "" : " vlan \(vlan)")"
      case .address(let mac, let address): "+ address \(address) of \(mac)"
      case .probed(let mac, let address): "? address \(address): \(mac) asks whether it is free"
      case .moved(let address, let from, let to): "~ address \(address) moved from \(from) to \(to)"
      case .flipFlop(let address, let from, let to):
        "! address \(address) goes to and fro: from \(from) back to \(to)"
      case .router(let mac, let address, let advertisement):
        "! router \(address) of \(mac): lifetime \(advertisement.lifetime) s, "
          + (advertisement.prefixes.isEmpty
            ? "no prefix" : advertisement.prefixes.map(\.prefix.description).joined(separator: " "))
      }
  }
}
