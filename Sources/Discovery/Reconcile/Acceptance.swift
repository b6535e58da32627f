import Inventory

/// What the declared hosts become when a person accepts differences.
public struct Acceptance: Sendable {
  /// Rows that are new or changed, in the order of their ids.
  public let rows: [Host]
  /// Hosts without an agency, which no prefix tells.
  public let withoutAgency: [String]

  /// Accepts differences.
  ///
  /// - Parameters:
  ///   - differences: those that are accepted, and no others.
  ///   - agency: of hosts that no registered prefix gives one.
  ///   - dropsMissing: whether declared addresses that were not seen, although others of the host were, are taken away.
  public init(
    _ differences: [Reconciliation.Difference], in inventory: Inventory, agency: String? = nil,
    dropsMissing: Bool = false
  ) {
    let declared = Dictionary(inventory.hosts.map { ($0.id, $0) }) { first, _ in first }
    var changed: [String: Host] = [:]
    func change(_ id: String, _ body: (inout Host) -> Void) {
      guard var host = changed[id] ?? declared[id] else { return }
      body(&host)
      changed[id] = host
    }
    for difference in differences {
      switch difference {
      case .undeclared(_, var proposed):
        if proposed.agency.isEmpty { proposed.agency = agency ?? "" }
        changed[proposed.id] = proposed
      case .addresses(let id, let more, let missing):
        change(id) { host in
          host.addresses += more.filter { !host.addresses.contains($0) }
          if dropsMissing { host.addresses.removeAll { missing.contains($0) } }
          host.addresses.sort()
        }
      case .interface(let id, _, let observed):
        // Of several nobody can say which one it is.
        if observed.count == 1 { change(id) { $0.mac = observed[0] } }
      case .names(let id, let more):
        change(id) { host in host.names += more.filter { !host.names.contains($0) } }
      // These a person decides by hand: nothing that was seen says what the row should be.
      case .neverSeen, .shared, .outside, .unregistered: break
      }
    }
    rows = changed.values.filter { declared[$0.id] != $0 }.sorted { $0.id < $1.id }
    withoutAgency = rows.filter(\.agency.isEmpty).map(\.id)
  }
}
