import Foundation
import GRDB
import StoreSamples

@testable import Store

/// Stores as earlier versions left them: made from the released schemas, which are kept as text, and not by the
/// migrations of today.
enum OldStore {
  /// The name of every released schema, the oldest first.
  static let names = [
    "0001-runs", "0002-captures", "0003-rounds", "0004-rollups", "0005-last-rounds",
    "0006-revisions",
  ]

  static func text(_ name: String) throws -> String {
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try String(contentsOf: place.appendingPathComponent("Schemas/\(name).sql"), encoding: .utf8)
  }

  /// Makes one at `path` with the runs of some seeds.
  static func make(_ name: String, at path: String, seeds: ClosedRange<UInt64>) throws {
    let scratch = try Scratch(inMemory: true)
    let current = try Store(path: scratch.path)
    for seed in seeds {
      let sample = SampleRun(seed: seed)
      let writer = try current.begin(sample.begun, inventory: sample.inventory)
      for batch in sample.batches { try writer.append(batch) }
      // Older stores know of no standings.
      try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    }
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      let statements = try text(name).components(separatedBy: ";\n\n").filter {
        !$0.contains("sqlite_sequence")
      }
      // Triggers would refuse rows of runs that have ended.
      let isTrigger = { (sql: String) in sql.hasPrefix("CREATE TRIGGER") }
      for sql in statements where !isTrigger(sql) { try db.execute(sql: sql) }
      try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      for taken in names[...(names.firstIndex(of: name) ?? 0)] {
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [taken])
      }
      try db.execute(sql: "ATTACH ? AS current", arguments: [scratch.path])
      for table in ["inventory_file", "run", "run_inventory", "observation", "check_row"] {
        let columns = try db.columns(in: table).map(\.name).joined(separator: ", ")
        try db.execute(sql: "INSERT INTO main.\(table) (\(columns)) SELECT \(columns) FROM current.\(table)")
      }
      try db.execute(sql: "DETACH current")
      for sql in statements where isTrigger(sql) { try db.execute(sql: sql) }
      try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try queue.close()
  }
}
