import Inventory
import Observations
import PacketIO
import Wire

extension StationBook {
  /// What was heard of each address, to be kept.
  ///
  /// - Parameter link: where it was heard; the VLAN is put behind it.
  public func traits(on link: String) -> [ObservedTrait] {
    var traits: [ObservedTrait] = []
    eachTrait(on: link) { traits.append($0) }
    return traits
  }

  /// The same one by one: a full book has hundreds of thousands.
  public func eachTrait<Failure>(
    on link: String, _ body: (ObservedTrait) throws(Failure) -> Void
  ) throws(Failure) {
    var holders: [IPAddress: Station.Holding] = [:]
    let everybody = everybody
    let (earliest, latest) = (everybody.map(\.firstSeen).min(), everybody.map(\.lastSeen).max())
    for station in everybody {
      let place = station.vlan == 0 ? link : "\(link).\(station.vlan)"
      for holding in station.holdings {
        holders[holding.address] = holding
        let sources = SightingSource.allCases.filter { holding.sources.contains(SightingSources($0)) }
        func note(_ kind: ObservedTrait.Kind, _ value: String, _ source: String) throws(Failure) {
          try body(
            ObservedTrait(
              holding.address, kind, value, source: source, firstSeen: holding.firstSeen,
              lastSeen: holding.lastSeen))
        }
        for source in sources { try note(.present, "", source.word) }
        try note(.interface, "\(station.mac) \(place)", "link")
        if let name = station.name { try note(.linkName, name, "link") }
        if station.advertisement != nil { try note(.router, "", SightingSource.router.word) }
      }
    }
    for (key, names) in services {
      // Of servers behind a router the station is the router's: what is known of them is that they answer.
      let holding = holders[key.address]
      guard let first = holding?.firstSeen ?? earliest, let last = holding?.lastSeen ?? latest else {
        continue
      }
      try body(
        ObservedTrait(
          key.address, .service, "tcp/\(key.port)", source: "tcp", firstSeen: first, lastSeen: last))
      for name in names {
        try body(ObservedTrait(key.address, .name, name, source: "tls", firstSeen: first, lastSeen: last))
      }
    }
    for (address, clock) in clocks {
      guard let reading = clock.reading, let first = earliest, let last = latest else { continue }
      // More than tenths of a second nobody knows.
      let zero = (reading.zero * 10).rounded() / 10
      try body(
        ObservedTrait(
          address, .clock, "\(zero) \(reading.rate)", source: "tcp", firstSeen: first, lastSeen: last))
    }
    for (name, addresses) in names {
      for address in addresses {
        guard let holding = holders[address] else { continue }
        try body(
          ObservedTrait(
            address, .linkName, name, source: SightingSource.multicastDNS.word, firstSeen: holding.firstSeen,
            lastSeen: holding.lastSeen))
      }
    }
  }
}

extension ReverseWalk {
  /// The names it found, to be kept.
  public func traits(at time: Timestamp) -> [ObservedTrait] {
    found.flatMap { address, names in
      names.map {
        ObservedTrait(address, .pointer, $0, source: "reverse-zone", firstSeen: time, lastSeen: time)
      }
    }
  }
}

extension KnownNeighbour {
  /// What the kernel knows, to be kept.
  public func trait(at time: Timestamp) -> ObservedTrait {
    ObservedTrait(
      address, .interface, "\(mac) \(interface)", source: "kernel", firstSeen: time, lastSeen: time)
  }
}
