import Testing

/// What is true of one host in one round of faults, written down before anything was measured.
struct Truth: CustomTestStringConvertible, Sendable {
  let round: String
  let host: String
  /// The planted fault; empty for none.
  let fault: String
  let state: String
  /// Every `check=reason` that must fail, and no other.
  let failing: Set<String>
  /// Every `check=reason` that must be unknown, and no other.
  let unknown: Set<String>

  var testDescription: String { "round \(round): \(host): \(fault.isEmpty ? "nothing planted" : fault)" }

  /// Every host of the small inventory in both rounds: as `truth.csv` says, and operational where it says nothing.
  static let all: [Truth] = {
    do {
      let told = try Table(Room.tests + "/truth.csv").rows.map(Truth.init)
      let hosts = try Table(Room.small + "/hosts.csv").rows.map { $0.cell("host") }
      return ["1", "2"].flatMap { round in
        hosts.map { host in
          told.first { $0.round == round && $0.host == host } ?? Truth(round: round, host: host)
        }
      }
    } catch {
      fatalError("the truth cannot be read: \(error)")
    }
  }()

  /// The faults of a round as the lab reads them.
  static func faults(_ round: String) -> [String] {
    all.filter { $0.round == round && !$0.fault.isEmpty }.map { "\($0.host),\($0.fault)" }
  }

  private init(round: String, host: String) {
    (self.round, self.host, fault, state) = (round, host, "", "operational")
    (failing, unknown) = ([], [])
  }

  private init(_ row: [String: String]) {
    round = row.cell("round")
    host = row.cell("host")
    fault = row.cell("fault")
    state = row.cell("state")
    failing = Set(row.list("failing"))
    unknown = Set(row.list("unknown"))
  }
}
