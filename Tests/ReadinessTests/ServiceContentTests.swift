import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("service.content") struct ServiceContentTests {
  /// By hand, from the rubric: every page over IPv6 against a good page over IPv4.
  static let table: [PageOutcome: Expected] = {
    var table: [PageOutcome: Expected] = [
      .page(): .pass(.sameContent),
      .page("bb"): .unknown(.notMeasured),
      .page(status: 404): .fail(.statusDiffers),
      .page(status: 503): .fail(.statusDiffers),
      .page(url: "https://other.example/"): .fail(.finalURLDiffers),
      .page("bb", encoding: "gzip"): .fail(.contentEncoded),
      .bodyFailed(url: PageOutcome.home, status: 200, outcome: .timeout(.exchange)): .fail(.bodyIncomplete),
      .redirectLoop(url: PageOutcome.home): .fail(.redirectLoop),
      .redirectMalformed(url: PageOutcome.home, location: "gopher://x"): .fail(.redirectMalformed),
      .redirectOutside(url: "https://far.example/", status: 302, addresses: [.secondHost6]):
        .fail(.finalURLDiffers),
      .redirectOutside(url: "https://far.example/", status: 302, addresses: [.address("fd00::1")]):
        .fail(.redirectWithoutIPv6),
    ]
    for (outcome, expected) in brokenHandshakeTable {
      table[.failed(url: PageOutcome.home, outcome: outcome)] = expected
    }
    for lookup in LookupOutcome.samples {
      let isUnknown = if case .unreachable = lookup { true } else { false }
      table[.redirectLost(url: "https://old.example/", lookup: lookup)] =
        isUnknown ? .unknown(.resolverSilent) : .fail(.redirectWithoutIPv6)
    }
    return table
  }()

  @Test("Every outcome over IPv6, with the page over IPv4")
  func overIPv6() {
    expectComplete(Self.table)
    for (outcome, expected) in Self.table {
      var scene = Scene.healthy()
      scene.page(.https, outcome)
      #expect(scene.answer(.serviceContent) == expected, "\(outcome)")
    }
  }

  @Test("Every outcome over IPv4, with the page over IPv6: a page that IPv4 does not give is not missed")
  func overIPv4() {
    for outcome in PageOutcome.samples {
      var scene = Scene.healthy()
      scene.page(.https, at: .host4, outcome)
      let expected: Expected
      switch outcome {
      case .fetched(let page):
        expected =
          page.status != 200
          ? .fail(.statusDiffers)
          : page.url != PageOutcome.home
            ? .fail(.finalURLDiffers)
            : page.contentSHA256 == "aa" ? .pass(.sameContent) : .unknown(.notMeasured)
      case .failed(_, let failure) where brokenHandshakeTable[failure]?.verdict == .unknown:
        expected = brokenHandshakeTable[failure] ?? .na(.noPageOverIPv4)
      case .failed, .bodyFailed, .redirectLost, .redirectLoop, .redirectMalformed:
        expected = .na(.noPageOverIPv4)
      case .redirectOutside: expected = .fail(.finalURLDiffers)
      }
      #expect(scene.answer(.serviceContent) == expected, "\(outcome)")
    }
  }

  @Test(
    "The share that differs, against 10 %",
    arguments: [(0, true), (1, true), (100, true), (101, false), (1000, false)])
  func difference(perThousand: Int, isSame: Bool) {
    var scene = Scene.healthy()
    scene.page(.https, .page("bb"))
    scene.difference(perThousand)
    #expect(scene.answer(.serviceContent) == (isSame ? .pass(.sameContent) : .fail(.contentDiffers)))
  }

  @Test("An equal error of the server says nothing about IPv6, an equal 404 is the same page")
  func equalErrors() {
    for (status, expected) in [
      (500, Expected.unknown(.serverErrorOnBoth)), (503, .unknown(.serverErrorOnBoth)),
      (404, .pass(.sameContent)),
    ] {
      var scene = Scene.healthy()
      scene.page(.https, .page(status: status))
      scene.page(.https, at: .host4, .page(status: status))
      #expect(scene.answer(.serviceContent) == expected, "\(status)")
    }
  }

  @Test("Redirects out of the scope are judged from DNS alone, if both families lead to the same place")
  func outside() {
    let outcome = PageOutcome.redirectOutside(
      url: "https://far.example/?state=1", status: 302, addresses: [.secondHost6])
    var scene = Scene.healthy()
    scene.page(.https, outcome)
    scene.page(
      .https, at: .host4,
      .redirectOutside(url: "https://far.example/?state=2", status: 302, addresses: [.secondHost4]))
    #expect(scene.answer(.serviceContent) == .pass(.redirectOutsideScope))
  }

  @Test("Without IPv4, or with a dead one, there is nothing to compare; what is broken over IPv6 still fails")
  func withoutIPv4() {
    var alone = Scene.healthy()
    alone.host.addresses = [.host6]
    alone.lookup(.a, .noData)
    #expect(alone.answer(.serviceContent) == .na(.ipv4NotDeclared))
    alone.page(.https, .redirectLost(url: "https://old.example/", lookup: .noData))
    #expect(alone.answer(.serviceContent) == .fail(.redirectWithoutIPv6))
    var dead = Scene.healthy()
    dead.silence(.host4)
    #expect(dead.answer(.serviceContent) == .na(.ipv4Dead))
  }

  @Test("One IPv4 address with the same page is enough, one that could not be asked is not")
  func severalIPv4() {
    var scene = Scene.healthy()
    scene.host.addresses.append(.secondHost4)
    scene.echo(.secondHost4, .reply)
    #expect(scene.answer(.serviceContent) == .pass(.sameContent))
    scene.page(.https, at: .host4, .page("bb"))
    scene.difference(900)
    #expect(scene.answer(.serviceContent) == .unknown(.notMeasured))
    scene.port(443, at: .secondHost4, .nothing)
    #expect(scene.answer(.serviceContent) == .fail(.contentDiffers))
    scene.serve(.https, at: .secondHost4)
  }

  @Test("A host without a name is asked by its address, which is no difference")
  func literal() {
    var scene = Scene.healthy(names: [])
    scene.page(.https, name: nil, .page(url: "https://[2001:db8:1::10]/start"))
    scene.page(.https, at: .host4, name: nil, .page(url: "https://198.18.1.10/start"))
    #expect(scene.answer(.serviceContent) == .pass(.sameContent))
  }

  @Test("A closed port, no web service, no IPv6 at the vantage")
  func beside() {
    var closed = Scene.healthy()
    closed.port(443, .reset)
    #expect(closed.answer(.serviceContent) == .fail(.closed))
    #expect(Scene.healthy([.ssh]).answer(.serviceContent) == .na(.noWebService))
    var blind = Scene.healthy()
    blind.control(.positive, .nothing)
    #expect(blind.answer(.serviceContent) == .unknown(.vantageWithoutIPv6))
    #expect(blind.answer(.serviceLinks) == .unknown(.vantageWithoutIPv6))
  }

  @Test("The page counts whatever the certificate")
  func certificate() {
    var scene = Scene.healthy()
    scene.handshake(.https, name: Scene.name, .tls(.wrongName))
    #expect(scene.answer(.serviceContent) == .pass(.sameContent))
    #expect(scene.answer(.serviceHandshake) == .fail(.certificateWrongName))
  }
}

@Suite("service.links and service.resources") struct ServiceReferencesTests {
  @Test(
    "Shares are cut in integers", arguments: [(17, 3, true), (16, 4, false), (85, 15, true), (84, 16, false)])
  func links(works: Int, lost: Int, passes: Bool) {
    var scene = Scene.healthy()
    scene.references(.links, ReferenceTally(found: 200, counts: [.loaded: works, .withoutAAAA: lost]))
    #expect(scene.answer(.serviceLinks) == (passes ? .pass(.linksWork) : .fail(.linksBroken)))
  }

  @Test("Every outcome of a reference beside one that works")
  func outcomes() {
    for outcome in ReferenceOutcome.allCases {
      var scene = Scene.healthy()
      scene.references(
        .resources, ReferenceTally(found: 2, counts: [.loaded: 1].merging([outcome: 1]) { $0 + $1 }))
      let expected: Expected
      switch outcome {
      case .loaded, .published, .brokenOnBoth, .notResolved, .notAsked: expected = .pass(.resourcesLoad)
      case .withoutAAAA, .unreachable, .status: expected = .fail(.resourcesBroken)
      }
      #expect(scene.answer(.serviceResources) == expected, "\(outcome)")
      scene.references(.resources, ReferenceTally(found: 1, counts: [outcome: 1]))
      switch outcome {
      case .brokenOnBoth: #expect(scene.answer(.serviceResources) == .na(.noReferences))
      case .notResolved, .notAsked: #expect(scene.answer(.serviceResources) == .unknown(.notMeasured))
      case .loaded, .published: #expect(scene.answer(.serviceResources) == .pass(.resourcesLoad))
      case .withoutAAAA, .unreachable, .status:
        #expect(scene.answer(.serviceResources) == .fail(.resourcesBroken))
      }
    }
  }

  @Test("No page, no references; a page that was not asked for is unknown; neither decides the state")
  func without() {
    var scene = Scene.healthy()
    scene.forget { if case .references = $0 { true } else { false } }
    #expect(scene.answer(.serviceLinks) == .na(.noPage))
    scene.forget { if case .page = $0 { true } else { false } }
    #expect(scene.answer(.serviceLinks) == .unknown(.notMeasured))
    scene.port(443, at: .host6, .notSent(.outOfScope))
    #expect(scene.answer(.serviceLinks) == .unknown(.outOfScope))
    var empty = Scene.healthy()
    empty.references(.links, ReferenceTally(found: 0))
    #expect(empty.answer(.serviceLinks) == .na(.noReferences))
    var lost = Scene.healthy()
    lost.references(
      .links, ReferenceTally(found: 1, counts: [.withoutAAAA: 1], examples: ["https://old.example/"]))
    #expect(lost.state == .operational)
  }
}
