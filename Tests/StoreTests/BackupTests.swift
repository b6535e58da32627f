import Foundation
import GRDB
import Store
import StoreSamples
import Testing

/// Copies of a store in use.
@Suite(.serialized) struct BackupTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private var copy: String { scratch.directory + "/copy.db" }

  private func fill(_ seeds: ClosedRange<UInt64> = 1...3) throws {
    let store = try Store(path: scratch.path)
    for seed in seeds {
      let sample = SampleRun(seed: seed)
      let writer = try store.begin(sample.begun, inventory: sample.inventory)
      for batch in sample.batches { try writer.append(batch) }
      try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    }
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted()
  }

  @Test func copyIsTheStoreInOneFile() throws {
    try fill()
    let before = try names()
    let size = try Store.openForReading(path: scratch.path).backup(to: copy)
    #expect(try names() == (before + ["copy.db"]).sorted())
    #expect(try scratch.bytes(of: "copy.db").count == Int(size))
    #expect(try scratch.mode(of: copy) == 0o600)
    let listing = try TestTool.run(["list", scratch.path]).lines
    #expect(listing.count == 3)
    #expect(try TestTool.run(["list", copy]).lines == listing)
    // It is a store: it can be written to, and stays sound.
    #expect(try TestTool.run(["open", copy]).lines == ["sound"])
    #expect(try TestTool.run(["list", copy]).lines == listing)
    // SQLite's own word.
    let queue = try DatabaseQueue(path: copy)
    #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
  }

  /// Each copy holds what was finished when it began, and nothing that was not.
  @Test func copiesBesideAWriter() throws {
    let writer = try TestTool(["write", scratch.path, "1"])
    var seen = writer.waitForLines(4)
    for round in 0..<6 {
      let path = scratch.directory + "/copy-\(round).db"
      seen += writer.waitForLines(2)
      let finished = Set(seen.filter { $0.hasPrefix("finished ") }.map { $0.dropFirst("finished ".count) })
      #expect(try TestTool.run(["backup", scratch.path, path]).lines == ["copied"])
      let visible = try TestTool.run(["list", path]).lines.map { $0.dropFirst("visible ".count) }
      #expect(finished.isSubset(of: Set(visible)), "\(round)")
      #expect(visible.count >= finished.count)
      #expect(try TestTool.run(["open", path]).lines == ["sound"])
    }
    seen += try writer.kill()
    #expect(seen.allSatisfy { !$0.hasPrefix("error") })
  }

  @Test func nothingIsReplaced() throws {
    try fill(1...1)
    try scratch.write(Array("mine".utf8), to: "copy.db")
    let store = try Store.openForReading(path: scratch.path)
    #expect(throws: StoreError.exists(path: copy)) { try store.backup(to: copy) }
    #expect(throws: StoreError.exists(path: scratch.path)) { try store.backup(to: scratch.path) }
    #expect(try scratch.bytes(of: "copy.db") == Array("mine".utf8))
    #expect(
      StoreError.exists(path: copy).description
        == "\(copy): copy: is there already; name a file that is not there yet; none is replaced")
    #expect(throws: StoreError.notFound(path: scratch.directory + "/no/copy.db")) {
      try store.backup(to: scratch.directory + "/no/copy.db")
    }
  }

  /// Killed at any moment, it leaves no copy that is not whole, and the next one tidies up.
  @Test func killed() throws {
    try fill(1...12)
    let listing = try TestTool.run(["list", scratch.path]).lines
    var killed = 0
    for delay in 0..<30 {
      let tool = try TestTool(["backup", scratch.path, copy])
      usleep(UInt32(delay) * 700)
      let lines = try tool.kill()
      if FileManager.default.fileExists(atPath: copy) {
        #expect(try TestTool.run(["list", copy]).lines == listing)
        try FileManager.default.removeItem(atPath: copy)
      } else {
        #expect(lines.isEmpty)
        killed += 1
      }
    }
    #expect(killed > 0)
    #expect(try TestTool.run(["backup", scratch.path, copy]).lines == ["copied"])
    #expect(try TestTool.run(["list", copy]).lines == listing)
    #expect(try names().allSatisfy { !$0.contains("partial") })
  }

  /// A page of the store that does not hold together: the store is named, and no copy of it is made.
  @Test func damagedStore() throws {
    try fill()
    var bytes = try scratch.bytes()
    let page = 4096
    for place in bytes.count / page / 2 * page..<bytes.count / page / 2 * page + 64 { bytes[place] = 0xff }
    try scratch.write(bytes)
    let result = try TestTool.run(["backup", scratch.path, copy])
    #expect(result.lines.first?.hasPrefix("error \(scratch.path): store: is damaged: ") == true, "\(result)")
    #expect(try names().allSatisfy { !$0.hasPrefix("copy") })
  }

  @Test(.enabled(if: Self.hasNamespaces)) func fullDisk() throws {
    try fill(1...12)
    let result = try TestTool.shell(
      """
      mkdir "$0/small"
      mount -t tmpfs -o size=256k tmpfs "$0/small" || exit 99
      "$1" backup "$0/store.db" "$0/small/copy.db"
      ls -A "$0/small" | wc -l
      mount -o remount,size=64m "$0/small"
      "$1" backup "$0/store.db" "$0/small/copy.db"
      ls -A "$0/small"
      """, scratch.directory, under: ["unshare", "-Urm"])
    let path = scratch.directory + "/small/copy.db"
    #expect(result.lines == ["error \(StoreError.diskFull(path: path))", "0", "copied", "copy.db"])
  }

  private static let hasNamespaces: Bool =
    (try? TestTool.shell("true", "", under: ["unshare", "-Urm"]))?.status == 0
}
