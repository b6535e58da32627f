import Discovery
import Inventory
import Observations
import Reporting
import Wire

/// Differences between what is declared and what was observed: `kind,subject,declared,observed,proposed`.
struct DifferencesTable {
  let table: CSVTable

  init(_ differences: [Reconciliation.Difference]) {
    table = CSVTable("kind,subject,declared,observed,proposed", rows: differences.map { Self.row($0) })
  }

  private static func row(_ difference: Reconciliation.Difference) -> [String] {
    let (kind, subject) = (difference.kind.rawValue, difference.subject)
    return switch difference {
    case .undeclared(let host, let proposed):
      [kind, subject, "", list(host.addresses), row(proposed)]
    case .neverSeen: [kind, subject, "", "", ""]
    case .addresses(_, let more, let missing): [kind, subject, list(missing), list(more), ""]
    case .interface(_, let declared, let observed):
      [kind, subject, "\(declared)", observed.map(\.description).joined(separator: " "), ""]
    case .names(_, let more): [kind, subject, "", more.joined(separator: " "), ""]
    case .shared(let host, let hosts):
      [kind, subject, hosts.joined(separator: " "), list(host.addresses), ""]
    case .outside(_, let address): [kind, subject, "\(address)", "", ""]
    case .unregistered(_, let count):
      [kind, subject, "", count == 1 ? "1 address" : "\(count) addresses", ""]
    }
  }

  private static func list(_ addresses: [IPAddress]) -> String {
    addresses.map(\.description).joined(separator: " ")
  }

  /// A row of hosts.csv, without what is empty: `agency x; addresses 2001:db8::1`.
  private static func row(_ host: Host) -> String {
    RowText(.host(host)).named.dropFirst().map { "\($0.column) \($0.value)" }.joined(separator: "; ")
  }
}
