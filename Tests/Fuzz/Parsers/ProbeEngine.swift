import Observations
import Wire

@testable import Probing

extension FuzzParser {
  /// The input is a programme: what arrives, and when, at an engine whose first tries are all under way.
  static let probeEngine = FuzzParser("probe-engine") { input throws(Violation) in
    var bench = EngineBench(input.first ?? 0)
    var script = Script(input.dropFirst())
    try bench.sendAll()
    while let step = script.byte() {
      switch step & 7 {
      case 0: try bench.receive(script.bytes(script.number()))
      case 1, 2: try bench.receive(bench.reply(&script, isDamaged: step & 7 == 2))
      case 3: bench.now += UInt64(script.number()) * 10_000_000
      case 4: bench.lag = UInt64(script.number()) * 20_000_000
      case 5: bench.engine.captureDropped(UInt64(script.number() & 3), now: bench.now)
      case 6: bench.engine.notSent(probe: script.number() % bench.engine.probes.count, .noRoute)
      default: try bench.sendAll()
      }
    }
    try bench.finish()
  }
}

/// Reads the steps of a programme; what is missing at the end is zero.
struct Script {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func byte() -> UInt8? { rest.popFirst() }
  mutating func number() -> Int { Int(rest.popFirst() ?? 0) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}

/// An engine with probes of every kind and family, and what is known about it without asking it.
struct EngineBench {
  /// Two of each, and one twice: its cookies have to be told apart by the index.
  private static let probes = [AddressFamily.ipv4, .ipv6].flatMap { family in
    [.echo, .tcpSYN(port: 443), .tcpSYN(port: 25), .echo].map {
      Probe(target: Sample.destination(family), kind: $0)
    }
  }

  /// A fixed key: an input has to do the same every time.
  var engine: ProbeEngine
  var now: UInt64 = 1_000_000_000_000
  /// By how much the capture is behind.
  var lag: UInt64 = 0
  /// The packets that left, by probe and try.
  private(set) var sent: [[[UInt8]]]
  private let mostSent: UInt64

  init(_ choice: UInt8) {
    var settings = ProbeSettings()
    (settings.rate, settings.hostRate, settings.prefixRate) = (.infinity, .infinity, .infinity)
    settings.tries = Int(choice & 3)
    settings.extraRounds = Int(choice >> 2 & 3)
    engine = ProbeEngine(probes: Self.probes, settings: settings, key: SipHashKey(low: 1, high: 2))
    engine.captureDropped(0, now: now)
    sent = Self.probes.map { _ in [] }
    mostSent = UInt64(Self.probes.count * max(1, settings.tries) * (1 + min(2, settings.extraRounds)))
  }

  /// Sends whatever may leave now.
  mutating func sendAll() throws(Violation) {
    while case .send(let probe, let attempt) = engine.next(now: now) {
      try require(
        attempt == sent[probe].count, "try \(attempt) of a probe that was sent \(sent[probe].count)")
      let source = Sample.source(engine.probes[probe].target.family)
      var length = 0
      let buffer = written(ProbeWriter.packetCapacity) {
        length = engine.emit(probe: probe, attempt: attempt, source: source, into: &$0)
      }
      sent[probe].append(Array(buffer.prefix(length)))
    }
    let count = sent.reduce(0) { $0 + UInt64($1.count) }
    try require(count == engine.counters.sent, "\(count) packets left, \(engine.counters.sent) are counted")
    try require(count <= mostSent, "\(count) packets are more than the settings allow")
  }

  /// Hands a packet in: it is counted once, and changes no outcome but of a probe whose cookie it holds.
  mutating func receive(_ packet: [UInt8]) throws(Violation) {
    let before = engine.counters
    let outcomes = engine.outcomes
    engine.receive(ipPacket: packet.span.bytes, now: now - min(now, lag))
    let after = engine.counters
    try require(after.received == before.received + 1, "not counted once: \(before), \(after)")
    try require(after.sent == before.sent && after.dropped == before.dropped, "counted as something else")
    let isGenuine =
      after.matched + after.repeated + after.late > before.matched + before.repeated + before.late
    let changed = engine.probes.indices.filter { engine.outcome(of: $0) != outcomes[$0] }
    guard isGenuine else {
      return try require(changed.isEmpty, "the outcomes of \(changed) changed by what is nobody's reply")
    }
    let holders = engine.probes.indices.filter { holdsCookie(packet, of: $0) }
    try require(!holders.isEmpty, "genuine without a cookie")
    try require(changed.isEmpty || after.matched > before.matched, "an outcome changed by what is no match")
    try require(Set(holders).isSuperset(of: changed), "outcomes changed: \(changed), cookies: \(holders)")
  }

  /// Lets all time pass that is left.
  mutating func finish() throws(Violation) {
    try sendAll()
    var steps = 0
    while case .wait(let until) = engine.next(now: now) {
      try require(until > now, "has to wait until \(until), and it is \(now)")
      now = until
      steps += 1
      try require(steps < 10_000, "it never ends")
      try sendAll()
    }
    try require(engine.remaining == 0, "\(engine.remaining) probes remain at the end")
    try require(engine.outcomes.allSatisfy { $0 != nil }, "a probe without an outcome")
  }

  /// Whether the packet repeats, anywhere, what only a try of this probe said: identifier and sequence of an echo,
  /// the sequence number of a SYN or the one after it. Does not dissect, so it is right where a dissector is wrong.
  private func holdsCookie(_ packet: [UInt8], of probe: Int) -> Bool {
    sent[probe].contains { sent in
      let start = sent[0] >> 4 == 4 ? IPv4Header.byteCount : IPv6Header.byteCount
      let field = sent.span.bytes.uint32(at: start + 4)
      let isEcho = engine.probes[probe].kind == .echo
      return packet.count >= 4
        && (0...packet.count - 4).contains { offset in
          let value = packet.span.bytes.uint32(at: offset)
          return value == field || !isEcho && value == field &+ 1
        }
    }
  }
}

extension ProbeCounters {
  /// All packets that were handed in.
  fileprivate var received: UInt64 {
    matched + repeated + late + forged + unrelated + malformed + badChecksum
  }
}
