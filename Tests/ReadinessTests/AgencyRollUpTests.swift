import Inventory
import Testing

@testable import Readiness

@Suite("Roll-up to agencies") struct AgencyRollUpTests {
  static func outcome(converted: Int = 0, not: Int = 0, unknown: Int = 0, exempt: Int = 0) -> Outcome? {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addHosts(.operational, times: converted, of: "a")
    scene.addHosts(.reachable, times: not, of: "a")
    scene.addHosts(.unknown, times: unknown, of: "a")
    scene.addHosts(.exempt, times: exempt, of: "a")
    return scene.agencyOutcome("a")
  }

  /// By hand: 95 % of the hosts that are not exempt, in whole hosts.
  @Test("The boundary at 95 %")
  func boundary() {
    #expect(Self.outcome(converted: 19, not: 1) == .converted, "19 of 20 is 95 %")
    #expect(Self.outcome(converted: 18, not: 1) == .notConverted, "18 of 19 is 94.7 %")
    #expect(Self.outcome(converted: 20, not: 1) == .converted, "20 of 21 is 95.2 %")
    #expect(Self.outcome(converted: 38, not: 2) == .converted, "38 of 40 is 95 %")
    #expect(Self.outcome(converted: 37, not: 3) == .notConverted, "37 of 40 is 92.5 %")
    #expect(Self.outcome(converted: 94, not: 6) == .notConverted)
    #expect(Self.outcome(converted: 95, not: 5) == .converted)
    #expect(Self.outcome(converted: 1) == .converted)
    #expect(Self.outcome(not: 1) == .notConverted)
    #expect(Self.outcome(unknown: 1) == .unknown)
  }

  @Test("Unknown hosts: converted only if it holds with all of them counted against it")
  func unknown() {
    #expect(Self.outcome(converted: 19, unknown: 1) == .converted, "5 % unknown, and 95 % without them")
    #expect(Self.outcome(converted: 18, unknown: 2) == .unknown, "10 % unknown")
    #expect(Self.outcome(converted: 18, not: 1, unknown: 1) == .unknown, "95 % only with the unknown one")
    #expect(Self.outcome(converted: 18, not: 2, unknown: 0) == .notConverted)
    #expect(Self.outcome(converted: 17, not: 2, unknown: 1) == .notConverted, "90 % even with it")
    #expect(Self.outcome(unknown: 20) == .unknown)
    #expect(Self.outcome(not: 2, unknown: 18) == .notConverted)
  }

  @Test("Exempt hosts leave the count; when all are, so is the agency")
  func exempt() {
    #expect(Self.outcome(converted: 19, not: 1, exempt: 5) == .converted)
    #expect(Self.outcome(converted: 18, not: 1, exempt: 1) == .notConverted)
    #expect(Self.outcome(converted: 1, exempt: 30) == .converted)
    #expect(Self.outcome(exempt: 3) == .exempt)
    #expect(Self.outcome() == .unknown, "neither host nor system")
  }

  @Test("Every mixture of up to six hosts against the rule in fractions")
  func exhaustive() {
    for converted in 0...6 {
      for not in 0...6 {
        for unknown in 0...6 where converted + not + unknown > 0 {
          let eligible = Double(converted + not + unknown)
          let low = Double(converted) / eligible >= 0.95 && Double(unknown) / eligible <= 0.05
          let high = Double(converted + unknown) / eligible >= 0.95
          let expected: Outcome = low ? .converted : high ? .unknown : .notConverted
          #expect(Self.outcome(converted: converted, not: not, unknown: unknown) == expected)
        }
      }
    }
  }

  @Test("A waiver on the agency, through its last day")
  func waiver() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addHosts(.none, of: "a")
    scene.inventory.waivers = [.until("2026-11-24", on: "a")]
    #expect(scene.agencyOutcome("a") == .exempt)
    scene.day = .day("2026-11-25")
    #expect(scene.agencyOutcome("a") == .notConverted)
  }

  @Test("A class-1 system has to be converted as a whole; 95 % does not help it")
  func classOne() {
    for (importance, expected) in [(1, Outcome.notConverted), (2, .converted), (3, .converted)] {
      var scene = RollUpScene()
      scene.addAgency("a")
      scene.addSystem("s", of: "a", class: importance)
      scene.addHosts(.operational, times: 19, of: "a", in: "s")
      scene.addHosts(.none, of: "a", in: "s")
      #expect(scene.agencyOutcome("a") == expected, "class \(importance)")
    }
  }

  @Test("Hosts of its own class-1 systems are not among its other hosts; those in others' systems are")
  func otherHosts() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addAgency("b")
    scene.addSystem("s", of: "a")
    scene.addHosts(
      .operational, .none, of: "a", in: "s", component: Component(name: "web", required: 1, total: 2))
    scene.addHosts(.operational, of: "a")
    #expect(scene.agencyOutcome("a") == .converted, "the spare replica that is down does not count")
    scene.addSystem("t", of: "b")
    scene.addHosts(.none, of: "a", in: "t")
    #expect(scene.agencyOutcome("a") == .notConverted, "its host in another agency's system does")
    #expect(scene.agencyOutcome("b") == .notConverted, "and so it does for that system")
  }

  @Test("Dependencies count, whoever runs them, directly or through others")
  func dependencies() {
    var scene = RollUpScene()
    scene.addAgency("district")
    scene.addAgency("centre")
    scene.addSystem("portal", of: "district", dependsOn: ["shared"])
    scene.addSystem("shared", of: "centre", class: 2, dependsOn: ["wan"])
    scene.addSystem("wan", of: "centre", class: 2)
    scene.addHosts(.operational, of: "district", in: "portal")
    scene.addHosts(.operational, of: "centre", in: "shared")
    scene.addHosts(.operational, of: "centre", in: "wan")
    #expect(scene.agencyOutcome("district") == .converted)
    scene.setState(.unknown, of: "host-2")
    #expect(scene.agencyOutcome("district") == .unknown)
    scene.setState(.addressed, of: "host-2")
    #expect(scene.agencyOutcome("district") == .notConverted)
    #expect(scene.agencyVerdict("district")?.missing.map(\.host.id) == ["host-2"])
    scene.inventory.waivers = [.until("2099-12-31", on: "wan")]
    #expect(scene.agencyOutcome("district") == .converted)
    scene.inventory.waivers = [.until("2099-12-31", on: "shared")]
    #expect(scene.agencyOutcome("district") == .converted, "what is exempt asks for nothing")
  }

  @Test("What only a class-2 system depends on does not count")
  func classTwoDependencies() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addSystem("lesser", of: "a", class: 2, dependsOn: ["wan"])
    scene.addSystem("wan", of: "b")
    scene.addHosts(.operational, of: "a", in: "lesser")
    scene.addHosts(.none, of: "b", in: "wan")
    #expect(scene.agencyOutcome("a") == .converted)
  }

  @Test("An agency that only uses what others run is judged by that")
  func withoutHosts() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addSystem("portal", of: "a", dependsOn: ["shared"])
    scene.addSystem("shared", of: "b")
    scene.addHosts(.operational, of: "b", in: "shared")
    #expect(scene.agencyOutcome("a") == .converted)
    scene.setState(.unknown, of: "host-0")
    #expect(scene.agencyOutcome("a") == .unknown)
    scene.setState(.exempt, of: "host-0")
    #expect(scene.agencyOutcome("a") == .exempt)
  }

  @Test("Nothing that counts is nothing measured, and never converted")
  func nothingCounts() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addSystem("lesser", of: "a", class: 2)
    #expect(scene.agencyOutcome("a") == .unknown)
    scene.addSystem("main", of: "a", class: 1)
    #expect(scene.agencyOutcome("a") == .unknown)
    scene.inventory.waivers = [.until("2099-12-31", on: "main")]
    #expect(scene.agencyOutcome("a") == .exempt)
  }

  @Test("The missing hosts: first those of the systems, then the others, each once; none when converted")
  func missing() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addSystem("s", of: "a", dependsOn: ["t"])
    scene.addSystem("t", of: "a", class: 2)
    scene.addHosts(.none, of: "a")
    scene.addHosts(.operational, .unknown, of: "a", in: "s")
    scene.addHosts(.addressed, .exempt, of: "a", in: "t")
    #expect(scene.agencyVerdict("a")?.missing.map(\.host.id) == ["host-2", "host-3", "host-0"])
    for id in ["host-0", "host-2", "host-3"] { scene.setState(.operational, of: id) }
    #expect(scene.agencyVerdict("a")?.missing.isEmpty == true)
  }

  @Test("The count of an agency is that of all its hosts")
  func tally() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addSystem("s", of: "a")
    scene.addHosts(.operational, .none, of: "a", in: "s")
    scene.addHosts(.unknown, .exempt, .addressed, of: "a")
    let tally = scene.agencyVerdict("a")?.tally
    #expect(tally?.total == 5)
    #expect(tally?.exempt == 1)
    #expect(tally?.eligible == 4)
    #expect(tally?.converted == 1)
    #expect(tally?.notConverted == 2)
    #expect(tally?.unknown == 1)
  }
}
