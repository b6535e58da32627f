import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("The figure as others count it") struct ParallelViewsTests {
  static func outcomes(_ scene: Scene) -> [String: Tally] {
    Dictionary(uniqueKeysWithValues: parallelViews(scene.judgement).map { ($0.id, $0.tally) })
  }

  @Test("A healthy website: what is measured counts, what is not is unknown")
  func healthy() {
    let views = Self.outcomes(.healthy())
    #expect(views["nist-web"]?.converted == 1)
    #expect(views["omb-ipv6-only"]?.notConverted == 1, "it still has IPv4")
    #expect(views["omb-ipv6-capable"]?.unknown == 1, "this vantage has IPv4")
    #expect(views["nist-dns"]?.total == 0 && views["nist-mail"]?.total == 0)
    #expect(views["internet.nl-web"]?.converted == 1)
    // The first policy does not ask for name servers and content: not measured, and not made up.
    var early = Scene.healthy()
    early.policy = .firstLab
    #expect(Self.outcomes(early)["internet.nl-web"]?.unknown == 1)
  }

  @Test("An invalid certificate: the service runs, as NIST counts, though it is not converted")
  func certificate() {
    var scene = Scene.healthy()
    scene.handshake(.https, name: Scene.name, .tls(.expired))
    #expect(scene.state == .reachable)
    #expect(Self.outcomes(scene)["nist-web"]?.converted == 1)
  }

  @Test("Without IPv6 nobody counts it")
  func none() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    let views = Self.outcomes(scene)
    for id in ["internet.nl-web", "nist-web", "omb-ipv6-only", "omb-ipv6-capable"] {
      #expect(views[id]?.notConverted == 1, "\(id)")
    }
  }

  @Test("IPv6 alone is what OMB counts")
  func alone() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host6]
    scene.lookup(.a, .noData)
    #expect(Self.outcomes(scene)["omb-ipv6-only"]?.converted == 1)
  }
}
