import Glibc
import Store
import StoreSamples
import Testing

/// One writer, any number of readers.
@Suite struct WriterLockTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func secondWriterInThisProcess() throws {
    var first: Store? = try Store(path: scratch.path)
    #expect(throws: StoreError.locked(path: scratch.path, holder: getpid())) { try Store(path: scratch.path) }
    #expect(try first?.runs().isEmpty == true)
    first = nil
    _ = try Store(path: scratch.path)
  }

  @Test func secondWriterInAnotherProcess() throws {
    let other = try TestTool(["hold", scratch.path])
    #expect(other.waitForLines(1) == ["opened"])
    let holder = other.process.processIdentifier
    #expect(throws: StoreError.locked(path: scratch.path, holder: holder)) { try Store(path: scratch.path) }
    #expect(try Store.openForReading(path: scratch.path).runs().isEmpty)
    _ = try other.kill()
    // The kernel let go of the lock with the process.
    _ = try Store(path: scratch.path)
  }

  @Test func lockGoesWithTheLastCopy() throws {
    let sample = SampleRun(seed: 1)
    var writer: RunWriter? = try Store(path: scratch.path).begin(sample.begun, inventory: [])
    #expect(throws: StoreError.self) { try Store(path: scratch.path) }
    try writer?.finish(sample.ended, rows: [], manifest: [])
    writer = nil
    #expect(try Store(path: scratch.path).latestRun() == sample.ended)
  }

  @Test func lockFileOfADeadProcessIsNoHindrance() throws {
    try scratch.write(Array("1\n".utf8), to: "store.db.lock")
    _ = try Store(path: scratch.path)
  }

  @Test func readerWritesNothing() throws {
    let writer = try Store(path: scratch.path)
    let reader = try Store.openForReading(path: scratch.path)
    #expect(throws: StoreError.readOnly(path: scratch.path)) {
      try reader.begin(SampleRun(seed: 1).begun, inventory: [])
    }
    #expect(try writer.runs().isEmpty)
  }

  @Test func readerOutlivesItsWriter() throws {
    let sample = SampleRun(seed: 1)
    var writer: RunWriter? = try Store(path: scratch.path).begin(sample.begun, inventory: sample.inventory)
    let reader = try Store.openForReading(path: scratch.path)
    for batch in sample.batches { try writer?.append(batch) }
    try writer?.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    writer = nil
    #expect(try SampleRun.digest(of: sample.begun.id, in: reader) == sample.digest)
  }
}
