import Inventory
import Testing

@testable import Readiness

@Suite("Roll-up to systems") struct SystemRollUpTests {
  static func outcome(
    _ states: [HostState], component: Component? = nil
  ) -> Outcome? {
    var scene = RollUpScene()
    scene.addSystem("s", of: "a")
    for state in states { scene.addHosts(state, of: "a", in: "s", component: component) }
    return scene.systemOutcome("s")
  }

  @Test("k of n: every mixture of two and three replicas")
  func replicas() {
    let states: [HostState] = [.operational, .reachable, .unknown, .exempt]
    for required in 1...2 {
      for first in states {
        for second in states {
          let members = [first, second]
          let up = members.count { $0 == .operational }
          let maybe = members.count { $0 == .unknown }
          let exempt = members.count { $0 == .exempt }
          // By hand: what is exempt leaves the count, and at most all of the rest are needed.
          let needed = min(required, 2 - exempt)
          let expected: Outcome =
            exempt == 2
            ? .exempt : up >= needed ? .converted : up + maybe >= needed ? .unknown : .notConverted
          let component = Component(name: "web", required: required, total: 2)
          #expect(Self.outcome(members, component: component) == expected, "\(required)/2 \(members)")
        }
      }
    }
  }

  @Test(
    "Replicas from the field",
    arguments: [
      (
        "one of two replicas down, one needed", "1/2", [HostState.operational, .addressed], Outcome.converted
      ),
      ("one of two replicas down, both needed", "2/2", [.operational, .addressed], .notConverted),
      ("two of three needed, one unknown", "2/3", [.operational, .unknown, .none], .unknown),
      ("two of three needed, two up", "2/3", [.operational, .operational, .none], .converted),
      ("one needed, the other exempt", "1/2", [.exempt, .none], .notConverted),
      ("a replica that the inventory lacks", "2/2", [.operational], .notConverted),
      ("one needed, one promised but missing", "1/2", [.operational], .converted),
      (
        "all promised are needed, one is exempt and one is missing", "3/3", [.operational, .exempt],
        .notConverted
      ),
    ])
  func field(name: String, component: String, states: [HostState], expected: Outcome) {
    let numbers = component.split(separator: "/").compactMap { Int($0) }
    #expect(
      Self.outcome(states, component: Component(name: "web", required: numbers[0], total: numbers[1]))
        == expected)
  }

  @Test("Without a number all hosts of a component are needed; a host without one stands by itself")
  func all() {
    for component in [Component(name: "web"), nil] {
      #expect(Self.outcome([.operational, .operational], component: component) == .converted)
      #expect(Self.outcome([.operational, .none], component: component) == .notConverted)
      #expect(Self.outcome([.operational, .unknown], component: component) == .unknown)
      #expect(Self.outcome([.unknown, .none], component: component) == .notConverted)
      #expect(Self.outcome([.operational, .exempt], component: component) == .converted)
      #expect(Self.outcome([.exempt, .exempt], component: component) == .exempt)
    }
  }

  @Test("Every component is needed")
  func components() {
    var scene = RollUpScene()
    scene.addSystem("s", of: "a")
    scene.addHosts(
      .operational, .none, of: "a", in: "s", component: Component(name: "web", required: 1, total: 2))
    scene.addHosts(.operational, of: "a", in: "s", component: Component(name: "db"))
    #expect(scene.systemOutcome("s") == .converted)
    scene.setState(.unknown, of: "host-2")
    #expect(scene.systemOutcome("s") == .unknown)
    scene.setState(.reachable, of: "host-2")
    #expect(scene.systemOutcome("s") == .notConverted)
    scene.setState(.exempt, of: "host-2")
    #expect(scene.systemOutcome("s") == .converted, "an exempt component asks for nothing")
  }

  @Test("A system without hosts stands for those it depends on")
  func withoutHosts() {
    var scene = RollUpScene()
    scene.addSystem("portal", of: "a", dependsOn: ["shared", "wan"])
    scene.addSystem("shared", of: "b", dependsOn: ["wan"])
    scene.addSystem("wan", of: "b")
    #expect(scene.systemOutcome("portal") == .unknown, "nothing was measured")
    scene.addHosts(.operational, of: "b", in: "wan")
    #expect(scene.systemOutcome("portal") == .converted, "the shared one stands for the network")
    scene.addHosts(.unknown, of: "b", in: "shared")
    #expect(scene.systemOutcome("portal") == .unknown)
    scene.setState(.none, of: "host-1")
    #expect(scene.systemOutcome("portal") == .notConverted)
    #expect(scene.systemOutcome("wan") == .converted)
    scene.inventory.waivers = [.until("2099-12-31", on: "shared")]
    #expect(scene.systemOutcome("portal") == .converted)
    scene.inventory.waivers.append(.until("2099-12-31", on: "wan"))
    #expect(scene.systemOutcome("portal") == .exempt)
  }

  @Test("A system with hosts is judged by them alone")
  func withHosts() {
    var scene = RollUpScene()
    scene.addSystem("portal", of: "a", dependsOn: ["wan"])
    scene.addSystem("wan", of: "b")
    scene.addHosts(.operational, of: "a", in: "portal")
    scene.addHosts(.none, of: "b", in: "wan")
    #expect(scene.systemOutcome("portal") == .converted)
  }

  @Test("Systems that depend on each other in a circle come to an end")
  func circle() {
    var scene = RollUpScene()
    scene.addSystem("one", of: "a", dependsOn: ["two"])
    scene.addSystem("two", of: "a", dependsOn: ["three"])
    scene.addSystem("three", of: "a", dependsOn: ["one", "three"])
    #expect(scene.systemOutcome("one") == .unknown)
    scene.addAgency("a")
    #expect(scene.agencyOutcome("a") == .unknown)
    scene.addHosts(.operational, of: "a", in: "two")
    for id in ["one", "two", "three"] { #expect(scene.systemOutcome(id) == .converted) }
  }

  @Test("A reference to a system that does not exist asks for nothing and vouches for nothing")
  func dangling() {
    var scene = RollUpScene()
    scene.addSystem("portal", of: "a", dependsOn: ["gone"])
    #expect(scene.systemOutcome("portal") == .unknown)
  }
}
