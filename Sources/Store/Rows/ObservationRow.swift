import Foundation
import GRDB
import Observations

/// Rows of `observation`. The fact is kept as JSON; its kind and subject stand beside it for whoever looks
/// into the store with SQL, and are not read back.
struct ObservationRow {
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
    var observations: [Observation] = []
    var batch: [ObservationRow] = []
    func take() throws {
      let parts = stride(from: 0, to: batch.count, by: partSize).map { $0..<min($0 + partSize, batch.count) }
      let rows = batch
      observations += try parts.concurrentMap { part throws in
        try Self.observations(rows[part], from: vantage)
      }
      .joined()
      batch.removeAll(keepingCapacity: true)
    }
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "observation \(row[0] as Int64? ?? 0)")
      batch.append(
        ObservationRow(
          sequence: Int(try reader.integer(0)), host: try reader.text(1),
          at: Timestamp(microseconds: try reader.integer(2)), vantage: row[3], fact: try reader.bytes(4)))
      if batch.count == batchSize { try take() }
    }
    try take()
    return observations
  }

  /// How many rows are read before they are decoded, on every core: most of the time that reading takes is JSON's.
  private static let batchSize = 8192
  /// How many are decoded as one JSON array: a decoder of their own would cost a tenth more.
  private static let partSize = 64

  private let sequence: Int
  private let host: String
  private let at: Timestamp
  private let vantage: String?
  private let fact: Data

  private static func observations(
    _ rows: ArraySlice<ObservationRow>, from runVantage: String
  ) throws -> [Observation] {
    var array = Data("[".utf8)
    for row in rows {
      if array.count > 1 { array.append(UInt8(ascii: ",")) }
      array += row.fact
    }
    array.append(UInt8(ascii: "]"))
    let facts = try? JSONDecoder().decode([Fact].self, from: array)
    // One that is damaged is looked for by itself, to be named.
    guard let facts, facts.count == rows.count else {
      return try rows.map { $0.observation(from: runVantage, try $0.decoded()) }
    }
    return zip(rows, facts).map { $0.observation(from: runVantage, $1) }
  }

  private func observation(from runVantage: String, _ fact: Fact) -> Observation {
    Observation(sequence: sequence, host: host, at: at, vantage: vantage ?? runVantage, fact: fact)
  }

  private func decoded() throws -> Fact {
    do { return try JSONDecoder().decode(Fact.self, from: fact) } catch let error as DecodingError {
      throw UnreadableRow(what: "observation \(sequence)", why: String(describing: error))
    }
  }
}
