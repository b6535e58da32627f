import Observations
import Testing
import Wire

@testable import Probing

/// What must hold in every network, checked against the record of what really happened.
@Suite struct SimulationTests {
  @Test("ten thousand simulated networks", arguments: Seeds.parts)
  func manyNetworks(_ part: Int) {
    Seeds.run(part) { seed in
      var run = SimulatedRun(seed: seed)
      run.run()
      return run.complaints + run.checkTotals() + run.checkRates() + run.checkOutcomes()
    }
  }

  @Test("the same seed gives the same run, packet by packet")
  func repeatable() {
    for seed in 0..<20 as Range<UInt64> {
      var first = SimulatedRun(seed: seed)
      var second = SimulatedRun(seed: seed)
      first.run()
      second.run()
      #expect(first.sends.map(\.time) == second.sends.map(\.time))
      #expect(first.sends.map(\.probe) == second.sends.map(\.probe))
      #expect(first.engine.outcomes == second.engine.outcomes)
      #expect(first.engine.counters == second.engine.counters)
    }
  }

  @Test("the simulated networks bring about every outcome and every counter, or the checks would be idle")
  func coverage() {
    var kinds: Set<String> = []
    var sum = ProbeCounters()
    for seed in 0..<200 as Range<UInt64> {
      var run = SimulatedRun(seed: seed)
      run.run()
      kinds.formUnion(run.engine.outcomes.map { $0?.name ?? "none" })
      let counters = run.engine.counters
      sum.repeated += counters.repeated
      sum.late += counters.late
      sum.forged += counters.forged
      sum.unrelated += counters.unrelated
      sum.malformed += counters.malformed
      sum.badChecksum += counters.badChecksum
    }
    #expect(kinds == ["answered", "closed", "rejected", "silent", "notSent", "unmeasured"])
    #expect(
      [sum.repeated, sum.late, sum.forged, sum.unrelated, sum.malformed, sum.badChecksum].allSatisfy {
        $0 > 100
      })
  }
}

extension ProbeOutcome {
  fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
