import Foundation
import Store
import StoreSamples
import Testing

/// Disks that are full, read-only or not ours.
@Suite(.serialized) struct HostileDiskTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(.enabled(if: Self.hasNamespaces), arguments: ["1m", "2m", "5m"])
  func fullDisk(size: String) throws {
    let result = try inNamespace(
      """
      mount -t tmpfs -o size=\(size) tmpfs "$0" || exit 99
      "$1" write "$0/store.db" 1
      echo full; "$1" list "$0/store.db"
      mount -o remount,size=64m "$0"
      echo roomy; "$1" list "$0/store.db"; "$1" open "$0/store.db"; "$1" list "$0/store.db"
      """)
    let sections = result.lines.split { $0 == "full" || $0 == "roomy" }.map(Array.init)
    try #require(sections.count == 3, "\(result.lines)")
    #expect(sections[0].last?.contains("could not be written: the file system is full; make room") == true)
    let finished = sections[0].filter { $0.hasPrefix("finished") }.map { $0.dropFirst("finished ".count) }
    #expect(!finished.isEmpty)
    let visible = sections[1].map { $0.dropFirst("visible ".count) }
    #expect(Set(visible) == Set(finished))
    #expect(sections[2] == sections[1] + ["sound"] + sections[1])
  }

  @Test(.enabled(if: Self.hasNamespaces)) func noRoomForANewStore() throws {
    let result = try inNamespace(
      """
      mount -t tmpfs -o size=4k tmpfs "$0" || exit 99
      "$1" open "$0/store.db"
      mount -o remount,size=64m "$0"
      "$1" open "$0/store.db"
      """)
    #expect(result.lines.count == 2)
    #expect(result.lines.first?.contains("the file system is full") == true)
    #expect(result.lines.last == "sound")
  }

  @Test(.enabled(if: Self.hasNamespaces)) func readOnlyFileSystem() throws {
    let digest = try fill()
    let result = try inNamespace(
      """
      mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99
      "$1" open "$0/store.db"; "$1" open "$0/new.db"; "$1" list "$0/store.db"
      """)
    #expect(result.lines.count == 3)
    #expect(result.lines.first == "error \(StoreError.readOnly(path: scratch.path))")
    #expect(
      result.lines.dropFirst().first == "error \(StoreError.readOnly(path: scratch.directory + "/new.db"))")
    #expect(result.lines.last?.hasSuffix(digest) == true)
  }

  /// The log's files are there but cannot be written, or the store was copied without them.
  @Test(arguments: [true, false])
  func anAuditorMayReadAndNotWrite(withLog: Bool) throws {
    let digest = try fill()
    for file in ["-wal", "-shm"].map({ scratch.path + $0 }) {
      #expect(FileManager.default.fileExists(atPath: file))
      if !withLog { try FileManager.default.removeItem(atPath: file) }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: scratch.directory) {
      chmod(scratch.directory + "/" + name, 0o444)
    }
    chmod(scratch.directory, 0o555)
    let listing = try TestTool.run(["list", scratch.path], under: Self.withoutPrivilege)
    #expect(listing.lines.count == 1)
    #expect(listing.lines.first?.hasSuffix(digest) == true)
    let opening = try TestTool.run(["open", scratch.path], under: Self.withoutPrivilege)
    #expect(opening.lines.first?.contains("store: access denied: opening it for writing") == true)
    let creating = try TestTool.run(["open", scratch.directory + "/new.db"], under: Self.withoutPrivilege)
    #expect(creating.lines.first?.contains("store: access denied: creating it") == true)
  }

  @Test func closedDirectory() throws {
    _ = try fill()
    chmod(scratch.directory, 0)
    for command in ["list", "open"] {
      let result = try TestTool.run([command, scratch.path], under: Self.withoutPrivilege)
      #expect(result.status == 1)
      #expect(result.lines.first?.contains("store: access denied: looking at it") == true)
    }
  }

  /// SQLite would take this name for a URI and keep the runs in memory.
  @Test func relativePathThatLooksLikeAURI() throws {
    let name = "file:store.db?mode=memory"
    let result = try TestTool.run(["open", name], under: ["-C", scratch.directory])
    #expect(result.lines == ["sound"])
    #expect(FileManager.default.fileExists(atPath: scratch.directory + "/" + name))
  }

  private func fill() throws -> String {
    let store = try Store(path: scratch.path)
    let sample = SampleRun(seed: 1)
    let writer = try store.begin(sample.begun, inventory: sample.inventory)
    for batch in sample.batches { try writer.append(batch) }
    try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
    return sample.digest
  }

  /// Runs a script in a user and mount namespace of its own; `$0` is the scratch directory, `$1` the tool.
  private func inNamespace(_ script: String) throws -> (lines: [String], status: Int32) {
    try TestTool.shell(script, scratch.directory, under: ["unshare", "-Urm"])
  }

  private static let hasNamespaces: Bool =
    (try? TestTool.shell("true", "", under: ["unshare", "-Urm"]))?.status == 0

  /// Root passes every permission by its capabilities; without them it is held to them like its users.
  private static let withoutPrivilege =
    geteuid() == 0 ? ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] : []
}
