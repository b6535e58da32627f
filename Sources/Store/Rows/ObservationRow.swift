import Foundation
import GRDB
import Observations

/// Rows of `observation`. The fact is kept as JSON; its kind and subject stand beside it for whoever looks
/// into the store with SQL, and are not read back.
enum ObservationRow {
  static func insert(_ observations: [Observation], run: Int64, vantage: String, into db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO observation (run, sequence, host, at, vantage, kind, subject, fact)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for observation in observations {
      // Nearly every observation is made from the run's own vantage: NULL says so in no space.
      let elsewhere = observation.vantage == vantage ? nil : observation.vantage
      let fact = String(decoding: try encoder.encode(observation.fact), as: UTF8.self)
      try statement.execute(arguments: [
        run, observation.sequence, observation.host, observation.at.microseconds, elsewhere,
        observation.fact.kind, observation.fact.subject, fact,
      ])
    }
  }

  static func fetch(run: Int64, vantage: String, host: String?, from db: Database) throws -> [Observation] {
    var arguments: StatementArguments = [run]
    if let host { arguments += [host] }
    // Without statistics SQLite would rather walk through the whole run.
    let byHost = host == nil ? "" : "INDEXED BY observation_by_host"
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT sequence, host, at, vantage, fact FROM observation \(byHost)
        WHERE run = ? \(host == nil ? "" : "AND host = ?") ORDER BY sequence
        """,
      arguments: arguments)
    let decoder = JSONDecoder()
    var observations: [Observation] = []
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "observation \(row[0] as Int64? ?? 0)")
      observations.append(
        Observation(
          sequence: Int(try reader.integer(0)), host: try reader.text(1),
          at: Timestamp(microseconds: try reader.integer(2)), vantage: row[3] as String? ?? vantage,
          fact: try fact(reader, decoder)))
    }
    return observations
  }

  private static func fact(_ reader: RowReader, _ decoder: JSONDecoder) throws -> Fact {
    do {
      return try decoder.decode(Fact.self, from: try reader.bytes(4))
    } catch let error as DecodingError {
      throw UnreadableRow(what: reader.what, why: String(describing: error))
    }
  }
}

extension Fact {
  /// The kind of question, in one word.
  var kind: String {
    switch self {
    case .echo: "echo"
    case .port: "port"
    case .lookup: "lookup"
    case .handshake: "handshake"
    case .control: "control"
    case .handshakeTimes: "handshake-times"
    case .vantage: "vantage"
    case .link: "link"
    case .advertisement: "advertisement"
    case .traffic: "traffic"
    case .delegation: "delegation"
    case .nameServer: "name-server"
    case .authority: "authority"
    case .iteration: "iteration"
    case .reverse: "reverse"
    case .exchangers: "exchangers"
    case .synthesis: "synthesis"
    case .pathMTU: "path-mtu"
    case .path: "path"
    case .portSurvey: "port-survey"
    case .datagram: "datagram"
    case .tunnel: "tunnel"
    case .alias: "alias"
    }
  }

  /// What was asked, for a person.
  var subject: String {
    switch self {
    case .echo(let address, _): address.description
    case .port(let endpoint, _): endpoint.description
    case .lookup(let name, let type, _): "\(name) \(type.rawValue)"
    case .handshake(let service, let endpoint, _, let name?, _): "\(service) \(endpoint) \(name)"
    case .handshake(let service, let endpoint, _, nil, _): "\(service) \(endpoint)"
    case .control(let role, let target, _): "\(role.rawValue) \(target)"
    case .handshakeTimes(let endpoint, _, _): endpoint.description
    case .vantage: ""
    case .link(let link): link.interface
    case .advertisement(let seen): seen.router.description
    case .traffic(let seen): seen.address.description
    case .delegation(let zone, _, _): zone
    case .nameServer(let zone, let server, _, _, _): "\(zone) \(server)"
    case .authority(let name, let type, _): "\(name) \(type.rawValue)"
    case .iteration(let name, _), .exchangers(let name, _): name
    case .reverse(let address, _): address.description
    case .synthesis: ""
    case .pathMTU(let address, let port?, _, _): Endpoint(address, port).description
    case .pathMTU(let address, nil, _, _): address.description
    case .path(let path): path.target.description
    case .portSurvey(let address, _): address.description
    case .datagram(let endpoint, _): endpoint.description
    case .tunnel(let kind, let address, _): "\(kind.rawValue) \(address)"
    case .alias(let address, _): address.description
    }
  }
}
