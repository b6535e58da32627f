import Observations
import Probing
import Testing
import Wire

/// What must hold for a sweep of any network, checked against the record of what really happened.
@Suite struct SweepSimulationTests {
  @Test("ten thousand sweeps", arguments: Seeds.parts)
  func manySweeps(_ part: Int) {
    Seeds.run(part) { seed in
      var sweep = SimulatedSweep(seed: seed)
      sweep.run()
      return sweep.check()
    }
  }

  @Test("the same seed gives the same sweep, packet by packet")
  func repeatable() {
    for seed in 0..<20 as Range<UInt64> {
      var first = SimulatedSweep(seed: seed)
      var second = SimulatedSweep(seed: seed)
      first.run()
      second.run()
      #expect(first.sends.map(\.time) == second.sends.map(\.time))
      #expect(first.sends.map(\.place) == second.sends.map(\.place))
      #expect(first.findings == second.findings)
      #expect(first.counters == second.counters)
    }
  }

  @Test("the simulated sweeps bring about every outcome and every counter, or the checks would be idle")
  func coverage() {
    var kinds: Set<String> = []
    var sum = SweepCounters()
    for seed in 0..<400 as Range<UInt64> {
      var sweep = SimulatedSweep(seed: seed)
      sweep.run()
      kinds.formUnion(sweep.findings.map { String("\($0.outcome)".prefix { $0 != "(" }) })
      sum.add(sweep.counters)
    }
    #expect(kinds == ["answered", "closed", "rejected", "silent", "unknown", "notSent"])
    #expect(
      [sum.repeated, sum.forged, sum.stray, sum.unrelated, sum.malformed, sum.badChecksum].allSatisfy {
        $0 > 20
      },
      "\(sum)")
  }
}
