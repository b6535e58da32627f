import Foundation
import GRDB
import Observations
import SeededRandom
import StoreSamples
import Testing

@testable import Store

/// What is there is opened, brought forward or refused; what is refused is left as it is.
@Suite struct OpeningTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func newStoreIsForItsOwnerAlone() throws {
    let path = scratch.directory + "/var/lib/store.db"
    let store = try Store(path: path)
    #expect(try scratch.mode(of: scratch.directory + "/var") == 0o700)
    #expect(try scratch.mode(of: scratch.directory + "/var/lib") == 0o700)
    for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try scratch.mode(of: path + suffix) == 0o600) }
    #expect(store.path == path)
    #expect(store.abandoned.isEmpty)
    #expect(try store.runs().isEmpty)
  }

  @Test(arguments: [
    ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("mmap_size", "0"),
    ("cache_size", "-2048"), ("auto_vacuum", "2"),
  ])
  func settings(name: String, value: String) throws {
    let store = try Store(path: scratch.path)
    let found = try store.read { try DatabaseValue.fetchOne($0, sql: "PRAGMA \(name)") }
    #expect(
      found.flatMap(String.fromDatabaseValue) ?? found.flatMap(Int.fromDatabaseValue)?.description == value)
  }

  @Test func emptyFileBecomesAStore() throws {
    try scratch.write([])
    #expect(throws: StoreError.notAStore(path: scratch.path, why: "it is empty")) {
      try Store.openForReading(path: scratch.path)
    }
    #expect(try Store(path: scratch.path).runs().isEmpty)
  }

  @Test func missingFileIsNotCreatedByReading() throws {
    #expect(throws: StoreError.notFound(path: scratch.path)) { try Store.openForReading(path: scratch.path) }
    let deeper = scratch.directory + "/no/such/store.db"
    #expect(throws: StoreError.notFound(path: deeper)) { try Store.openForReading(path: deeper) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.directory).isEmpty)
  }

  @Test func directoryIsNoStore() throws {
    let refusal = StoreError.notAStore(path: scratch.directory, why: "it is a directory")
    #expect(throws: refusal) { try Store(path: scratch.directory) }
    #expect(throws: refusal) { try Store.openForReading(path: scratch.directory) }
  }

  @Test func fileWhereADirectoryShouldBe() throws {
    try scratch.write([1], to: "file")
    #expect(throws: StoreError.self) { try Store(path: scratch.directory + "/file/store.db") }
  }

  @Test(arguments: [1, 15, 16, 99, 100, 4096, 10_000])
  func garbage(length: Int) throws {
    var random = SplitMix64(seed: UInt64(length))
    try expectRefused((0..<length).map { _ in UInt8(random.below(256)) }) { error in
      if case .notAStore = error { true } else { false }
    }
  }

  @Test func csvFileGivenByMistake() throws {
    try expectRefused(Array(String(repeating: "host,agency\n", count: 500).utf8)) { error in
      error == .notAStore(path: scratch.path, why: "it is no SQLite database")
    }
  }

  @Test func anotherProgramsDatabase() throws {
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "CREATE TABLE run (id TEXT); INSERT INTO run VALUES ('theirs')") }
    try queue.close()
    try expectRefused(try scratch.bytes()) { error in
      error == .notAStore(path: scratch.path, why: "it is another program's database")
    }
  }

  @Test func laterSchema() throws {
    try fill()
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('0099-later')") }
    try queue.close()
    try expectRefused(try scratch.bytes()) { error in
      error == .newerSchema(path: scratch.path, migrations: ["0099-later"])
    }
  }

  @Test func creationThatWasCutShort() throws {
    // As after a kill between claiming the file and the first migration.
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "PRAGMA application_id = \(Schema.applicationID)") }
    try queue.close()
    #expect(throws: StoreError.olderSchema(path: scratch.path, migrations: Schema.migrations.map(\.name))) {
      try Store.openForReading(path: scratch.path)
    }
    #expect(try Store(path: scratch.path).runs().isEmpty)
    #expect(try Store.openForReading(path: scratch.path).runs().isEmpty)
  }

  @Test func fileCutOffAnywhere() throws {
    try fill()
    let whole = try scratch.bytes()
    try #require(whole.count > 100_000)
    let pages = stride(from: 4096, to: whole.count, by: 4096 * 7)
    let lengths = Array(stride(from: 1, to: whole.count, by: whole.count / 40)) + pages + [whole.count - 1]
    for length in lengths {
      try expectRefused(Array(whole[..<length])) { error in
        switch error {
        case .corrupt, .notAStore: true
        default: false
        }
      }
    }
  }

  /// There are no checksums over pages, so a damaged one may be believed; but it never takes us down.
  @Test func damagedPagesAreNoCrash() throws {
    try fill()
    let whole = try scratch.bytes()
    var random = SplitMix64(seed: 3)
    var refused = 0
    for _ in 0..<60 {
      var damaged = whole
      for _ in 0..<40 { damaged[Int(random.below(UInt64(whole.count)))] = UInt8(random.below(256)) }
      let scratch = try Scratch()
      try scratch.write(damaged)
      do throws(StoreError) {
        let store = try Store.openForReading(path: scratch.path)
        for run in try store.runs() {
          _ = try store.observations(run: run.id)
          _ = try store.checkRows(run: run.id)
          _ = try store.inventoryFiles(run: run.id)
        }
        try store.checkIntegrity()
      } catch {
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  @Test func doctoredInventoryIsFound() throws {
    try fill()
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "UPDATE inventory_file SET bytes = x'00'") }
    try queue.close()
    let store = try Store.openForReading(path: scratch.path)
    let run = try #require(try store.latestRun())
    #expect(throws: StoreError.corrupt(path: scratch.path, why: "agencies.csv does not match its SHA-256")) {
      try store.inventoryFiles(run: run.id)
    }
  }

  @Test func rowOfALaterVersionIsNamed() throws {
    let store = try Store(path: scratch.path)
    let sample = SampleRun(seed: 1)
    let writer = try store.begin(sample.begun, inventory: [])
    try store.write { db in
      try db.execute(
        sql: """
          INSERT INTO observation VALUES (1, 7, 'h', 0, NULL, 'dream', '', '{"dream":{}}');
          INSERT INTO check_row VALUES (1, 3, 'h', 'dns.dream', '', 'pass', 'open', '', NULL, '');
          """)
    }
    try writer.finish(sample.ended, rows: [], manifest: [])
    let observation = #expect(throws: StoreError.self) { try store.observations(run: writer.id) }
    #expect(observation?.what == "observation 7")
    #expect(
      throws: StoreError.unreadable(path: store.path, what: "check row 3", why: "\"dns.dream\" is no CheckID")
    ) {
      try store.checkRows(run: writer.id)
    }
  }

  /// A closed store with three runs.
  private func fill() throws {
    let store = try Store(path: scratch.path)
    for seed in UInt64(1)...3 {
      let sample = SampleRun(seed: seed)
      let writer = try store.begin(sample.begun, inventory: sample.inventory)
      for batch in sample.batches { try writer.append(batch) }
      try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    }
  }

  /// A file of these bytes is refused for reading and for writing, and not touched.
  private func expectRefused(_ bytes: [UInt8], _ isExpected: (StoreError) -> Bool) throws {
    let file = try Scratch()
    try file.write(bytes)
    for open in [{ try Store.openForReading(path: $0) }, { try Store(path: $0) }]
      as [(String) throws -> Store]
    {
      let error = #expect(throws: StoreError.self, "\(bytes.count) bytes") { try open(file.path) }
      if let error { #expect(isExpected(error.moved(to: scratch.path)), "\(bytes.count) bytes: \(error)") }
      #expect(try file.bytes() == bytes)
    }
  }
}

extension StoreError {
  /// The same about another path, for the cases that are compared.
  fileprivate func moved(to path: String) -> StoreError {
    switch self {
    case .notAStore(_, let why): .notAStore(path: path, why: why)
    case .newerSchema(_, let migrations): .newerSchema(path: path, migrations: migrations)
    default: self
    }
  }
}
