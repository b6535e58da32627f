import Observations
import Wire

@testable import Discovery

extension FuzzParser {
  /// Frames one after another, a length of two bytes before each. The book stays within its limits, and whatever is in it
  /// makes hosts in which each address is once.
  static let stations = FuzzParser("stations") { input throws(Violation) in
    var limits = StationBook.Limits()
    (limits.stations, limits.addressesOfStation, limits.services) = (8, 4, 8)
    (limits.events, limits.marks) = (16, 16)
    var discovery = PassiveDiscovery(limits: limits)
    var rest = input[...]
    var time = Int64(0)
    while rest.count >= 2 {
      let length = min(Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1]), rest.count - 2)
      let frame = Array(rest.dropFirst(2).prefix(length))
      rest = rest.dropFirst(2 + length)
      time += 1_500_000
      discovery.take(frame.span.bytes, at: Timestamp(microseconds: time))
    }
    let book = discovery.book
    try require(book.count <= limits.stations, "more stations than there is room for")
    try require(
      book.services.count <= limits.services && book.clocks.count <= limits.services,
      "more services than room")
    let everybody = book.everybody
    try require(everybody.count == book.count, "stations that nobody finds")
    for station in everybody {
      try require(
        station.holdings.count <= limits.addressesOfStation, "more addresses than there is room for")
      try require(station.mac.byte(at: 0) & 1 == 0, "a group that is a station")
      try require(
        station.temporary.isSubset(of: station.holdings.map(\.address)), "temporary addresses of others")
    }
    let observed = ObservedHosts(book.traits(on: "fuzz"))
    let addresses = observed.hosts.flatMap(\.addresses)
    try require(Set(addresses).count == addresses.count, "an address of two hosts")
  }

  /// What `snmpbulkwalk` prints of what an agent says.
  static let snmpOutput = FuzzParser("snmp-output") { input throws(Violation) in
    let tables = RouterTables(SNMPOutput(String(decoding: input, as: UTF8.self)))
    for neighbour in tables.neighbours {
      try require(
        neighbour.mac.bits != 0 && neighbour.mac.byte(at: 0) & 1 == 0, "a group that is a neighbour")
    }
    let router = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)
    let traits = tables.traits(of: router, at: Timestamp(seconds: 1))
    let addresses = ObservedHosts(traits).hosts.flatMap(\.addresses)
    try require(Set(addresses).count == addresses.count, "an address of two hosts")
  }
}
