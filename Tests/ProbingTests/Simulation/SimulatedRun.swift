import Observations
import SeededRandom
import Wire

@testable import Probing

/// One run of the engine over a simulated network: a driver without sockets, and a record of all that happened.
struct SimulatedRun {
  let seed: UInt64
  let probes: [Probe]
  let settings: ProbeSettings
  var engine: ProbeEngine
  /// Every packet that left, in order.
  var sends: [(time: UInt64, probe: Int, attempt: Int)] = []
  /// Every reply the engine was handed, in order.
  var delivered: [Delivery] = []
  /// What the driver saw and told, in order: what a spool would hold.
  var events: [Event] = []
  /// Every reply the capture lost.
  var dropped: [Delivery] = []
  /// The probes the driver could not send.
  var unsendable: Set<Int> = []
  /// What went wrong with the steps themselves.
  var complaints: [String] = []

  /// Something a driver does.
  enum Event {
    case sent([UInt8], time: UInt64)
    case received([UInt8], time: UInt64)
    case dropped(UInt64, from: UInt64, to: UInt64)
    case round(UInt64)
  }

  private var network: SimulatedNetwork
  private var lastReading: UInt64 = 0
  private var sendPlace = 0
  private var random: SplitMix64
  private var onTheWay = DeliveryQueue()
  private var now: UInt64
  /// When the capture loses everything.
  private var gaps: [Range<UInt64>] = []
  private var droppedBefore = 0
  private var nextReading: UInt64

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed &* 0x2545_f491_4f6c_dd1d &+ 1)
    self.seed = seed
    probes = Self.probes(&random)
    settings = Self.settings(&random)
    let key = SipHashKey(low: random.next(), high: random.next())
    engine = ProbeEngine(probes: probes, settings: settings, key: key)
    let loss = random.pick([0, 0, 1, 4, 8])
    let behaviours = probes.map { _ in Self.behaviour(&random, loss: loss) }
    network = SimulatedNetwork(behaviours: behaviours, seed: random.next())
    now = random.next() % 1_000_000_000_000
    nextReading = now
    if random.onceIn(3) {
      for _ in 0...random.below(2) {
        let start = now + random.next() % 8_000_000_000
        gaps.append(start..<start + 10_000_000 + random.next() % 3_000_000_000)
      }
    }
    if random.onceIn(5) { unsendable = Set(probes.indices.filter { _ in random.onceIn(6) }) }
    self.random = random
  }

  /// Runs until the engine is finished.
  mutating func run() {
    readDropCounter()
    var isLastReading = false
    for _ in 0..<200_000 {
      // A driver may look at the clock before it has emptied the capture.
      if !random.onceIn(5) { deliverArrived() }
      let rounds = engine.rounds.count
      let step = engine.next(now: now)
      if engine.rounds.count > rounds { events.append(.round(now)) }
      // The engine counts a packet as sent from here on, whatever arrives before it has left.
      sendPlace = events.count
      deliverArrived()
      switch step {
      case .send(let probe, let attempt): send(probe, attempt)
      case .wait(let until):
        if until <= now { complaints.append("told at \(now) to wait until \(until)") }
        now = max(now + 1, min(until, onTheWay.nextTime ?? until, nextReading))
        if now >= nextReading { readDropCounter() }
      case .finished:
        if isLastReading { return }
        readDropCounter()
      }
      isLastReading = step == .finished
    }
    complaints.append("no end after 200,000 steps")
  }

  private mutating func send(_ probe: Int, _ attempt: Int) {
    guard !unsendable.contains(probe) else {
      engine.notSent(probe: probe, .neighbourSilent)
      return
    }
    var buffer = Array(repeating: 0xee as UInt8, count: ProbeWriter.packetCapacity)
    var span = buffer.mutableSpan
    var raw = span.mutableBytes
    let source = probes[probe].target.family == .ipv4 ? vantage4 : vantage6
    let length = engine.emit(probe: probe, attempt: attempt, source: source, into: &raw)
    let packet = SentPacket(bytes: Array(buffer.prefix(length)))
    sends.append((now, probe, attempt))
    events.insert(.sent(packet.bytes, time: now), at: sendPlace)
    for reply in network.replies(to: packet, probe: probe, attempt: attempt, now: now) {
      onTheWay.insert(reply)
    }
  }

  private mutating func deliverArrived() {
    while let delivery = onTheWay.popDue(at: now) {
      if gaps.contains(where: { $0.contains(delivery.time) }) {
        dropped.append(delivery)
      } else {
        delivered.append(delivery)
        let bytes = delivery.bytes
        events.append(.received(bytes, time: delivery.time))
        engine.receive(ipPacket: bytes.span.bytes, now: delivery.time)
      }
    }
  }

  private mutating func readDropCounter() {
    let count = UInt64(dropped.count - droppedBefore)
    if count > 0 { events.append(.dropped(count, from: lastReading, to: now)) }
    lastReading = now
    engine.captureDropped(count, now: now)
    droppedBefore = dropped.count
    nextReading = now + 250_000_000
  }
}

/// Where the simulated packets come from.
let vantage6 = IPAddress(ipv6High: 0x2001_0db8_0000_ffff, low: 1)
let vantage4 = IPAddress(ipv4: 0xc000_02fe)

extension SimulatedRun {
  private static func probes(_ random: inout SplitMix64) -> [Probe] {
    let prefixes = 1 + random.below(4)
    let hosts = (0...random.below(16)).map { _ in
      let prefix = random.below(prefixes)
      return random.onceIn(3)
        ? IPAddress(ipv4: 0xc612_0000 | UInt32(prefix) << 8 | UInt32(random.below(250) + 2))
        : IPAddress(
          ipv6High: 0x2001_0db8_0000_0000 | UInt64(prefix) << 16, low: UInt64(random.below(9999) + 2))
    }
    return (0..<1 + random.below(40)).map { _ in
      Probe(
        target: random.pick(hosts),
        kind: random.onceIn(3) ? .echo : .tcpSYN(port: random.pick([22, 25, 80, 443, 8080])))
    }
  }

  private static func settings(_ random: inout SplitMix64) -> ProbeSettings {
    var settings = ProbeSettings()
    settings.rate = random.pick([7, 20, 100, 1_000, 50_000])
    settings.hostRate = random.pick([1, 2, 10, 1_000, .infinity])
    settings.prefixRate = random.pick([3, 10, 50, 2_500, .infinity])
    settings.tries = 1 + random.below(4)
    settings.timeout = random.pick([50_000_000, 300_000_000, 1_000_000_000])
    settings.backoff = random.pick([1, 1.5, 2])
    settings.jitter = random.pick([0, 0.1, 0.5])
    settings.extraRounds = random.below(3)
    return settings
  }

  private static func behaviour(_ random: inout SplitMix64, loss: Int) -> Behaviour {
    let kinds: [Behaviour.Kind] = [
      .open, .open, .open, .closed, .silent, .refused, .unreachable, .slowNeighbour, .hostile,
    ]
    return Behaviour(
      kind: random.pick(kinds), delay: random.pick([20_000, 3_000_000, 200_000_000, 1_500_000_000]),
      jitter: random.pick([0, 1_000_000, 900_000_000]), loss: loss, duplicates: random.pick([0, 0, 4, 16]))
  }
}
