import Foundation
import Observations
import Readiness
import StoreSamples
import Testing

@testable import Store

/// What a process had said of its work.
struct CrashAccount {
  var isOpened = false
  var finishing: [String: String] = [:]
  var finished: Set<String> = []
  var abandoned: Set<String> = []
  var removed: Set<String> = []
  var isCopied = false
  var isTidied = false
  var errors: [String] = []

  init(_ lines: [String]) {
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "opened": isOpened = true
      case "finishing": finishing[words[1]] = words[2]
      case "finished": finished.insert(words[1])
      case "abandoned": abandoned.insert(words[1])
      case "removed": removed.insert(words[1])
      case "copied": isCopied = true
      case "tidied": isTidied = true
      default: errors.append(line)
      }
    }
  }
}

/// A piece of work on a store, and how to tell afterwards whether the store is as it must be.
struct CrashWork: Sendable {
  let name: String
  /// The files it begins with.
  let template: Scratch
  /// The runs in them, with their digests.
  let base: [String: String]
  /// What `store-testtool` is told, given its directory.
  let arguments: @Sendable (String) -> [String]
  /// What only this work promises, once the store has been opened again.
  var promises: @Sendable (Store, String, CrashAccount) throws -> [String] = { _, _, _ in [] }
  /// Runs that may be missing.
  var removable: Set<String> = []
  /// How many runs it finishes or abandons, where nothing goes wrong.
  var steps = 0

  static func all() throws -> [CrashWork] {
    let new = try Scratch(inMemory: true)
    var all = [
      CrashWork(
        name: "new store", template: new, base: [:],
        arguments: { ["work", $0 + "/store.db", "100", "2"] }, steps: 2)
    ]
    let used = try Scratch(inMemory: true)
    for seed in UInt64(1)...3 { try SampleRun(seed: seed).keep(in: Store(path: used.path)) }
    let runs = Dictionary(
      uniqueKeysWithValues: (UInt64(1)...3).map { (SampleRun(seed: $0).begun.id, SampleRun(seed: $0).digest) }
    )
    all.append(
      CrashWork(
        name: "rounds", template: used, base: runs,
        arguments: { ["work", $0 + "/store.db", "100", "16"] }, steps: 16))
    all.append(
      CrashWork(
        name: "backup", template: used, base: runs,
        arguments: { ["backup", $0 + "/store.db", $0 + "/copy.db"] }, promises: copyIsWhole))
    for name in OldStore.names.dropLast() {
      let old = try Scratch(inMemory: true)
      try OldStore.make(name, at: old.path, seeds: 1...3)
      all.append(
        CrashWork(
          name: "migration from \(name)", template: old, base: runs,
          arguments: { ["work", $0 + "/store.db", "100", "1"] }, steps: 1))
    }
    return all + [try tidying()]
  }

  /// What is wrong with the store in a directory, after the work was done or cut off.
  func complaints(in directory: String, _ account: CrashAccount, _ fault: Fault?) -> [String] {
    var found = refusals(account, fault)
    do {
      let path = directory + "/store.db"
      // A reader that comes first finds the log as it was left.
      if account.isOpened {
        found += visibility(try Store.openForReading(path: path), account, thorough: false)
      }
      let store = try Store(path: path)
      for run in store.abandoned where account.finished.contains(run.id) {
        found.append("\(run.id) was abandoned")
      }
      try store.checkIntegrity()
      found += visibility(store, account, thorough: true)
      found += try promises(store, directory, account)
      let next = SampleRun(seed: 9999)
      try next.keep(in: store)
      if try SampleRun.digest(of: next.begun.id, in: store) != next.digest {
        found.append("the next run is not kept")
      }
    } catch {
      found.append("\(error)")
    }
    return found
  }

  /// A disk that refuses is named, and what comes after a single refusal succeeds.
  private func refusals(_ account: CrashAccount, _ fault: Fault?) -> [String] {
    var found: [String] = []
    switch fault {
    case .eio: if account.errors.count > 1 { found.append("more than one step failed: \(account.errors)") }
    case .enospc, .full:
      if fault == .enospc, account.errors.count > 1 {
        found.append("more than one step failed: \(account.errors)")
      }
      let word = "could not be written: the file system is full; make room"
      // When it is over at once nobody can tell why a file could not be made.
      for error in account.errors
      where !error.contains(word) && (fault == .full || !error.contains("store: SQLite ")) {
        found.append(error)
      }
    case .kill, .torn, .power, .scrambled, nil: found += account.errors
    }
    if fault == .eio || fault == .enospc, account.isOpened,
      account.finished.count + account.abandoned.count + account.errors.count < steps
    {
      found.append("steps are missing")
    }
    return found
  }

  /// What is visible is what was acknowledged or about to be, whole, with its standings and its changes.
  private func visibility(_ store: Store, _ account: CrashAccount, thorough: Bool) -> [String] {
    var found: [String] = []
    do {
      let visible = Set(try store.runs(limit: .max, everyRound: true).map(\.id))
      for id in account.finished.union(base.keys).subtracting(removable) where !visible.contains(id) {
        found.append("\(id) is lost")
      }
      for id in visible where base[id] == nil && account.finishing[id] == nil {
        found.append("\(id) came from nowhere")
      }
      for id in account.removed.intersection(visible) { found.append("\(id) was removed and is there") }
      let own = visible.intersection(account.finishing.keys)
      let changes = try store.changes(limit: .max).map(\.change).filter { account.finishing[$0.run] != nil }
      if changes.map(\.run).sorted() != own.sorted() { found.append("changes are not those of \(own)") }
      let standings = try store.standings(vantage: "lab").filter { account.finishing[$0.run] != nil }
      if Set(standings.map(\.run)) != own || standings.count != 3 * own.count {
        found.append("standings are not those of \(own)")
      }
      guard thorough else { return found }
      // Of many runs that were there before, some: another part for each point.
      let old = visible.subtracting(own).sorted().shuffled().prefix(4)
      for id in own.union(old) {
        let expected = base[id] ?? account.finishing[id]
        if try SampleRun.digest(of: id, in: store) != expected { found.append("\(id) is not whole") }
      }
    } catch {
      found.append("\(error)")
    }
    return found
  }

  private static func copyIsWhole(_ store: Store, _ directory: String, _ account: CrashAccount) throws
    -> [String]
  {
    let path = directory + "/copy.db"
    if !FileManager.default.fileExists(atPath: path) {
      if account.isCopied { return ["the copy is lost"] }
      try store.backup(to: path)
    }
    let copy = try Store.openForReading(path: path)
    try copy.checkIntegrity()
    let (runs, copied) = (try store.runs(limit: .max), try copy.runs(limit: .max))
    return runs == copied ? [] : ["the copy has \(copied.count) runs of \(runs.count)"]
  }

  private static func tidying() throws -> CrashWork {
    let rounds = 80
    let life = SampleLife(rounds: rounds, hosts: 12, big: [16])
    let template = try Scratch(inMemory: true)
    try life.keep(in: Store(path: template.path))
    let untouched = try Store(path: template.path)
    let base = Dictionary(
      uniqueKeysWithValues: try life.runs.map {
        ($0.run.id, try SampleRun.digest(of: $0.run.id, in: untouched))
      })
    let answers = try Answers(of: untouched, life)
    let tidied = try Scratch(inMemory: true)
    try untouched.backup(to: tidied.path)
    let removed = Set(try Store(path: tidied.path).tidy(life.retention, now: life.end).removed)
    return CrashWork(
      name: "tidying", template: template, base: base,
      arguments: { ["tidy", $0 + "/store.db", "\(rounds)"] },
      promises: { store, _, account in
        var found: [String] = []
        if try Answers(of: store, life) != answers { found.append("the answers are others") }
        let report = try store.tidy(life.retention, now: life.end)
        if account.isTidied && report != TidyReport() {
          found.append("tidied, and there was more: \(report)")
        }
        if !account.removed.isDisjoint(with: report.removed) { found.append("a run was removed twice") }
        if try Answers(of: store, life) != answers {
          found.append("the answers are others after tidying again")
        }
        let left = Set(try store.runs(limit: .max, everyRound: true).map(\.id))
        if left != Set(base.keys).subtracting(removed) { found.append("what is left is \(left.sorted())") }
        return found
      }, removable: removed)
  }

  /// What is asked of a store that tidying must not change.
  private struct Answers: Equatable {
    let history: History
    let days: [[RollUp]]
    let manifests: [[UInt8]]

    init(of store: Store, _ life: SampleLife) throws {
      var run = life.runs[0].run
      (run.id, run.startedAt) = ("now", life.end)
      history = try store.history(before: run, days: 1, trafficDays: 1)
      days = try (1...4).map { host in
        try store.rollUps(
          by: .day, vantage: "lab", host: "host-\(host)", check: .reachTCP, in: SampleLife.start..<life.end)
      }
      manifests = try life.runs.filter { !$0.run.isRetest }.map { try store.manifest(run: $0.run.id) }
    }
  }
}
