import Inventory
import Observations
import SeededRandom
import Testing

@testable import Readiness

@Suite("The shortest path to the target") struct WorklistTests {
  /// A judgement of hosts in given states; what holds a host up is so many failing gates.
  static func judgement(_ scene: RollUpScene, costs: [String: Int] = [:]) -> Judgement {
    let gates = Policy.current.rubric.filter { $0.isGate && $0.level > 0 }.map(\.check)
    let hosts = scene.hostVerdicts.map { verdict in
      let cost = verdict.state.isConverted || verdict.state == .exempt ? 0 : costs[verdict.host.id] ?? 1
      let rows = gates.prefix(cost).map { check in
        CheckRow(
          host: verdict.host.id, check: check, subject: "",
          verdict: verdict.state == .unknown ? .unknown : .fail,
          reason: .silent)
      }
      return HostVerdict(host: verdict.host, state: verdict.state, rows: rows, score: 0, measuredAt: nil)
    }
    let waivers = WaiverBook(scene.inventory.waivers, on: scene.day)
    let rollUp = RollUp(inventory: scene.inventory, hosts: hosts, waivers: waivers, policy: .current)
    let agencies = scene.inventory.agencies.map { rollUp.agency($0) }
    return Judgement(
      policy: .current, vantage: judgeVantage([]), hosts: hosts,
      systems: scene.inventory.systems.map { rollUp.system($0) },
      agencies: agencies, city: Tally(agencies.map(\.outcome)), expiredWaivers: [])
  }

  static let now = Timestamp(seconds: 1_795_000_000)

  static func list(_ scene: RollUpScene, costs: [String: Int] = [:]) -> Worklist {
    worklist(scene.inventory, judgement(scene, costs: costs), now: now)
  }

  @Test("The cheapest agencies first, as many as the target asks for, and no more")
  func cheapest() {
    var scene = RollUpScene()
    for number in 0..<100 {
      scene.addAgency("a\(number)")
      scene.addHosts(number < 96 ? .operational : .addressed, of: "a\(number)")
    }
    // 98.8 % of 100 is 99: three of the four.
    let list = Self.list(scene, costs: ["host-96": 4, "host-97": 1, "host-98": 3, "host-99": 2])
    #expect(list.needed == 3 && list.reachesTarget && list.isFewest)
    #expect(list.steps.map(\.agency.id) == ["a97", "a99", "a98"])
    #expect(list.fixCount == 6)
  }

  @Test("A system that two agencies depend on is fixed once, and both count")
  func shared() {
    var scene = RollUpScene()
    scene.addAgency("owner")
    scene.addAgency("guest")
    scene.addSystem("platform", of: "owner")
    scene.addSystem("site", of: "guest", dependsOn: ["platform"])
    scene.addHosts(.addressed, of: "owner", in: "platform")
    scene.addHosts(.operational, of: "guest", in: "site")
    let list = Self.list(scene, costs: ["host-0": 4])
    #expect(list.needed == 2 && list.reachesTarget && !list.isFewest)
    #expect(list.steps.count == 1 && list.fixCount == 4)
    #expect(list.steps.first?.also.count == 1)
  }

  @Test("One of two replicas is enough; of an agency's other hosts as many as its share lacks")
  func parts() {
    var scene = RollUpScene()
    scene.addAgency("office")
    scene.addSystem("web", of: "office")
    let component = Component(name: "web", required: 1, total: 2)
    scene.addHosts(.addressed, .reachable, of: "office", in: "web", component: component)
    scene.addHosts(.operational, times: 17, of: "office")
    scene.addHosts(.none, times: 3, of: "office")
    let list = Self.list(scene, costs: ["host-0": 3, "host-1": 2])
    // Of 20 others 19 must be converted: two of the three. Of the replicas the cheaper one.
    #expect(list.steps.flatMap(\.fixes).map(\.host.host.id).sorted() == ["host-1", "host-19", "host-20"])
    #expect(list.fixCount == 4)
  }

  @Test("An agency that declares nothing cannot be fixed, and it is said")
  func empty() {
    var scene = RollUpScene()
    scene.addAgency("silent")
    let list = Self.list(scene)
    #expect(list.needed == 1 && list.steps.isEmpty && !list.reachesTarget)
  }

  @Test("With the target met there is nothing to do")
  func met() {
    var scene = RollUpScene()
    scene.addAgency("a")
    scene.addHosts(.operational, of: "a")
    #expect(Self.list(scene).steps.isEmpty && Self.list(scene).reachesTarget)
  }

  static func random(_ seed: UInt64) -> (scene: RollUpScene, costs: [String: Int]) {
    var random = SplitMix64(seed: seed)
    var scene = RollUpScene()
    var costs: [String: Int] = [:]
    let agencies = (0..<Int.random(in: 1...4, using: &random)).map { "a\($0)" }
    for agency in agencies { scene.addAgency(agency) }
    var systems: [String] = []
    for number in 0..<Int.random(in: 0...3, using: &random) {
      let depends = systems.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      scene.addSystem(
        "s\(number)", of: agencies.randomElement(using: &random) ?? "a0",
        class: Bool.random(using: &random) ? 1 : 2,
        dependsOn: depends)
      systems.append("s\(number)")
    }
    for number in 0..<Int.random(in: 0...8, using: &random) {
      let states: [HostState] = [
        .operational, .operational, .addressed, .reachable, .none, .unknown, .exempt,
      ]
      let state = states.randomElement(using: &random) ?? .none
      let system = Int.random(in: 0..<2, using: &random) == 0 ? systems.randomElement(using: &random) : nil
      let component = Bool.random(using: &random) ? Component(name: "web", required: 1, total: 2) : nil
      scene.addHosts(
        state, of: agencies.randomElement(using: &random) ?? "a0", in: system,
        component: system == nil ? nil : component)
      costs["host-\(number)"] = Int.random(in: 1...4, using: &random)
    }
    return (scene, costs)
  }

  /// The least cost of all sets of hosts that meet the target when they are fixed; `nil` where none does.
  static func least(_ scene: RollUpScene, _ judgement: Judgement) -> Int? {
    let open = judgement.hosts.filter { !$0.state.isConverted && $0.state != .exempt }
    var best: Int?
    for mask in 0..<(1 << open.count) {
      let chosen = open.indices.filter { mask >> $0 & 1 == 1 }.map { open[$0] }
      let cost = chosen.map { $0.holdups(.current).count }.reduce(0, +)
      if cost >= best ?? .max { continue }
      var fixed = scene
      for host in chosen { fixed.setState(.operational, of: host.host.id) }
      let city = fixed.city
      if Policy.current.targetMet(converted: city.converted, eligible: city.eligible) == true { best = cost }
    }
    return best
  }

  @Test(
    "What it says meets the target, nothing of it is spare, and where it claims the fewest there are no fewer"
  )
  func properties() {
    var exact = 0
    for seed in UInt64(1)...250 {
      let (scene, costs) = Self.random(seed)
      let judgement = Self.judgement(scene, costs: costs)
      let list = worklist(scene.inventory, judgement, now: Self.now)
      let least = Self.least(scene, judgement)
      #expect(list.reachesTarget == (least != nil || judgement.city.eligible == 0), "seed \(seed)")
      guard list.reachesTarget, let least else { continue }
      var fixed = scene
      for host in list.steps.flatMap(\.fixes) { fixed.setState(.operational, of: host.host.host.id) }
      let city = fixed.city
      #expect(1000 * city.converted >= 988 * city.eligible, "seed \(seed)")
      #expect(city.converted >= judgement.city.converted + list.needed, "seed \(seed)")
      #expect(list.fixCount >= least, "seed \(seed)")
      if list.isFewest {
        exact += 1
        #expect(list.fixCount == least, "seed \(seed)")
      }
      // As many agencies as the target asks for, and not fewer: each step is needed.
      for step in list.steps {
        var less = scene
        for other in list.steps where other.agency != step.agency {
          for fix in other.fixes { less.setState(.operational, of: fix.host.host.id) }
        }
        #expect(
          1000 * less.city.converted < 988 * less.city.eligible, "seed \(seed): \(step.agency.id) is spare")
      }
    }
    #expect(exact > 40)
  }
}
