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

  /// What was open before the disk was full goes on when there is room again.
  @Test(.enabled(if: Self.hasNamespaces)) func roomComesBack() throws {
    let result = try inNamespace(
      """
      mount -t tmpfs -o size=64m tmpfs "$0" || exit 99
      "$1" work "$0/store.db" 1 1
      dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null
      echo full; "$1" open "$0/store.db"; "$1" work "$0/store.db" 2 1; "$1" list "$0/store.db"
      rm "$0/filler"
      echo roomy; "$1" work "$0/store.db" 3 1; "$1" list "$0/store.db"
      mkfifo "$0/go"
      echo while-open; ("$1" work-on "$0/store.db" 10 6 "$0/go") & tool=$!
      exec 3>"$0/go"
      echo >&3; sleep 1
      dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null
      echo >&3; sleep 1
      rm "$0/filler"
      echo >&3; exec 3>&-; wait $tool
      "$1" open "$0/store.db"; "$1" list "$0/store.db"
      """)
    let sections = result.lines.split { ["full", "roomy", "while-open"].contains($0) }.map(Array.init)
    try #require(sections.count == 4, "\(result.lines)")
    #expect(sections[0].last?.hasPrefix("finished") == true)
    let full = "error \(StoreError.diskFull(path: scratch.path))"
    let (first, third) = (SampleRun(seed: 1), SampleRun(seed: 3))
    #expect(
      sections[1].allSatisfy { $0 == full || $0 == "opened" || $0 == "sound" || $0.hasPrefix("visible") })
    #expect(sections[1].contains(full) && sections[1].last == "visible \(first.begun.id) \(first.digest)")
    #expect(sections[2].dropFirst(3).first == "visible \(third.begun.id) \(third.digest)")
    #expect(sections[2].last == sections[1].last)
    // Two runs with room, two without, two with room again; every one that was said to be kept is.
    let finished = sections[3].filter { $0.hasPrefix("finished") }.map { $0.dropFirst("finished ".count) }
    let visible = sections[3].filter { $0.hasPrefix("visible") }.map { $0.dropFirst("visible ".count) }
    #expect(finished.count == 4 && sections[3].filter { $0 == full }.count == 2, "\(sections[3])")
    #expect(Set(visible).isSuperset(of: finished) && visible.count == 6)
  }

  /// Letting go of runs needs a little room for the log, and says so; nothing is lost by trying.
  @Test(.enabled(if: Self.hasNamespaces)) func tidyingAFullDisk() throws {
    let life = SampleLife(rounds: 80, hosts: 12)
    try life.keep(in: Store(path: scratch.path))
    let result = try inNamespace(
      """
      mkdir "$0/small"; mount -t tmpfs -o size=64m tmpfs "$0/small" || exit 99
      cp "$0/store.db" "$0/small"
      "$1" open "$0/small/store.db"
      dd if=/dev/zero of="$0/small/filler" bs=4k 2>/dev/null
      "$1" tidy "$0/small/store.db" 80
      rm "$0/small/filler"
      "$1" tidy "$0/small/store.db" 80; "$1" open "$0/small/store.db"
      """)
    #expect(result.lines.first == "sound")
    #expect(
      result.lines.dropFirst().first
        == "error \(StoreError.diskFull(path: scratch.directory + "/small/store.db"))")
    #expect(result.lines.filter { $0.hasPrefix("removed") }.count > 60)
    #expect(result.lines.suffix(2) == ["tidied", "sound"])
  }

  @Test(.enabled(if: Self.hasNamespaces)) func readOnlyFileSystem() throws {
    let digest = try fill()
    let result = try inNamespace(
      """
      mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 99
      "$1" open "$0/store.db"; "$1" open "$0/new.db"; "$1" list "$0/store.db"
      "$1" tidy "$0/store.db" 80; "$1" work "$0/store.db" 7 1
      """)
    #expect(result.lines.count == 5)
    #expect(result.lines.suffix(2).allSatisfy { $0 == "error \(StoreError.readOnly(path: scratch.path))" })
    #expect(result.lines.first == "error \(StoreError.readOnly(path: scratch.path))")
    #expect(
      result.lines.dropFirst().first == "error \(StoreError.readOnly(path: scratch.directory + "/new.db"))")
    #expect(result.lines.dropFirst(2).first?.hasSuffix(digest) == true)
    #expect(StoreError.readOnly(path: scratch.path).remedy.contains("writable directory"))
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
