import Observations
import Testing

@testable import Readiness

@Suite("reach.echo") struct ReachEchoTests {
  @Test("Every outcome of an echo has its verdict")
  func truthTable() {
    let table = probeTable(answered: .answered)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy()
      scene.echo(.host6, outcome)
      #expect(scene.answer(.reachEcho) == expected, "\(outcome)")
    }
  }

  @Test("It decides nothing: with any outcome of the echo the host is operational")
  func decidesNothing() {
    for outcome in ProbeOutcome.samples {
      var scene = Scene.healthy()
      scene.echo(.host6, outcome)
      #expect(scene.state == .operational, "\(outcome)")
    }
  }

  @Test("Unknown when not asked, not applicable without a usable address")
  func edges() {
    var scene = Scene.healthy()
    scene.forget { $0.subject == .echo(.host6) }
    #expect(scene.answer(.reachEcho) == .unknown(.notMeasured))
    scene.host.addresses = [.host4, .address("fd00::1")]
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.reachEcho) == .na(.noUsableAddress))
  }
}
