import Observations
import SeededRandom
import Testing
import Wire

@testable import Discovery

@Suite("The book of stations")
struct StationBookTests {
  private static let now = Timestamp(seconds: 1_795_000_000)

  private func mac(_ number: Int) -> MACAddress { MACAddress(bits: 0x0200_0000_0000 | UInt64(number)) }
  private func address(_ number: Int) -> IPAddress {
    IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number))
  }

  private func book(_ change: (inout StationBook.Limits) -> Void = { _ in }) -> StationBook {
    var limits = StationBook.Limits()
    change(&limits)
    return StationBook(limits: limits)
  }

  @Test("One frame makes a station, and what it has is joined by its interface alone")
  func one() {
    var book = book()
    book.take(.station(mac(1), address(1), .neighbour), vlan: 0, at: Self.now)
    book.take(.station(mac(1), address(2), .arp), vlan: 0, at: Self.now)
    book.take(.station(mac(1), address(1), .multicastDNS), vlan: 0, at: Self.now)
    book.take(.station(mac(1), address(1), .neighbour), vlan: 7, at: Self.now)
    book.take(.name(mac(1), "pc1", .lease), vlan: 0, at: Self.now)
    let everybody = book.everybody
    #expect(everybody.map(\.vlan) == [0, 7])
    #expect(everybody[0].holdings.map(\.address) == [address(1), address(2)])
    #expect(everybody[0].sightings == 4 && everybody[0].name == "pc1")
    #expect(
      everybody[0].holdings[0].sources == [SightingSources(.neighbour), SightingSources(.multicastDNS)])
    #expect(
      book.takeEvents() == [
        .appeared(mac(1), vlan: 0), .address(mac(1), address(1)), .address(mac(1), address(2)),
        .appeared(mac(1), vlan: 7),
        .address(mac(1), address(1)),
      ])
    #expect(book.takeEvents().isEmpty)
  }

  @Test("An address that moves, and one that goes to and fro")
  func moves() {
    var book = book()
    for number in [1, 2, 1, 3] {
      book.take(.station(mac(number), address(9), .neighbour), vlan: 0, at: Self.now)
    }
    let moves = book.takeEvents().filter { if case .appeared = $0 { false } else { true } }
    #expect(
      moves == [
        .address(mac(1), address(9)), .moved(address(9), from: mac(1), to: mac(2)),
        .flipFlop(address(9), from: mac(2), to: mac(1)), .moved(address(9), from: mac(1), to: mac(3)),
      ])
    #expect(book.owner(of: address(9))?.mac == mac(3))
  }

  @Test("Who asks whether an address is taken does not have it yet")
  func probes() {
    var book = book()
    book.take(.station(mac(1), address(1), .neighbour), vlan: 0, at: Self.now)
    book.take(.station(mac(2), address(1), .probe), vlan: 0, at: Self.now)
    #expect(book.owner(of: address(1))?.mac == mac(1))
    #expect(book.takeEvents().count == 3)
  }

  @Test("A lease goes to who has the address that it was sent to")
  func leases() {
    var book = book()
    book.take(.lease(to: address(1), [address(50)]), vlan: 0, at: Self.now)
    book.take(.station(mac(1), address(1), .neighbour), vlan: 0, at: Self.now)
    book.take(.lease(to: address(1), [address(51)]), vlan: 0, at: Self.now)
    #expect(book.everybody.map { $0.holdings.map(\.address) } == [[address(1), address(51)]])
  }

  @Test("A router's word is an event when it is new or another one")
  func routers() {
    var book = book()
    var advertisement = RouterAdvertisement()
    for lifetime in [1800, 1800, 0] as [UInt16] {
      advertisement.lifetime = lifetime
      book.take(.router(mac(1), address(1), advertisement), vlan: 0, at: Self.now)
    }
    #expect(book.takeEvents().count { if case .router = $0 { true } else { false } } == 2)
  }

  @Test("Temporary addresses are told from the one beside them that stays")
  func temporary() {
    var book = book()
    let stable = IPAddress(ipv6High: 0x2001_0db8_0000_0001, low: 0x0000_00ff_fe00_0001)
    let drawn = [0x1a2b_3c4d_5e6f_7081, 0x9182_7364_5566_7788].map {
      IPAddress(ipv6High: 0x2001_0db8_0000_0001, low: $0)
    }
    for address in [drawn[0], stable, drawn[1]] {
      book.take(.station(mac(1), address, .neighbour), vlan: 0, at: Self.now)
    }
    #expect(book.everybody[0].temporary == Set(drawn))
    // Of two that both look drawn one stands for the host; alone one is no less than the host's.
    for address in drawn { book.take(.station(mac(2), address, .neighbour), vlan: 0, at: Self.now) }
    book.take(.station(mac(3), drawn[0], .neighbour), vlan: 0, at: Self.now)
    #expect(book.everybody.map(\.temporary.count) == [2, 1, 0])
  }

  @Test("Where all look drawn the one that was there first lasts, and after a week the one that stayed")
  func lasting() {
    let addresses = [0x1a2b_3c4d_5e6f_7081, 0x9182_7364_5566_7788, 0x5182_7364_5566_7711].map {
      IPAddress(ipv6High: 0x2001_0db8_0000_0001, low: $0)
    }
    func temporary(_ seen: (first: Int64, last: Int64)...) -> Set<IPAddress> {
      TemporaryAddresses.among(
        zip(addresses, seen).map { ($0, Timestamp(seconds: $1.first), Timestamp(seconds: $1.last)) })
    }
    #expect(temporary((5, 9), (4, 4), (6, 99)) == [addresses[0], addresses[2]])
    let day: Int64 = 86_400
    #expect(temporary((0, 7 * day), (day, 9 * day), (8 * day, 9 * day)) == [addresses[0], addresses[2]])
    #expect(temporary((5, 9)) == [])
    // Another prefix is another choice.
    let elsewhere = IPAddress(ipv6High: 0x2001_0db8_0000_0002, low: addresses[0].low)
    #expect(
      TemporaryAddresses.among([
        (addresses[0], Timestamp(seconds: 1), Timestamp(seconds: 1)),
        (elsewhere, Timestamp(seconds: 2), Timestamp(seconds: 2)),
      ]) == [])
  }

  @Test("Who asks whether an address is free is told of, once, and has it only when it uses it")
  func probed() {
    var book = book()
    book.take(.station(mac(1), address(1), .probe), vlan: 0, at: Self.now)
    book.take(.station(mac(1), address(1), .probe), vlan: 0, at: Self.now)
    #expect(book.takeEvents() == [.appeared(mac(1), vlan: 0), .probed(mac(1), address(1))])
    #expect(book.owner(of: address(1)) == nil)
    book.take(.station(mac(1), address(1), .neighbour), vlan: 0, at: Self.now)
    book.take(.station(mac(2), address(1), .probe), vlan: 0, at: Self.now)
    #expect(book.takeEvents() == [.address(mac(1), address(1)), .appeared(mac(2), vlan: 0)])
    #expect(book.owner(of: address(1))?.mac == mac(1))
  }

  @Test("A timestamp clock is one when it goes at a rate that clocks have")
  func clocks() {
    func reading(_ ticks: [(second: Int64, ticks: UInt32)]) -> (zero: Double, rate: Double)? {
      var book = book()
      for one in ticks {
        book.take(.clock(address(1), ticks: one.ticks), vlan: 0, at: Timestamp(seconds: 1000 + one.second))
      }
      return book.clocks[address(1)]?.reading
    }
    let steady = reading([(0, 500_000), (5, 505_003), (60, 560_002), (600, 1_100_001)])
    #expect(steady.map { abs($0.zero - 500) < 1 && $0.rate == 1000 } == true)
    #expect(reading([(0, .max - 100), (100, 24_899)])?.rate == 250, "it may run over")
    #expect(reading([(0, 5), (5, 5005)]) == nil, "five seconds are too few")
    #expect(reading([(0, 1_000_000), (20, 77), (40, 3_000_000_000)]) == nil, "it begins anew each time")
    #expect(reading([(0, 0), (20, 20_000), (40, 77)]) == nil)
  }

  @Test("A flood of addresses at few stations is bounded in all, and takes none away from who has few")
  func floodOfAddresses() {
    var random = SplitMix64(seed: 7)
    var book = book {
      ($0.stations, $0.addresses, $0.addressesOfStation) = (1000, 2000, 64)
    }
    for number in 0..<100 { book.take(.station(mac(number), address(number), .arp), vlan: 0, at: Self.now) }
    for _ in 0..<200_000 {
      let made = IPAddress(ipv6High: 0x2001_0db8_0000_0009, low: random.next())
      book.take(.station(mac(500 + random.below(200)), made, .neighbour), vlan: 0, at: Self.now)
    }
    let all = book.everybody
    #expect(all.reduce(0) { $0 + $1.holdings.count } <= 2000)
    #expect(all.filter { $0.mac.bits & 0xffff < 100 }.allSatisfy { $0.holdings.count == 1 })
    // One that is heard again gets its place.
    let lasting = IPAddress(ipv6High: 0x2001_0db8_0000_0009, low: 1)
    for _ in 0..<2 { book.take(.station(mac(500), lasting, .neighbour), vlan: 0, at: Self.now) }
    #expect(book.owner(of: lasting)?.mac == mac(500))
  }

  @Test("Names are bounded in all, however few say them")
  func floodOfNames() {
    var book = book { $0.services = 50 }
    for number in 0..<1000 {
      book.take(.serverName(address(number % 5), port: 443, "n\(number).example"), vlan: 0, at: Self.now)
      book.take(.address("n\(number % 5).local", address(number)), vlan: 0, at: Self.now)
    }
    #expect(book.services.values.reduce(0) { $0 + $1.count } == 50)
    #expect(book.names.values.reduce(0) { $0 + $1.count } == 50)
    #expect(book.losses.services == 1900)
  }

  @Test("A flood of made-up stations displaces nobody who goes on speaking", arguments: [1, 2, 3])
  func flood(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var book = book { $0.stations = 1024 }
    let real = (0..<300).map { 1 + $0 }
    var spoken: [Int: Int] = [:]
    for _ in 0..<200_000 {
      let isReal = random.onceIn(50)
      let number = isReal ? real[random.below(real.count)] : 1_000_000 + Int(random.next() & 0xff_ffff)
      if isReal { spoken[number, default: 0] += 1 }
      book.take(.station(mac(number), address(number), .neighbour), vlan: 0, at: Self.now)
    }
    let known = Set(book.everybody.map { Int($0.mac.bits & 0xff_ffff) })
    #expect(spoken.count > 290)
    // Some made-up ones come twice, as by an attacker who knows; what speaks more often than these stays.
    #expect(spoken.keys.count { !known.contains($0) } <= 3)
    #expect(book.count <= 1024)
    #expect(book.losses.turnedAway > 100_000)
    // What is counted of addresses is of stations that are there.
    for station in book.everybody { #expect(book.owner(of: station.holdings[0].address)?.mac == station.mac) }
  }

  @Test("Addresses, services, names and events have their limits, and what is beyond is counted")
  func limits() {
    var book = book { limits in
      limits.addressesOfStation = 4
      limits.services = 8
      limits.events = 5
    }
    for number in 0..<20 {
      book.take(.station(mac(1), address(number), .neighbour), vlan: 0, at: Self.now)
      book.take(.service(address(number), port: 443), vlan: 0, at: Self.now)
      book.take(.serverName(address(0), port: 443, "n\(number)"), vlan: 0, at: Self.now)
      book.take(.address("host\(number)", address(number)), vlan: 0, at: Self.now)
    }
    #expect(book.everybody[0].holdings.count == 4 && book.everybody[0].leftOut == 16)
    #expect(book.services.count == 8 && book.names.count == 8 && book.losses.services == 40)
    #expect(book.services[StationBook.ServiceKey(address: address(0), port: 443)]?.count == 4)
    #expect(book.takeEvents().count == 5)
    #expect(book.losses.events == 0)
  }
}
