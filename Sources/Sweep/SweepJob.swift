import Foundation
import Observations
import PacketIO
import Probing
import Synchronization
import Wire

/// A sweep as it is asked for: whom, what, how fast, and where its lines go.
public struct SweepJob: Sendable {
  /// Where the targets come from.
  public enum Source: Sendable {
    /// All at once.
    case pattern(AddressPattern)
    /// A file of any length, `-` for standard input: lists of `SweepJob.window` targets, one after the other.
    case file(String)
  }

  /// Targets of a file that are kept in memory, and shuffled, at once.
  public static let window = 262_144

  /// Whom.
  public var source: Source
  /// What is asked of each.
  public var probe: SweepProbe
  /// Packets to a target that stays silent, 1–5.
  public var tries = 1
  /// Which part of the targets.
  public var shard = SweepShard.whole
  /// At most so many targets.
  public var limit: Int?
  /// Decides the order; `nil` for a random one.
  public var seed: UInt64?
  /// The addresses that may be touched.
  public var scope: Scope
  /// How fast and how patiently.
  public var settings: SweepSettings
  /// The file for the lines; `nil` for standard output.
  public var output: String?
  /// How lines are written.
  public var format = SweepFormat.csv
  /// Whether targets that stay silent get lines too.
  public var includesSilent = false
  /// Where to keep the position; `nil` for nowhere.
  public var state: String?
  /// What names the sweep in its state: options by name, so that another sweep's state is not taken for its own.
  public var identity: [String: String] = [:]

  /// A sweep of `source`.
  public init(_ source: Source, probe: SweepProbe, scope: Scope, settings: SweepSettings) {
    self.source = source
    self.probe = probe
    self.scope = scope
    self.settings = settings
  }

  /// How often the position is kept.
  private static let checkpointInterval: UInt64 = 2_000_000_000

  /// How it ended.
  public struct Report: Sendable {
    /// Of all lists together.
    public var total = SweepReport()
    /// Targets that were to be asked.
    public var targets = 0
    /// Addresses of a file that were there before.
    public var repeated = 0
    /// Whether it was interrupted.
    public var isInterrupted = false
    /// Whether it went on where another left off.
    public var isResumed = false
  }

  /// Sweeps. Cancelling the task ends it early; with `state` it can be gone on with.
  ///
  /// - Throws: `SweepError`. What was found until then is in the output.
  public func run(
    progress: @escaping @Sendable (SweepProgress) -> Void = { _ in }
  ) async throws(SweepError) -> Report {
    let file = state.map { SweepStateFile(path: $0) }
    let kept = try file?.read()
    if let kept, let file { try check(kept, file) }
    let seed = seed ?? kept?.seed ?? .random(in: .min ... .max)
    var settings = settings
    settings.checkpointInterval = file == nil ? nil : Self.checkpointInterval
    let sweeper: Sweeper
    do throws(PacketIOError) { sweeper = try Sweeper(scope: scope, settings: settings) } catch {
      throw .packets(error)
    }
    var lists = try TargetLists(
      source, window: kept?.window ?? 0, offset: kept?.offset ?? 0, before: kept?.before ?? 0)
    try lists.check()
    let output = try SweepOutput(
      path: output, keeping: kept?.outputLength, probe: probe, format: format, includesSilent: includesSilent)
    let keeper = Mutex(
      kept
        ?? SweepState(
          sweep: identity, seed: seed, window: 0, offset: 0, before: 0, outputLength: 0, round: 0,
          shares: [],
          undisturbed: .init(), disturbed: [], settled: .init(), capacity: 0, errors: [], places: .init()))
    let sink = SweepSink(
      take: { try output.take($0) },
      keep: { position in
        guard let file else { return }
        let length = try output.flush(synchronising: true)
        try keeper.withLock { state in
          state.set(position)
          state.outputLength = length
          try file.write(state)
        }
      })
    var report = Report()
    report.isResumed = kept != nil
    var position = kept
    while let list = try lists.next() {
      let plan = plan(list, seed: seed)
      if case .list(let addresses) = list.targets { report.repeated += addresses.repeated }
      report.targets += plan.count
      keeper.withLock { ($0.window, $0.offset, $0.before) = (list.number, list.offset, list.before) }
      var start: SweepPosition?
      if let state = position, let file, state.capacity > 0 {
        guard let found = state.position(count: plan.count) else {
          throw .state(file: file.path, why: "it does not fit the targets")
        }
        start = found
      }
      position = nil
      let one: SweepReport
      do throws(PacketIOError) {
        one = try await sweeper.sweep(plan, from: start, sink: sink, progress: progress)
      } catch { throw .packets(error) }
      report.total.add(one)
      switch one.failure {
      case .packets(let error): throw .packets(error)
      case .sink(let why): throw .output(self.output ?? "standard output", "cannot be written", why: why)
      case nil: break
      }
      if let interrupted = one.interruptedAt {
        report.isInterrupted = true
        do { try sink.keep(interrupted) } catch {
          throw error as? SweepError ?? .state(file: "", why: "\(error)")
        }
        break
      }
    }
    _ = try output.flush(synchronising: file != nil)
    if !report.isInterrupted { file?.remove() }
    return report
  }

  /// Sees that a state is this sweep's.
  private func check(_ state: SweepState, _ file: SweepStateFile) throws(SweepError) {
    for name in Set(state.sweep.keys).union(identity.keys).sorted() where state.sweep[name] != identity[name]
    {
      let (then, now) = (state.sweep[name] ?? "not given", identity[name] ?? "not given")
      throw .stateOfAnother(file: file.path, difference: "\(name) was \(then), is \(now)")
    }
    if let seed, seed != state.seed {
      throw .stateOfAnother(file: file.path, difference: "--seed was \(state.seed), is \(seed)")
    }
  }
}

extension SweepJob {
  /// Goes through the targets that would be asked, in the order in which they would be; without a seed in one of the
  /// orders.
  public func forEachTarget(_ body: (IPAddress) -> Void) throws(SweepError) {
    var lists = try TargetLists(source, window: 0, offset: 0, before: 0)
    while let list = try lists.next() {
      let plan = plan(list, seed: seed ?? 0)
      for place in 0..<plan.count { body(plan.target(at: place)) }
    }
  }

  private func plan(_ list: TargetLists.List, seed: UInt64) -> SweepPlan {
    SweepPlan(
      list.targets, probe: probe, tries: tries, shard: shard, limit: limit.map { max(0, $0 - list.before) },
      seed: seed &+ UInt64(list.number))
  }

  /// Reads a file of targets to its end.
  ///
  /// - Returns: how many there are, repeated ones included.
  static func forEachTarget(
    of path: String, _ body: (IPAddress) -> Void
  ) throws(SweepError) -> Int {
    let file = try TargetFile(path: path)
    var count = 0
    while let address = try file.next() {
      body(address)
      count += 1
    }
    return count
  }
}

/// The targets, as one list or as many.
struct TargetLists {
  struct List {
    var targets: SweepTargets
    var number: Int
    /// Where in the file it begins.
    var offset: Int
    /// How many targets were in the lists before it.
    var before: Int
  }

  private var pattern: AddressPattern?
  private var file: TargetFile?
  private let path: String?
  /// The list that was read beforehand.
  private var first: List?
  private var number: Int
  private var before: Int

  init(_ source: SweepJob.Source, window: Int, offset: Int, before: Int) throws(SweepError) {
    number = window
    self.before = before
    switch source {
    case .pattern(let pattern):
      self.pattern = pattern
      path = nil
    case .file(let path):
      file = try TargetFile(path: path, offset: offset)
      self.path = path
    }
  }

  /// Finds the faults in a file of targets. What comes through a pipe can be read once only, so it is not looked at beyond
  /// the first list.
  mutating func check() throws(SweepError) {
    guard let file, let path, path != "-" else { return }
    guard file.offset == 0 else {
      _ = try SweepJob.forEachTarget(of: path) { _ in }
      return
    }
    first = try next()
    if file.isFinished { return }
    let rest = try TargetFile(path: path, offset: file.offset, line: file.line)
    while try rest.next() != nil {}
  }

  mutating func next() throws(SweepError) -> List? {
    if let pattern {
      self.pattern = nil
      return List(targets: .pattern(pattern), number: 0, offset: 0, before: 0)
    }
    guard let file else { return nil }
    if let first {
      self.first = nil
      return first
    }
    let offset = file.offset
    guard let list = try file.nextList(capacity: SweepJob.window, key: .random()) else { return nil }
    defer {
      number += 1
      before += list.count
    }
    return List(targets: .list(list), number: number, offset: offset, before: before)
  }
}

extension SweepReport {
  /// Adds another list's.
  mutating func add(_ other: SweepReport) {
    sent += other.sent
    refusedByScope += other.refusedByScope
    counters.add(other.counters)
    rounds = max(rounds, other.rounds)
    silent += other.silent
    unknown += other.unknown
    notSent += other.notSent
  }
}
