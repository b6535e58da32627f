import Foundation
import GRDB
import Observations
import Readiness
import StoreSamples
import Testing

@testable import Store

/// A page of any table that does not hold together: it is refused with what to do, for reading and for writing, and the
/// file stays as it is, byte for byte.
@Suite struct DamageTests {
  private static let page = 4096
  static let tables = [
    "run", "run_inventory", "inventory_file", "observation", "observation_by_host", "check_row",
    "check_row_by_host",
    "standing", "change", "change_by_host", "past_round", "past_round_by_time", "rollup",
  ]

  /// A closed store with something in every table, and the pages of each.
  private func fill(_ scratch: Scratch) throws -> [String: [Int]] {
    let life = SampleLife(rounds: 40, hosts: 300)
    do {
      let store = try Store(path: scratch.path)
      try life.keep(in: store)
      for seed in UInt64(1)...20 { try SampleRun(seed: seed).keep(in: store) }
      _ = try store.tidy(
        Retention(full: 20 * 3600, rounds: 20 * 3600, captures: 0, latest: 1), now: life.end)
      try #require(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM rollup") } ?? 0 > 1000)
      try #require(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM past_round") } ?? 0 > 10)
    }
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    let roots = try queue.read {
      try Row.fetchAll($0, sql: "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
    }
    try queue.close()
    return Dictionary(uniqueKeysWithValues: roots.map { ($0[0] as String, [$0[1] as Int]) })
  }

  /// Everything there is to read.
  private func readAll(_ store: Store) throws(StoreError) {
    for run in try store.runs(limit: .max, everyRound: true) {
      _ = try store.observations(run: run.id)
      _ = try store.checkRows(run: run.id)
      _ = try store.inventoryFiles(run: run.id)
      _ = try store.manifest(run: run.id)
    }
    _ = try store.standings(vantage: "lab")
    _ = try store.changes(limit: .max)
    _ = try store.changes(host: "host-1", limit: .max)
    try store.checkIntegrity()
  }

  @Test func everyTable() throws {
    let scratch = try Scratch(inMemory: true)
    let pages = try fill(scratch)
    let whole = try scratch.bytes()
    for table in Self.tables {
      let root = try #require(pages[table]?.first, "\(table)")
      var damaged = whole
      // The header of the page, and what it says of its cells.
      for place in (root - 1) * Self.page..<(root - 1) * Self.page + 64 { damaged[place] = 0xff }
      for isWriting in [false, true] {
        let place = try Scratch(inMemory: true)
        try place.write(damaged)
        let error = #expect(throws: StoreError.self, "\(table)") {
          let store = try isWriting ? Store(path: place.path) : Store.openForReading(path: place.path)
          try readAll(store)
        }
        guard case .corrupt(let path, let why) = error else {
          Issue.record("\(table): \(error?.description ?? "nothing")")
          continue
        }
        #expect(path == place.path && !why.isEmpty)
        #expect(error?.remedy.hasPrefix("keep the file as it is, restore a copy") == true)
        #expect(try place.bytes() == damaged, "\(table) was written over")
      }
    }
  }

  /// A run is refused where it meets the damage, and the page stays as it is, also once the log is written back.
  @Test(arguments: ["run", "observation", "check_row", "standing", "change", "past_round"])
  func writingIsRefused(table: String) throws {
    let scratch = try Scratch(inMemory: true)
    let start = (try #require(try fill(scratch)[table]?.first) - 1) * Self.page
    var damaged = try scratch.bytes()
    for place in start..<start + 64 { damaged[place] = 0xff }
    try scratch.write(damaged)
    for seed in UInt64(50)...51 {
      let error = #expect(throws: StoreError.self) {
        let store = try Store(path: scratch.path)
        try SampleRun(seed: seed).keep(in: store)
        if table == "past_round" {
          _ = try store.tidy(Retention(full: 0, rounds: 0), now: SampleLife(rounds: 40, hosts: 1).end)
        }
      }
      guard case .corrupt = error else {
        Issue.record("\(error?.description ?? "nothing")")
        continue
      }
    }
    #expect(
      try Array(scratch.bytes()[start..<start + Self.page]) == Array(damaged[start..<start + Self.page]))
  }

  /// Tidying stops at damage, with nothing let go that could not be rolled up.
  @Test(arguments: ["rollup", "past_round", "check_row", "check_row_by_host", "observation"])
  func tidyingIsRefused(table: String) throws {
    let scratch = try Scratch(inMemory: true)
    let pages = try fill(scratch)
    var damaged = try scratch.bytes()
    let root = try #require(pages[table]?.first)
    for place in (root - 1) * Self.page..<(root - 1) * Self.page + 64 { damaged[place] = 0xff }
    try scratch.write(damaged)
    let life = SampleLife(rounds: 40, hosts: 300)
    let store = try Store(path: scratch.path)
    for _ in 0..<2 {
      let error = #expect(throws: StoreError.self) {
        try store.tidy(Retention(full: 0, rounds: 0, daily: 0), now: life.end)
      }
      guard case .corrupt = error else {
        Issue.record("\(error?.description ?? "nothing")")
        continue
      }
    }
    let runs = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") }
    #expect(runs ?? 0 > 20)
  }
}
