import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("Host states") struct HostStateTests {
  /// The gates by level, by hand from the rubric.
  static let gates: [(level: Int, checks: [CheckID])] = [
    (1, [.addressPresent, .addressScope]), (2, [.reachTCP, .reachPMTU, .reachStability]),
    (3, [.dnsAAAA, .dnsLive]),
    (4, [.servicePorts, .serviceHandshake, .serviceContent]),
  ]

  /// Rows in which every gate passes but those given.
  static func state(_ verdicts: [CheckID: Verdict]) -> HostState {
    let rows = gates.flatMap(\.checks).map { check in
      CheckRow(
        host: "h", check: check, subject: "", verdict: verdicts[check] ?? .pass, reason: .notMeasured)
    }
    return HostState(rows, policy: .current)
  }

  @Test("The policy's gates are those of the rubric")
  func rubric() {
    let gates = Policy.current.rubric.filter(\.isGate)
    #expect(gates.filter { $0.level == 0 }.map(\.check) == [.vantageIPv6])
    for (level, checks) in Self.gates {
      #expect(gates.filter { $0.level == level }.map(\.check) == checks)
    }
    #expect(gates.count == 1 + Self.gates.flatMap(\.checks).count)
  }

  /// By hand: what a host is when this verdict stands at a gate of this level and all others pass.
  static let table: [(level: Int, verdict: Verdict, state: HostState)] = [
    (1, .fail, .none), (2, .fail, .addressed), (3, .fail, .reachable), (4, .fail, .reachable),
    (1, .unknown, .unknown), (2, .unknown, .unknown), (3, .unknown, .unknown), (4, .unknown, .unknown),
    (1, .na, .operational), (2, .na, .operational), (3, .na, .operational), (4, .na, .operational),
    (1, .exempt, .operational), (2, .exempt, .operational), (3, .exempt, .operational),
    (4, .exempt, .operational),
    (1, .pass, .operational), (2, .pass, .operational), (3, .pass, .operational), (4, .pass, .operational),
  ]

  @Test("One verdict at one gate of each level")
  func single() {
    #expect(Self.table.count == 4 * Verdict.allCases.count)
    for (level, verdict, state) in Self.table {
      for check in Self.gates[level - 1].checks {
        #expect(Self.state([check: verdict]) == state, "\(check.rawValue) \(verdict)")
      }
    }
  }

  @Test("Two levels: the lower one that stops decides, whatever stands above")
  func pairs() {
    for lower in Self.table {
      for higher in Self.table where higher.level > lower.level {
        let verdicts = [
          Self.gates[lower.level - 1].checks[0]: lower.verdict,
          Self.gates[higher.level - 1].checks[0]: higher.verdict,
        ]
        let stops = lower.verdict == .fail || lower.verdict == .unknown
        #expect(Self.state(verdicts) == (stops ? lower.state : higher.state), "\(verdicts)")
      }
    }
  }

  @Test("On one level a failure stands before what is unknown")
  func sameLevel() {
    #expect(Self.state([.addressPresent: .unknown, .addressScope: .fail]) == HostState.none)
    #expect(Self.state([.dnsAAAA: .unknown, .dnsLive: .fail]) == .reachable)
    #expect(Self.state([.servicePorts: .fail, .serviceHandshake: .unknown]) == .reachable)
  }

  @Test("Several rows of one check count as the worst: fail, unknown, exempt, pass, na")
  func worst() {
    let order: [Verdict] = [.fail, .unknown, .exempt, .pass, .na]
    #expect(Set(order) == Set(Verdict.allCases))
    for (index, worse) in order.enumerated() {
      for better in order[index...] {
        #expect([worse, better].worst == worse)
        #expect([better, worse].worst == worse)
      }
    }
    #expect([Verdict]().worst == .na)
  }

  @Test("A notice decides nothing, whatever it says", arguments: Verdict.allCases)
  func notice(verdict: Verdict) {
    #expect(Self.state([.reachEcho: verdict]) == .operational)
  }

  @Test("Only an operational host is converted")
  func converted() {
    #expect(HostState.allCases.filter(\.isConverted) == [.operational, .ipv6only])
    let outcomes: [HostState: Outcome] = [
      .ipv6only: .converted,
      .none: .notConverted, .addressed: .notConverted, .reachable: .notConverted, .operational: .converted,
      .unknown: .unknown, .exempt: .exempt,
    ]
    for state in HostState.allCases { #expect(Outcome(state) == outcomes[state]) }
  }

  @Test("The decisive row is the first gate that holds the host up")
  func decisive() {
    var scene = Scene.healthy()
    #expect(scene.verdict.decisive(.lab) == nil)
    scene.handshake(.https, name: Scene.name, .tls(.expired))
    #expect(scene.verdict.decisive(.lab)?.reason == .certificateExpired)
    scene.lookup(.aaaa, .servFail)
    #expect(scene.verdict.decisive(.lab)?.check == .dnsAAAA)
    scene.echo(.host6, .nothing)
    #expect(scene.verdict.decisive(.lab)?.check == .dnsAAAA, "echo is no gate")
    scene.port(443, .lost)
    #expect(scene.state == .unknown)
    #expect(scene.verdict.decisive(.lab)?.reason == .captureDropped)
    scene.waivers = [.until("2099-12-31", on: "portal")]
    #expect(scene.state == .exempt)
    #expect(scene.verdict.decisive(.lab) == nil)
  }

  @Test("The score: shares of passing checks, weighted by the levels that apply, cut")
  func score() {
    #expect(Scene.healthy().verdict.score == 100)
    var scene = Scene.healthy()
    // The first policy, whose checks are few enough to count by hand.
    scene.policy = .firstLab
    #expect(scene.verdict.score == 100)
    // Level 2 has echo and TCP: one of two. (10 + 20/2 + 15 + 30) of 75 is 86.6.
    scene.echo(.host6, .nothing)
    #expect(scene.verdict.score == 86)
    // IPv4 only: level 1 has address.present alone, level 3 dns.aaaa alone; 0 of 25.
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    #expect(scene.verdict.score == 0)
    // A waiver takes a check out of the score.
    scene = .healthy()
    scene.policy = .firstLab
    scene.echo(.host6, .nothing)
    scene.waivers = [.until("2099-12-31", on: "portal", check: .reachEcho)]
    #expect(scene.verdict.score == 100)
  }

  @Test("Without an exposure check no host is secure, and failed checks are listed in alphabetical order")
  func lists() {
    var scene = Scene.healthy()
    #expect(scene.verdict.isSecure)
    scene.policy = .firstLab
    #expect(!scene.verdict.isSecure)
    scene.policy = .lab
    scene.silence(.host6)
    #expect(
      scene.verdict.checks(.fail) == [
        .dnsLive, .reachEcho, .reachTCP, .serviceContent, .serviceHandshake, .servicePorts,
      ])
    #expect(scene.verdict.checks(.unknown).isEmpty)
  }
}

extension Waiver {
  static func until(_ day: String, on subject: String, check: CheckID? = nil) -> Waiver {
    Waiver(
      subject: subject, check: check?.rawValue, owner: "an owner", reason: "a reason", expires: .day(day))
  }
}
