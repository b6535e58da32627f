import Foundation
import GRDB
import Readiness
import Store
import StoreSamples
import Testing

/// The schema holds its rules by itself, and a released one never changes.
@Suite struct SchemaTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
    let sample = SampleRun(seed: 1)
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    let change = Change(
      host: "web", check: .dnsLive, holds: true, reason: .open, since: sample.ended.startedAt,
      confirmedAt: sample.ended.finishedAt, run: sample.ended.id)
    try writer.finish(
      sample.ended, rows: sample.rows, manifest: sample.manifest, update: StandingUpdate(changes: [change]))
  }

  @Test(arguments: [
    "UPDATE observation SET host = 'other'",
    "UPDATE observation SET sequence = sequence + 100000",
    "DELETE FROM observation WHERE sequence = 1",
    "INSERT INTO observation SELECT run, 0, host, at, vantage, kind, subject, fact FROM observation LIMIT 1",
    "INSERT INTO observation VALUES (99, 1, 'h', 0, NULL, 'echo', '', '{}')",
    "UPDATE check_row SET verdict = 'pass'",
    "DELETE FROM check_row WHERE ordinal = 1",
    "INSERT INTO check_row SELECT run, 0, host, check_id, subject, verdict, reason, detail, observed_at, evidence "
      + "FROM check_row LIMIT 1",
    "UPDATE run SET state = 'running'",
    "UPDATE run SET manifest = NULL",
    "DELETE FROM inventory_file",
    "INSERT INTO run SELECT 99, 'x', 'done', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 'audit', 'full', 0",
    "INSERT INTO run SELECT 99, 'x', 'running', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 'other', 'full', 0",
    "INSERT INTO run SELECT 99, 'x', 'running', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 'audit', 'half', 0",
    "INSERT INTO run SELECT 99, 'x', 'running', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 'audit', 'full', 2",
    "INSERT INTO rollup VALUES ('lab', 'full', 'dns.live', 'web', 1, 1, 'perhaps', NULL, NULL, NULL)",
    "INSERT INTO rollup VALUES ('lab', 'full', 'dns.live', 'web', 1, 1, 'mixed', NULL, NULL, NULL)",
    "UPDATE change SET holds = 1 - holds",
  ])
  func historyCannotBeRewritten(sql: String) throws {
    let queue = try DatabaseQueue(path: scratch.path)
    let error = #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    #expect(error?.resultCode == .SQLITE_CONSTRAINT)
  }

  @Test func wholeRunCanBeDeleted() throws {
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "DELETE FROM run") }
    for table in ["observation", "check_row", "run_inventory"] {
      #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0)
    }
  }

  @Test func inventoryIsKeptOnceForEachContent() throws {
    for seed in UInt64(2)...40 {
      let sample = SampleRun(seed: seed)
      try store.begin(sample.begun, inventory: sample.inventory).finish(sample.ended, rows: [], manifest: [])
    }
    let queue = try DatabaseQueue(path: scratch.path)
    // One `agencies.csv` and four editions of `hosts.csv`.
    #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM inventory_file") } == 5)
  }

  /// The schema as SQLite keeps it, against the text that was released. When this fails because a migration
  /// was added, add the new text beside the old; when no migration was added, a released one was changed.
  @Test func schemaIsTheReleasedOne() throws {
    let queue = try DatabaseQueue(path: scratch.path)
    let schema = try queue.read {
      try String.fetchAll(
        $0,
        sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'grdb_migrations' ORDER BY name"
      )
    }
    let released = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Schemas/0006-revisions.sql")
    let text = schema.map { $0 + ";\n" }.joined(separator: "\n")
    #expect(text == (try String(contentsOf: released, encoding: .utf8)))
  }
}
