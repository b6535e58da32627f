import Probing
import SeededRandom
import Wire

extension SimulatedSweep {
  /// A sweep of which everything follows from one number.
  init(seed: UInt64) {
    var random = SplitMix64(seed: seed &* 0x2545_f491_4f6c_dd1d &+ 99)
    let targets = Self.targets(&random)
    let probes: [SweepProbe] = [
      .echo, .echo, .tcp(port: 443), .udp(port: 53), .udp(port: 123), .udp(port: 161), .udp(port: 5060),
      .udp(port: 999),
    ]
    let shards = ["1/1", "1/1", "1/3", "2/3", "3/3"]
    let plan = SweepPlan(
      targets, probe: random.pick(probes), tries: 1 + random.below(3),
      shard: SweepShard(random.pick(shards)) ?? .whole, limit: random.onceIn(4) ? 1 + random.below(50) : nil,
      seed: random.next())
    let pace = SweepPace(
      rate: random.pick([7, 100, 1_000, 20_000, .infinity]),
      prefixRate: random.pick([3, 50, 2_500, .infinity, .infinity]))
    var world = SweepWorld(
      kinds: random.pick([
        [.open], [.open, .open, .silent], SweepWorld.Kind.allCases, [.silent],
        [.unreachable, .open, .slowNeighbour],
      ]),
      delay: random.pick([20_000, 3_000_000, 200_000_000, 1_500_000_000]),
      jitter: random.pick([0, 1_000_000, 900_000_000]), seed: random.next())
    world.loss = random.pick([0, 0, 3, 64])
    world.duplicates = random.pick([0, 0, 64, 256])
    world.noise = random.pick([0, 30])
    if random.onceIn(3) {
      let target = plan.count > 0 ? plan.target(at: random.below(plan.count)) : vantage6
      let length = target.family == .ipv4 ? 26 : 52 + random.below(12)
      world.areas = [
        .init(
          prefix: Prefix(target, length: length), kind: random.pick([nil, .open, .silent, .unreachable]),
          limit: random.pick([nil, 5, 50]))
      ]
    }
    self.init(
      plan, pace: pace, wait: random.pick([50_000_000, 500_000_000, 1_000_000_000]), world: world,
      start: 1 + random.next() % 1_000_000_000_000)
    senders = pace.senders(atMost: 1 + random.below(3))
    isAdaptive = pace.rate.isFinite && random.onceIn(2)
    if random.onceIn(3) {
      for _ in 0...random.below(2) {
        let from = began + random.next() % 8_000_000_000
        let length = random.onceIn(6) ? 600_000_000_000 : 10_000_000 + random.next() % 3_000_000_000
        gaps.append(from..<from + length)
      }
    }
    if random.onceIn(5) { unsendable = Set((0..<plan.count).filter { _ in random.onceIn(6) }) }
    if random.onceIn(3) { interruptions = (0...random.below(3)).map { _ in random.below(200) }.sorted() }
    if random.onceIn(3) {
      let span: UInt64 = random.pick([1_000_000_000, 10_000_000_000, 60_000_000_000])
      kills = (0...random.below(5)).map { _ in began + random.next() % span }.sorted()
    }
  }

  private static func targets(_ random: inout SplitMix64) -> SweepTargets {
    if random.onceIn(3) {
      var list = AddressList(capacity: 120, key: SipHashKey(low: random.next(), high: random.next()))
      for _ in 0...random.below(119) {
        list.append(
          random.onceIn(3)
            ? IPAddress(ipv4: 0xc612_0000 | UInt32(random.below(1 << 10)))
            : IPAddress(
              ipv6High: 0x2001_0db8_0000_0000 | UInt64(random.below(5)) << 16, low: UInt64(random.below(90))))
      }
      return .list(list)
    }
    let isIPv4 = random.onceIn(3)
    let length = isIPv4 ? 25 + random.below(8) : 57 + random.below(8)
    let prefixes = (0...random.below(3)).map { number in
      isIPv4
        ? Prefix(IPAddress(ipv4: 0xc612_0000 | UInt32(number) << 8), length: length)
        : Prefix(IPAddress(ipv6High: 0x2001_0db8_0000_0000 | UInt64(number) << 16, low: 0), length: length)
    }
    let identifiers =
      isIPv4
      ? [IPAddress(ipv4: 0)]
      : (0...random.below(3)).map { IPAddress(ipv6High: 0, low: UInt64($0 * 0x1111 + 1)) }
    // These are always valid.
    guard
      let pattern = try? AddressPattern(prefixes, subnetLength: isIPv4 ? 32 : 64, identifiers: identifiers)
    else {
      return .list(AddressList(capacity: 0, key: SipHashKey(low: 0, high: 0)))
    }
    return .pattern(pattern)
  }
}
