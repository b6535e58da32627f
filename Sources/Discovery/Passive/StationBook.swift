import Observations
import Wire

/// Who was heard on a link, in memory that is bounded whatever the link carries.
///
/// As long as there is room, one frame makes a station. When half of the room is taken, a station must be heard twice, and when
/// all is, one that was not heard for long gives way: so a flood of made-up stations displaces none that goes on speaking.
public struct StationBook: Sendable {
  /// How much is kept at most.
  public struct Limits: Sendable, Hashable {
    /// Stations.
    public var stations = 65_536
    /// Addresses of one station.
    public var addressesOfStation = 64
    /// Addresses of all stations, beside the first three of each.
    public var addresses = 131_072
    /// Services that answer, clocks, names that somebody connected by, and names that stations tell: of each.
    public var services = 65_536
    /// Prefixes of what one router advertises.
    public var prefixesOfRouter = 16
    /// Events that nobody has taken yet.
    public var events = 10_000
    /// Stations that were turned away and are known again when they come back: of so many that came last. Four bytes each.
    public var marks = 1 << 20

    /// The usual limits: some 100 MB when all is full.
    public init() {}
  }

  /// What could not be kept.
  public struct Losses: Sendable, Hashable {
    /// Sightings of stations that were heard once while room was scarce.
    public internal(set) var turnedAway: UInt64 = 0
    /// Stations that were not heard for long and gave way.
    public internal(set) var displaced: UInt64 = 0
    /// Events that came while too many were waiting.
    public internal(set) var events: UInt64 = 0
    /// Services, clocks and names beyond the limit.
    public internal(set) var services: UInt64 = 0
  }

  /// A service that was heard to answer.
  public struct ServiceKey: Sendable, Hashable {
    /// Where.
    public let address: IPAddress
    /// At which TCP port.
    public let port: UInt16
  }

  /// What is kept at most.
  public let limits: Limits
  /// What could not be kept.
  public private(set) var losses = Losses()
  /// Services that answered, with the names that somebody connected by.
  public private(set) var services: [ServiceKey: Set<String>] = [:]
  /// Names with their addresses, as stations tell them.
  public private(set) var names: [String: Set<IPAddress>] = [:]

  /// Timestamp clocks, by the address that showed them.
  public private(set) var clocks: [IPAddress: TimestampClock] = [:]

  private struct Key: Hashable {
    var bits: UInt64
    init(_ mac: MACAddress, _ vlan: UInt16) { bits = UInt64(vlan) << 48 | mac.bits }
  }

  private struct Place: Hashable {
    var address: IPAddress
    var vlan: UInt16
  }

  private struct Owner {
    var station: Int
    var before: MACAddress?
  }

  private var stations: [Station?] = []
  private var index: [Key: Int] = [:]
  private var owners: [Place: Owner] = [:]
  /// Which stations were heard again since the hand last passed them: the hand of the clock that finds who gives way.
  private var isFresh: [Bool] = []
  private var hand = 0
  /// Marks of stations that were turned away, in sets of a few, the latest first: who comes again finds its mark.
  private var marks: [UInt32]
  private static let ways = 4
  private var waiting: [StationEvent] = []
  /// Addresses of all stations, and names of services and of stations.
  private var kept = (addresses: 0, serverNames: 0, stationNames: 0)
  /// So many addresses a station has in any case: of IPv4, of the link, and one more.
  private static let usualAddresses = 3

  /// An empty book.
  public init(limits: Limits = Limits()) {
    self.limits = limits
    var size = Self.ways
    while size < limits.marks { size <<= 1 }
    marks = [UInt32](repeating: 0, count: size)
  }

  /// Everybody who is in the book, in the order of MAC addresses.
  public var everybody: [Station] {
    var all = stations.compactMap(\.self)
    all.sort { ($0.mac.bits, $0.vlan) < ($1.mac.bits, $1.vlan) }
    return all
  }

  /// How many stations there are.
  public var count: Int { index.count }

  /// Who has an address.
  public func owner(of address: IPAddress, vlan: UInt16 = 0) -> Station? {
    owners[Place(address: address, vlan: vlan)].flatMap { stations[$0.station] }
  }

  /// Takes the events that have happened since the last time.
  public mutating func takeEvents() -> [StationEvent] {
    defer { waiting.removeAll(keepingCapacity: true) }
    return waiting
  }

  /// Enters what a frame says.
  public mutating func take(_ sighting: Sighting, vlan: UInt16, at time: Timestamp) {
    switch sighting {
    case .station(let mac, let address, let source): enter(mac, vlan, address, source, time)
    case .presence(let mac, let source): _ = station(mac, vlan, source, time)
    case .name(let mac, let name, let source):
      if let place = station(mac, vlan, source, time) { stations[place]?.name = name }
    case .router(let mac, let address, let advertisement):
      enter(mac, vlan, address, .router, time)
      guard let place = index[Key(mac, vlan)] else { return }
      var advertisement = advertisement
      advertisement.prefixes = Array(advertisement.prefixes.prefix(limits.prefixesOfRouter))
      if stations[place]?.advertisement != advertisement {
        stations[place]?.advertisement = advertisement
        tell(.router(mac, address, advertisement))
      }
    case .lease(let known, let addresses):
      guard let owner = owners[Place(address: known, vlan: vlan)], let mac = stations[owner.station]?.mac
      else { return }
      for address in addresses { enter(mac, vlan, address, .lease, time) }
    case .service(let address, let port): serve(ServiceKey(address: address, port: port), nil)
    case .clock(let address, let ticks):
      if clocks[address] != nil {
        clocks[address]?.take(ticks, at: time)
      } else if clocks.count < limits.services {
        clocks[address] = TimestampClock(ticks, at: time)
      } else {
        losses.services += 1
      }
    case .serverName(let address, let port, let name): serve(ServiceKey(address: address, port: port), name)
    case .address(let name, let address):
      if names[name]?.contains(address) == true { return }
      if kept.stationNames < limits.services, (names[name]?.count ?? 0) < limits.addressesOfStation {
        names[name, default: []].insert(address)
        kept.stationNames += 1
      } else {
        losses.services += 1
      }
    }
  }

  // MARK: - Stations

  private mutating func enter(
    _ mac: MACAddress, _ vlan: UInt16, _ address: IPAddress, _ source: SightingSource, _ time: Timestamp
  ) {
    guard let place = station(mac, vlan, source, time) else { return }
    let known = stations[place]?.holdings.firstIndex { $0.address == address }
    if let known {
      stations[place]?.holdings[known].lastSeen = time
      stations[place]?.holdings[known].sources.insert(SightingSources(source))
    } else if makeRoom(place, Key(mac, vlan), address) {
      stations[place]?.holdings.append(
        Station.Holding(address: address, firstSeen: time, lastSeen: time, sources: SightingSources(source)))
      kept.addresses += 1
    } else {
      stations[place]?.leftOut += 1
      return
    }
    // Who only asks for an address does not have it yet.
    let held = Place(address: address, vlan: vlan)
    if source != .probe {
      own(place, mac, held)
    } else if known == nil, owners[held] == nil {
      tell(.probed(mac, address))
    }
  }

  /// Whether a station may have another address. As with stations, one frame is enough as long as there is room; then an
  /// address beyond the first few has to be heard twice, and when all is taken the station's own oldest gives way.
  private mutating func makeRoom(_ place: Int, _ key: Key, _ address: IPAddress) -> Bool {
    let count = stations[place]?.holdings.count ?? 0
    guard count < limits.addressesOfStation else { return false }
    guard count >= Self.usualAddresses, kept.addresses >= limits.addresses / 2 else { return true }
    guard isMarked(key.bits ^ address.high ^ address.low << 1) else { return false }
    if kept.addresses >= limits.addresses { dropOldestAddress(of: place) }
    return true
  }

  private mutating func dropOldestAddress(of place: Int) {
    guard let station = stations[place],
      let oldest = station.holdings.indices.min(by: {
        station.holdings[$0].lastSeen < station.holdings[$1].lastSeen
      })
    else { return }
    let held = Place(address: station.holdings[oldest].address, vlan: station.vlan)
    if owners[held]?.station == place { owners[held] = nil }
    stations[place]?.holdings.remove(at: oldest)
    stations[place]?.leftOut += 1
    kept.addresses -= 1
  }

  private mutating func own(_ station: Int, _ mac: MACAddress, _ place: Place) {
    guard let owner = owners[place] else {
      owners[place] = Owner(station: station)
      return tell(.address(mac, place.address))
    }
    guard owner.station != station, let from = stations[owner.station]?.mac else { return }
    tell(
      owner.before == mac
        ? .flipFlop(place.address, from: from, to: mac) : .moved(place.address, from: from, to: mac))
    owners[place] = Owner(station: station, before: from)
  }

  /// The place of a station, which is made if there is room for it.
  private mutating func station(
    _ mac: MACAddress, _ vlan: UInt16, _ source: SightingSource, _ time: Timestamp
  ) -> Int? {
    let key = Key(mac, vlan)
    if let place = index[key] {
      isFresh[place] = true
      stations[place]?.lastSeen = time
      stations[place]?.sightings += 1
      stations[place]?.sources.insert(SightingSources(source))
      return place
    }
    if index.count >= limits.stations / 2, !isMarked(key.bits) {
      losses.turnedAway += 1
      return nil
    }
    let station = Station(
      mac: mac, vlan: vlan, firstSeen: time, lastSeen: time, sources: SightingSources(source))
    let place: Int
    if stations.count < limits.stations {
      place = stations.count
      stations.append(station)
      isFresh.append(false)
    } else {
      place = displace()
      stations[place] = station
    }
    index[key] = place
    tell(.appeared(mac, vlan: vlan))
    return place
  }

  /// Whether a station, or an address of one, has left its mark; it leaves one if not.
  private mutating func isMarked(_ key: UInt64) -> Bool {
    // The finalizer of MurmurHash3: neighbouring addresses go far apart.
    var hash = key
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    hash ^= hash >> 33
    let start = Int(truncatingIfNeeded: hash) & (marks.count - Self.ways)
    let mark = UInt32(truncatingIfNeeded: hash >> 32) | 1
    let set = start..<start + Self.ways
    if marks[set].contains(mark) { return true }
    for place in set.dropFirst().reversed() { marks[place] = marks[place - 1] }
    marks[start] = mark
    return false
  }

  /// Takes the place of the first station that was not heard since the hand last passed it.
  private mutating func displace() -> Int {
    while isFresh[hand] {
      isFresh[hand] = false
      hand = (hand + 1) % stations.count
    }
    let place = hand
    hand = (hand + 1) % stations.count
    if let station = stations[place] {
      index[Key(station.mac, station.vlan)] = nil
      for holding in station.holdings {
        let held = Place(address: holding.address, vlan: station.vlan)
        if owners[held]?.station == place { owners[held] = nil }
      }
      kept.addresses -= station.holdings.count
      losses.displaced += 1
    }
    return place
  }

  // MARK: - Services and events

  private mutating func serve(_ key: ServiceKey, _ name: String?) {
    guard services[key] != nil || services.count < limits.services else {
      losses.services += 1
      return
    }
    guard let name else {
      services[key] = services[key] ?? []
      return
    }
    if services[key]?.contains(name) == true { return }
    if kept.serverNames < limits.services, (services[key]?.count ?? 0) < limits.addressesOfStation {
      services[key, default: []].insert(name)
      kept.serverNames += 1
    } else {
      losses.services += 1
    }
  }

  private mutating func tell(_ event: StationEvent) {
    if waiting.count < limits.events {
      waiting.append(event)
    } else {
      losses.events += 1
    }
  }
}
