import Foundation
import GRDB
import SeededRandom
import Store
import StoreSamples
import Testing

/// A writer is killed at any moment. What it had said was finished is there, whole; what was not, is not.
@Suite(.serialized) struct KillTests {
  /// Each store is killed ten times over, so that it also grows past several checkpoints of the log; and on until a run
  /// was cut off, which chance may leave out.
  @Test(arguments: UInt64(1)...5)
  func killedAtAnyMoment(seed: UInt64) throws {
    let scratch = try Scratch()
    var random = SplitMix64(seed: seed)
    var account = Account()
    var round: UInt64 = 0
    while round < 10 || account.abandoned == 0 && round < 50 {
      defer { round += 1 }
      let tool = try TestTool(["write", scratch.path, String(seed * 1_000_000 + round * 1_000)])
      // A third of the moments lie in opening and creation, the others anywhere in up to three runs: counted
      // in steps the writer has taken, so that a slow machine sees the same.
      if random.below(3) == 0 {
        usleep(UInt32(random.below(100_000)))
      } else {
        account.note(tool.waitForLines(1 + Int(random.below(10))))
        usleep(UInt32(random.below(30_000)))
      }
      account.note(try tool.kill())
      // A reader that comes first finds the log as the dead writer left it.
      if random.below(2) == 0, account.opened {
        try account.check(Store.openForReading(path: scratch.path), limit: 2)
      }
      let store = try Store(path: scratch.path)
      #expect(store.abandoned.count <= 1)
      for run in store.abandoned { #expect(account.begun[run.id] != nil && account.finished[run.id] == nil) }
      account.abandoned += store.abandoned.count
      try store.checkIntegrity()
      try account.check(store, limit: 5)
    }
    try account.check(Store.openForReading(path: scratch.path), limit: .max)
    // The moments were well chosen: some runs came to their end, some did not.
    #expect(account.finished.count > 2)
    #expect(account.abandoned > 0)
    let rows = try DatabaseQueue(path: scratch.path).read { db in
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM observation WHERE run NOT IN (SELECT number FROM run)")
    }
    #expect(rows == 0)
  }
}

/// What the killed writers had said, by run, with the digest of what the run holds.
private struct Account {
  var opened = false
  var begun: [String: String] = [:]
  var finishing: [String: String] = [:]
  var finished: [String: String] = [:]
  var abandoned = 0

  mutating func note(_ lines: [String]) {
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "opened": opened = true
      case "beginning": begun[words[1]] = words[2]
      case "finishing": finishing[words[1]] = words[2]
      case "finished": finished[words[1]] = words[2]
      default: Issue.record("the writer said: \(line)")
      }
    }
  }

  /// What is visible is what was said: all that was finished, and nothing that had not begun to be.
  ///
  /// - Parameter limit: of how many runs, the latest first, the content is compared too.
  func check(_ store: Store, limit: Int) throws {
    let visible = try store.runs(limit: .max).map(\.id)
    #expect(Set(visible).isSuperset(of: finished.keys))
    #expect(Set(visible).isSubset(of: finishing.keys))
    for id in visible.prefix(limit) { #expect(try SampleRun.digest(of: id, in: store) == finishing[id]) }
  }
}
