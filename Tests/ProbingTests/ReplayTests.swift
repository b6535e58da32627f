import Observations
import SeededRandom
import Testing
import Wire

@testable import Probing

/// The packets of a run, told again, give its outcomes again.
@Suite struct ReplayTests {
  @Test("simulated networks, a part of their probes told again: the same outcomes, field by field")
  func sameOutcomes() {
    var compared = 0
    for seed in 0..<3000 as Range<UInt64> {
      var run = SimulatedRun(seed: seed)
      run.run()
      var random = SplitMix64(seed: seed)
      let kept = run.probes.indices.filter { _ in !random.onceIn(3) }
      var engine = ProbeEngine(
        replaying: kept.map { run.probes[$0] }, numbers: kept.map { UInt32($0) }, settings: run.settings,
        key: run.engine.writer.cookieKey)
      for event in run.events {
        switch event {
        case .sent(let bytes, let time): engine.replay(sent: bytes.span.bytes, now: time)
        case .received(let bytes, let time): engine.replay(received: bytes.span.bytes, now: time)
        case .dropped(let count, let from, let to):
          engine.captureDropped(0, now: from)
          engine.captureDropped(count, now: to)
        case .round(let time): engine.replay(roundAt: time)
        }
      }
      engine.endReplay()
      for (index, probe) in kept.enumerated() where !run.unsendable.contains(probe) {
        let before = run.engine.outcome(of: probe)
        let after = engine.outcome(of: index)
        compared += 1
        #expect(before == after, "seed \(seed), probe \(probe)")
        #expect(
          run.engine.roundTrip(of: probe) == engine.roundTrip(of: index), "seed \(seed), probe \(probe)")
      }
    }
    #expect(compared > 10_000)
  }

  @Test("what is no packet of the run changes nothing")
  func strangers() {
    let probe = Probe(target: IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 7), kind: .echo)
    var random = SplitMix64(seed: 1)
    var engine = ProbeEngine(
      replaying: [probe], numbers: [41], settings: ProbeSettings(), key: SipHashKey(low: 1, high: 2))
    for _ in 0..<5000 {
      let bytes = (0..<random.below(90)).map { _ in UInt8(random.below(256)) }
      #expect(engine.replay(sent: bytes.span.bytes, now: 1_000) == nil)
      engine.replay(received: bytes.span.bytes, now: 1_000)
    }
    engine.endReplay()
    #expect(engine.outcome(of: 0) == nil)
  }
}
