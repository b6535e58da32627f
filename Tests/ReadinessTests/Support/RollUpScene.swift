import Inventory
import Observations

@testable import Readiness

/// Hosts of given states in systems and agencies: what the roll-up is made of, without a packet.
struct RollUpScene {
  var inventory = Inventory()
  private(set) var states: [String: HostState] = [:]
  var day = CivilDate.day("2026-11-24")

  /// Adds an agency.
  mutating func addAgency(_ id: String) {
    inventory.agencies.append(Agency(id: id, name: id))
  }

  mutating func addSystem(
    _ id: String, of agency: String, class importance: Int = 1, dependsOn: [String] = []
  ) {
    inventory.systems.append(
      System(id: id, name: id, agency: agency, importance: importance, dependsOn: dependsOn))
  }

  /// Adds hosts of these states, each with an id of its own.
  mutating func addHosts(
    _ states: HostState..., times: Int = 1, of agency: String, in system: String? = nil,
    component: Component? = nil
  ) {
    for state in states {
      for _ in 0..<times {
        let id = "host-\(inventory.hosts.count)"
        self.states[id] = state
        inventory.hosts.append(Host(id: id, agency: agency, system: system, component: component))
      }
    }
  }

  mutating func setState(_ state: HostState, of host: String) { states[host] = state }

  var hostVerdicts: [HostVerdict] {
    inventory.hosts.map { host in
      HostVerdict(host: host, state: states[host.id] ?? .unknown, rows: [], score: 0, measuredAt: nil)
    }
  }

  var rollUp: RollUp {
    RollUp(
      inventory: inventory, hosts: hostVerdicts, waivers: WaiverBook(inventory.waivers, on: day),
      policy: .current)
  }

  func systemOutcome(_ id: String) -> Outcome? {
    inventory.systems.first { $0.id == id }.map { rollUp.system($0).outcome }
  }

  func agencyVerdict(_ id: String) -> AgencyVerdict? {
    inventory.agencies.first { $0.id == id }.map { rollUp.agency($0) }
  }

  func agencyOutcome(_ id: String) -> Outcome? { agencyVerdict(id)?.outcome }

  var city: Tally {
    let rollUp = rollUp
    return Tally(inventory.agencies.map { rollUp.agency($0).outcome })
  }
}
