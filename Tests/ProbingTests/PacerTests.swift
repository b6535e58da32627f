import SeededRandom
import Testing
import Wire

@testable import Probing

@Suite struct PacerTests {
  private func host(_ prefix: Int, _ number: Int) -> IPAddress {
    IPAddress(ipv6High: 0x2001_0db8_0000_0000 | UInt64(prefix) << 16, low: UInt64(number))
  }
  private let second: UInt64 = 1_000_000_000

  @Test("a host that waits long leaves the time until then to others")
  func skipsAhead() {
    var pacer = Pacer(rate: 100, hostRate: 1, prefixRate: 10)
    for turn in 0..<5 as Range<UInt64> {
      #expect(pacer.reserve(host(1, 1), now: 7) == 7 + turn * second)
    }
    #expect(pacer.reserve(host(1, 2), now: 7) == 7 + second / 10)
    #expect(pacer.reserve(host(2, 1), now: 7) == 7 + second / 100)
  }

  @Test("prefixes that belong together are spared as one, the longest that holds an address counts")
  func groups() {
    let agency = [Prefix(host(1, 0), length: 48), Prefix(host(2, 0), length: 48)]
    let inside = [Prefix(IPAddress(ipv6High: host(1, 0).high | 7, low: 0), length: 64)]
    var pacer = Pacer(
      rate: .infinity, hostRate: .infinity, prefixRate: 10, groups: PacingGroups([agency, inside]))
    #expect(pacer.reserve(host(1, 1), now: 0) == 0)
    #expect(pacer.reserve(host(2, 1), now: 0) == second / 10)
    #expect(pacer.reserve(IPAddress(ipv6High: host(1, 0).high | 7, low: 1), now: 0) == 0)
    // What nobody has registered goes by its /48.
    #expect(pacer.reserve(host(3, 1), now: 0) == 0)
    #expect(pacer.reserve(host(4, 1), now: 0) == 0)
    #expect(pacer.reserve(host(4, 2), now: 0) == second / 10)
    // Both families of an agency are one.
    let both = [agency[0], Prefix(IPAddress(ipv4: 0xc612_0000), length: 24)]
    var dual = Pacer(rate: .infinity, hostRate: .infinity, prefixRate: 10, groups: PacingGroups([both]))
    #expect(dual.reserve(IPAddress(ipv4: 0xc612_0001), now: 0) == 0)
    #expect(dual.reserve(host(1, 1), now: 0) == second / 10)
  }

  @Test("no window of a second holds more than the rates allow, in whatever order they ask")
  func neverTooFast() {
    for seed in 0..<40 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let rates = (random.pick([5.0, 30, 1_000]), random.pick([1.0, 2, 7]), random.pick([3.0, 10]))
      var pacer = Pacer(rate: rates.0, hostRate: rates.1, prefixRate: rates.2)
      var now: UInt64 = 0
      var departures: [(time: UInt64, host: IPAddress)] = []
      for _ in 0..<200 {
        now += random.next() % (second / 20)
        let host = host(random.below(3), random.below(4))
        let time = pacer.reserve(host, now: now)
        #expect(time >= now)
        departures.append((time, host))
      }
      departures.sort { $0.time < $1.time }
      #expect(Double(mostInOneSecond(departures.map(\.time))) <= rates.0)
      for (host, own) in Dictionary(grouping: departures, by: \.host) {
        #expect(Double(mostInOneSecond(own.map(\.time))) <= rates.1, "\(host)")
      }
      for (prefix, own) in Dictionary(grouping: departures, by: \.host.pacingPrefix) {
        #expect(Double(mostInOneSecond(own.map(\.time))) <= rates.2, "\(prefix)")
      }
    }
  }

  @Test("addresses are forgotten once their buckets are full again")
  func forgets() {
    var pacer = Pacer(rate: 10_000, hostRate: 2, prefixRate: 1_000)
    var most = 0
    for number in 0..<50_000 {
      _ = pacer.reserve(host(number % 7, number), now: UInt64(number) * 1_000_000)
      most = max(most, pacer.rememberedHosts)
    }
    // 500 addresses are within half a second of their departure at any time.
    #expect(most < 1_200)
  }

  @Test("without limits everything leaves at once")
  func unlimited() {
    var pacer = Pacer(rate: .infinity, hostRate: .infinity, prefixRate: .infinity)
    for _ in 0..<1000 { #expect(pacer.reserve(host(1, 1), now: 42) == 42) }
  }

  @Test(
    "a limit with bursts never gives out more than its rate in a second, and little less",
    arguments: [1, 3, 10, 100, 999, 2_000, 10_000, 65_536, 400_000])
  func bursts(_ rate: Double) {
    let limit = RateLimit(rate: rate, bursts: true)
    var arrival: UInt64 = 0
    var times: [UInt64] = []
    var random = SplitMix64(seed: UInt64(rate))
    // A sender that is always late by something takes every token it can get.
    var now: UInt64 = second
    while now < 4 * second, times.count < 500_000 {
      if limit.ready(arrival) <= now {
        times.append(now)
        arrival = limit.after(arrival, now: now)
      } else {
        now = limit.ready(arrival) + random.next() % (second / UInt64(rate) + 1) / 4
      }
    }
    #expect(Double(mostInOneSecond(times)) <= rate)
    if rate >= 2_000 {
      let reached = Double(times.count - 1) / (Double(times[times.count - 1] - times[0]) / 1e9)
      #expect(reached > 0.97 * rate, "\(reached) packets/s of \(rate)")
    }
  }
}
