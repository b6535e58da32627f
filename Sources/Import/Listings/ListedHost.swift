import Inventory
import Wire

/// A host as another program's file lists it: what may become a row of `hosts.csv`.
struct ListedHost: Sendable, Hashable {
  /// Its names, the first one the one it is called by.
  var names: [String] = []
  var addresses: [IPAddress] = []
  var services: [Service] = []
  var mac: MACAddress?
  /// Where it is first listed.
  var position: CSVPosition

  /// The id that it gets: its first name, or its first address as far as an id can hold it.
  var id: String {
    names.first
      ?? addresses.first.map {
        $0.description.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "-")
      }
      ?? ""
  }

  mutating func add(name: String) {
    if !names.contains(name) { names.append(name) }
  }

  mutating func add(_ address: IPAddress) {
    if !addresses.contains(address) { addresses.append(address) }
  }

  mutating func add(_ service: Service) {
    if !services.contains(where: { $0.port == service.port && $0.transport == service.transport }) {
      services.append(service)
    }
  }
}

/// Hosts in the order in which a file first lists them, found again by their key.
struct ListedHosts: Sendable {
  private(set) var hosts: [ListedHost] = []
  private var places: [String: Int] = [:]

  /// Changes the host with this key, which is made where there is none.
  mutating func change(_ key: String, at position: CSVPosition, _ change: (inout ListedHost) -> Void) {
    let place: Int
    if let known = places[key] {
      place = known
    } else {
      place = hosts.count
      places[key] = place
      hosts.append(ListedHost(position: position))
    }
    change(&hosts[place])
  }

  /// Whether a host has this key.
  func contains(_ key: String) -> Bool { places[key] != nil }

  /// Another name of a host that is listed; `false` where it is not.
  mutating func alias(_ name: String, of key: String) -> Bool {
    guard let place = places[key] else { return false }
    hosts[place].add(name: name)
    return true
  }
}
