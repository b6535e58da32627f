import Testing
import Wire

@testable import Probing

/// One engine and a hand on its clock.
struct Bench {
  var engine: ProbeEngine
  var now: UInt64 = 1_000_000_000_000

  init(_ probes: [Probe], _ adjust: (inout ProbeSettings) -> Void = { _ in }) {
    var settings = ProbeSettings()
    settings.jitter = 0
    (settings.rate, settings.hostRate, settings.prefixRate) = (.infinity, .infinity, .infinity)
    adjust(&settings)
    engine = ProbeEngine(probes: probes, settings: settings, key: SipHashKey(low: 1, high: 2))
    engine.captureDropped(0, now: now)
  }

  /// Lets time pass until a packet leaves; `nil` when the engine is finished.
  mutating func nextPacket() -> (packet: SentPacket, probe: Int)? {
    while true {
      switch engine.next(now: now) {
      case .send(let probe, let attempt): return (packet(probe, attempt), probe)
      case .wait(let until): now = until
      case .finished: return nil
      }
    }
  }

  /// The next packet; a failure when there is none.
  mutating func send() throws -> (packet: SentPacket, probe: Int) {
    let next = nextPacket()
    return try #require(next)
  }

  func packet(_ probe: Int, _ attempt: Int) -> SentPacket {
    var buffer = Array(repeating: 0 as UInt8, count: ProbeWriter.packetCapacity)
    var span = buffer.mutableSpan
    var raw = span.mutableBytes
    let source = engine.probes[probe].target.family == .ipv4 ? vantage4 : vantage6
    let length = engine.emit(probe: probe, attempt: attempt, source: source, into: &raw)
    return SentPacket(bytes: Array(buffer.prefix(length)))
  }

  mutating func receive(_ bytes: [UInt8], after delay: UInt64 = 0) {
    now += delay
    engine.receive(ipPacket: bytes.span.bytes, now: now)
  }

  mutating func finish() { while nextPacket() != nil {} }
}

/// A target in documentation space.
func target(_ number: Int, prefix: Int = 0, _ family: AddressFamily = .ipv6) -> IPAddress {
  family == .ipv4
    ? IPAddress(ipv4: 0xc612_0000 | UInt32(prefix) << 8 | UInt32(number))
    : IPAddress(ipv6High: 0x2001_0db8_0000_0000 | UInt64(prefix) << 16, low: UInt64(number))
}
