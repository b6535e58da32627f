import GRDB
import Observations
import Readiness
import StoreSamples
import Testing

@testable import Store

/// A run is seen whole or not at all.
@Suite struct VisibilityTests {
  let scratch: Scratch
  let store: Store
  let sample = SampleRun(seed: 1)

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
  }

  @Test func runUnderWayIsSeenByNobody() throws {
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    for store in [store, try Store.openForReading(path: scratch.path)] {
      #expect(try store.latestRun() == nil)
      #expect(try store.runs().isEmpty)
      #expect(try store.run(writer.id) == nil)
      #expect(throws: unknown(writer.id)) { try store.observations(run: writer.id) }
      #expect(throws: unknown(writer.id)) { try store.checkRows(run: writer.id) }
      #expect(throws: unknown(writer.id)) { try store.inventoryFiles(run: writer.id) }
      #expect(throws: unknown(writer.id)) { try store.manifest(run: writer.id) }
    }
  }

  @Test func finishedRunIsSeenByAReaderThatWasOpenBefore() throws {
    let reader = try Store.openForReading(path: scratch.path)
    try write(sample)
    #expect(try reader.latestRun() == sample.ended)
    #expect(try SampleRun.digest(of: sample.ended.id, in: reader) == sample.digest)
  }

  @Test func interruptedRunIsSeenOnlyWhenAskedFor() throws {
    try write(sample, as: .incomplete)
    #expect(try store.latestRun() == nil)
    #expect(try store.runs().isEmpty)
    #expect(try store.run(sample.begun.id)?.state == .incomplete)
    #expect(try store.observations(run: sample.begun.id) == sample.batches.flatMap { $0 })
    #expect(try store.checkRows(run: sample.begun.id) == sample.rows)
  }

  @Test func runsComeLatestFirst() throws {
    let samples = (1...5).map { SampleRun(seed: $0) }
    for sample in samples {
      try write(sample, as: sample.begun.id == samples[4].begun.id ? .incomplete : .complete)
    }
    #expect(try store.runs().map(\.id) == samples[..<4].reversed().map(\.begun.id))
    #expect(try store.runs(limit: 2).map(\.id) == [samples[3].begun.id, samples[2].begun.id])
    #expect(try store.runs(limit: 0).isEmpty)
    #expect(try store.runs(limit: -1).isEmpty)
    #expect(try store.latestRun()?.id == samples[3].begun.id)
  }

  /// Whatever the store holds, the last round of a kind is one step in an index.
  @Test func lastRoundsAreNotLookedFor() throws {
    let plan = try store.read {
      try Row.fetchAll(
        $0, sql: "EXPLAIN QUERY PLAN SELECT id FROM run \(RunRow.lastOfKind)", arguments: ["reach"]
      ).map { $0["detail"] as String }
    }
    #expect(plan.contains { $0.hasPrefix("SEARCH run USING INDEX run_by_round") }, "\(plan)")
    #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
  }

  @Test func twoRunsAtOnceDoNotMix() throws {
    let other = SampleRun(seed: 2)
    let first = try store.begin(sample.begun, inventory: sample.inventory)
    let second = try store.begin(other.begun, inventory: other.inventory)
    for batch in sample.batches { try first.append(batch) }
    for batch in other.batches { try second.append(batch) }
    try second.finish(other.ended, rows: other.rows, manifest: other.manifest)
    try first.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    for sample in [sample, other] {
      #expect(try SampleRun.digest(of: sample.begun.id, in: store) == sample.digest)
    }
  }

  @Test(arguments: ["", "20261124T030829Z-ffff", "' OR 1 --"])
  func unknownRun(id: String) throws {
    try write(sample)
    #expect(try store.run(id) == nil)
    #expect(throws: unknown(id)) { try store.observations(run: id) }
    #expect(throws: unknown(id)) { try store.checkRows(run: id) }
  }

  @Test func endedRunTakesNothingMore() throws {
    let writer = try write(sample)
    let closed = StoreError.runClosed(path: scratch.path, run: writer.id)
    let late = Observation(
      sequence: 1_000_000, host: "h", at: sample.begun.startedAt, vantage: "lab", fact: SampleFacts.all[0])
    #expect(throws: closed) { try writer.append([late]) }
    #expect(throws: closed) { try writer.finish(sample.ended, rows: [], manifest: []) }
    #expect(throws: closed) { try writer.abandon() }
    #expect(try SampleRun.digest(of: writer.id, in: store) == sample.digest)
  }

  @Test func abandonedRunLeavesNothing() throws {
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    try writer.abandon()
    #expect(try store.run(writer.id) == nil)
    #expect(throws: StoreError.runClosed(path: scratch.path, run: writer.id)) {
      try writer.append(sample.batches[0])
    }
    // Its id is free again, and so are its rows.
    try write(sample)
    #expect(try SampleRun.digest(of: writer.id, in: store) == sample.digest)
  }

  @Test func sameIdTwiceIsRefused() throws {
    try write(sample)
    #expect(throws: StoreError.runExists(path: scratch.path, run: sample.begun.id)) {
      try store.begin(sample.begun, inventory: [])
    }
  }

  @Test func batchIsAllOrNothing() throws {
    let writer = try store.begin(sample.begun, inventory: [])
    let batch = sample.batches[0]
    // The last of them repeats the first one's number.
    #expect(throws: StoreError.self) { try writer.append(batch + [batch[0]]) }
    try writer.append(batch)
    try writer.finish(sample.ended, rows: [], manifest: [])
    #expect(try store.observations(run: writer.id) == batch)
  }

  /// Whatever hinders the last step takes the steps before it back.
  @Test func failedFinishCanBeTriedAgain() throws {
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    try store.write {
      try $0.execute(sql: "CREATE TRIGGER hindrance BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, ''); END")
    }
    #expect(throws: StoreError.self) {
      try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    }
    #expect(try store.run(writer.id) == nil)
    try store.write { try $0.execute(sql: "DROP TRIGGER hindrance") }
    try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    #expect(try SampleRun.digest(of: writer.id, in: store) == sample.digest)
  }

  @Test func runCannotEndAsAnotherOrStillRunning() throws {
    let writer = try store.begin(sample.begun, inventory: [])
    #expect(throws: StoreError.self) { try writer.finish(sample.begun, rows: [], manifest: []) }
    #expect(throws: StoreError.self) { try writer.finish(SampleRun(seed: 9).ended, rows: [], manifest: []) }
    #expect(throws: StoreError.self) { try store.begin(SampleRun(seed: 9).ended, inventory: []) }
    #expect(try store.run(writer.id) == nil)
  }

  @discardableResult
  private func write(_ sample: SampleRun, as state: RunState = .complete) throws -> RunWriter {
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    var ended = sample.ended
    ended.state = state
    try writer.finish(ended, rows: sample.rows, manifest: sample.manifest)
    return writer
  }

  private func unknown(_ id: String) -> StoreError { .unknownRun(path: scratch.path, run: id) }
}
