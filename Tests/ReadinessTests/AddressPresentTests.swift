import Observations
import Testing
import Wire

@testable import Readiness

@Suite("address.present") struct AddressPresentTests {
  /// By hand, from the rubric: with nothing declared, NODATA and NXDOMAIN are denials, all else is no answer.
  static let table: [LookupOutcome: Expected] = [
    .aaaa(.host6): .pass(.addressPublished),
    .answer(addresses: [.host6], aliases: ["cdn.example"]): .pass(.addressPublished),
    .aaaa(): .unknown(.aaaaNotAnswered),
    .noData: .fail(.noAddress),
    .nxDomain: .fail(.noAddress),
    .servFail: .unknown(.aaaaNotAnswered),
    .refused: .unknown(.aaaaNotAnswered),
    .failed(rcode: 1): .unknown(.aaaaNotAnswered),
    .failed(rcode: 4): .unknown(.aaaaNotAnswered),
    .malformed("the question is another"): .unknown(.aaaaNotAnswered),
    .timeout(tries: 3): .unknown(.aaaaNotAnswered),
    .unreachable("connection refused"): .unknown(.aaaaNotAnswered),
  ]

  @Test("With nothing declared, every outcome of the question for AAAA has its verdict")
  func truthTable() {
    expectComplete(Self.table)
    for (outcome, expected) in Self.table {
      var scene = Scene.healthy()
      scene.host.addresses = [.host4]
      scene.lookup(.aaaa, outcome)
      #expect(scene.answer(.addressPresent) == expected, "\(outcome)")
    }
  }

  @Test("A declared address is enough, whatever DNS says", arguments: LookupOutcome.samples)
  func declared(outcome: LookupOutcome) {
    var scene = Scene.healthy()
    scene.lookup(.aaaa, outcome)
    #expect(scene.answer(.addressPresent) == .pass(.addressDeclared))
  }

  @Test("Of two names one may be denied, but not unanswered, for a denial of both")
  func twoNames() {
    var scene = Scene.healthy(names: ["a.example", "b.example"])
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData, name: "a.example")
    scene.lookup(.aaaa, .nxDomain, name: "b.example")
    #expect(scene.answer(.addressPresent) == .fail(.noAddress))
    scene.lookup(.aaaa, .servFail, name: "b.example")
    #expect(scene.answer(.addressPresent) == .unknown(.aaaaNotAnswered))
    scene.lookup(.aaaa, .aaaa(.host6), name: "b.example")
    #expect(scene.answer(.addressPresent) == .pass(.addressPublished))
  }

  @Test("Not asked is not answered; without a name there is nothing to ask")
  func notAsked() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    scene.forget { [.lookup(Scene.name, .aaaa), .authority(Scene.name, .aaaa)].contains($0.subject) }
    #expect(scene.answer(.addressPresent) == .unknown(.notMeasured))
    scene.host.names = []
    #expect(scene.answer(.addressPresent) == .fail(.noAddress))
  }

  @Test("It is judged at a vantage without IPv6 too")
  func withoutIPv6() {
    var scene = Scene.healthy()
    scene.control(.positive, .notSent(.noRoute))
    #expect(scene.answer(.addressPresent) == .pass(.addressDeclared))
  }

  @Test("What only an authoritative server gives is published too")
  func authoritative() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    scene.authority([.nameServer2], .answer([.host6]))
    #expect(scene.answer(.addressPresent) == .pass(.addressPublished))
  }

  @Test("What a DNS64 makes up is no address, and denies that there is one")
  func synthesised() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    let madeUp = IPAddress.address("2001:db8:64::c612:10a")
    scene.lookup(.aaaa, .aaaa(madeUp))
    scene.authority([.nameServer1], .noData)
    #expect(scene.answer(.addressPresent) == .pass(.addressPublished))
    scene.observe(.synthesis(prefixes: [Prefix(madeUp, length: 96)]), host: "")
    #expect(scene.answer(.addressPresent) == .fail(.noAddress))
    #expect(scene.answer(.dnsLive) == .na(.noAAAAPublished))
    #expect(scene.state == .none)
    // The well-known prefix is never real either, once synthesis was seen.
    scene.lookup(.aaaa, .aaaa(.address("64:ff9b::c612:10a")))
    scene.authority([.nameServer1], .noData)
    #expect(scene.answer(.addressPresent) == .fail(.noAddress))
  }
}
