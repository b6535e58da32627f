import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("reach.pmtu and exposure.icmp") struct PacketSizesTests {
  /// By hand, from the rubric: what a web server's answer showed decides; what it did not show the echo does.
  private static let sizes: [PathMTUOutcome: Expected] = {
    var table: [PathMTUOutcome: Expected] = [
      .shrank(largest: 1280): .pass(.ptbHeeded),
      .fragmented(largest: 1280): .pass(.ptbFragmented),
      .alreadySmall(largest: 1160, isFragmented: false): .pass(.alreadySmall),
      .alreadySmall(largest: 1280, isFragmented: true): .pass(.alreadySmall),
      .ignored(largest: 1500): .fail(.ptbIgnored),
      .blackHole(largest: 1500): .fail(.pmtuBlackHole),
      .fragmentsLost(largest: 1232): .fail(.fragmentsLost),
      .tooShort(largest: 300): .na(.noLargeResponse),
      .silent(tries: 3): .na(.noLargeResponse),
      .vanished(largest: 1500): .unknown(.pmtuInconclusive),
      .offloaded(merged: 3): .unknown(.receiveOffload),
      .unmeasured(dropped: 7): .unknown(.captureDropped),
    ]
    for rejection in Rejection.samples { table[.rejected(rejection)] = .na(.noLargeResponse) }
    for why in NotSentReason.allCases {
      table[.notSent(why)] = probeTable(answered: .answered)[.notSent(why)]
    }
    return table
  }()

  @Test("Every outcome of a Packet Too Big has its verdict, by page and by echo")
  func truthTable() {
    expectComplete(Self.sizes)
    for (outcome, expected) in Self.sizes {
      for port in [443, nil] as [UInt16?] {
        // What the page does not show is asked by echo, so a page alone that shows nothing is half an answer.
        if port != nil && !outcome.showsSizes { continue }
        var scene = port == nil ? Scene.healthy([.ssh]) : Scene.healthy()
        scene.forget { if case .pathMTU = $0 { true } else { false } }
        scene.packetSizes(outcome, port: port)
        #expect(scene.answer(.reachPMTU) == expected, "\(outcome) \(port.debugDescription)")
      }
    }
  }

  @Test("exposure.icmp says whether the message was accepted, and never asks for redirects")
  func accepted() {
    for (outcome, sizes) in Self.sizes {
      var scene = Scene.healthy([.ssh])
      scene.forget { if case .pathMTU = $0 { true } else { false } }
      scene.packetSizes(outcome, port: nil)
      let expected: Expected =
        switch sizes.reason {
        case .alreadySmall, .pmtuBlackHole, .fragmentsLost: .na(.ptbNotShown)
        case .neighbourSilent: .na(.neighbourSilent)
        default: sizes
        }
      #expect(
        scene.answers(.exposureICMP) == [
          "packet-too-big at 2001:db8:1::10": expected, "redirect": .na(.redirectNotSent),
        ], "\(outcome)")
    }
  }

  @Test("What the page shows counts before the echo; what it does not show the echo does")
  func order() {
    for page in PathMTUOutcome.samples {
      for echo in PathMTUOutcome.samples {
        var scene = Scene.healthy()
        scene.packetSizes(page)
        scene.packetSizes(echo, port: nil)
        let answer = scene.answer(.reachPMTU)
        if page.showsSizes {
          #expect(answer == Self.sizes[page], "\(page), \(echo)")
        } else if echo.showsSizes {
          #expect(answer == Self.sizes[echo], "\(page), \(echo)")
        } else if page.kind == .silent, echo.kind == .silent {
          #expect(answer == .fail(.pmtuBlackHole))
        } else {
          #expect(answer?.verdict == .na || answer?.verdict == .unknown || answer?.reason == .neighbourSilent)
        }
      }
    }
  }

  @Test(
    "A server that says nothing is a black hole only where small echoes are answered and large ones are not")
  func mute() {
    for echo in ProbeOutcome.samples {
      var scene = Scene.healthy()
      scene.packetSizes(.silent(tries: 1))
      scene.packetSizes(.silent(tries: 3), port: nil)
      scene.echo(.host6, echo)
      let isAnswered = echo.kind == .answered
      #expect(
        scene.answer(.reachPMTU) == (isAnswered ? .fail(.pmtuBlackHole) : .na(.noLargeResponse)), "\(echo)")
    }
  }

  @Test("Nothing asked is unknown, and without an address it does not apply")
  func applies() {
    var scene = Scene.healthy()
    scene.forget { if case .pathMTU = $0 { true } else { false } }
    #expect(scene.answer(.reachPMTU) == .unknown(.notMeasured))
    #expect(scene.state == .unknown)
    scene.packetSizes(.shrank(largest: 1280), port: nil)
    #expect(scene.answer(.reachPMTU) == .unknown(.notMeasured), "an echo does not speak for a page")
    scene.packetSizes(.tooShort(largest: 300))
    #expect(scene.answer(.reachPMTU) == .pass(.ptbHeeded))
    scene.forget { if case .pathMTU(_, nil, _, _) = $0 { true } else { false } }
    #expect(scene.answer(.reachPMTU) == .unknown(.notMeasured))
    scene.forget { if case .pathMTU = $0 { true } else { false } }
    scene.port(443, at: .host6, .notSent(.outOfScope))
    #expect(scene.answer(.reachPMTU) == .unknown(.outOfScope), "what kept the port from being asked")
    #expect(scene.answers(.exposureICMP)["packet-too-big at 2001:db8:1::10"] == .unknown(.outOfScope))
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.reachPMTU) == .na(.noUsableAddress))
  }

  @Test("It is a gate: a host that ignores the message is not reachable")
  func gate() {
    var scene = Scene.healthy()
    scene.packetSizes(.ignored(largest: 1500))
    #expect(scene.state == .addressed)
  }
}
