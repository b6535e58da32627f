import Observations
import Readiness
import Store

/// Gives a run to the store, and lets it be held in memory while the store cannot take it: a full disk, another writer.
/// The run is on disk, whole, when `finish` returns; until then nobody has been told of it.
actor RunKeeper {
  private let path: String
  private let inventory: [StoredFile]
  private let patience: Duration?
  private let commits: CommitTimes
  private let condition: @Sendable (StoreCondition) -> Void
  private var run: Run?
  private var store: Store?
  /// Where observations go as they are made; `nil` while the run could not be begun.
  private(set) var writer: RunWriter?
  /// Whether the store takes nothing at the moment.
  private var isHolding = false {
    didSet { if isHolding != oldValue { condition(isHolding ? .holding : .writing) } }
  }

  /// How long to wait until what failed is tried again.
  private static let interval = Duration.seconds(2)

  /// - Parameter patience: how long to try again; `nil`: not at all.
  init(
    path: String, inventory: [StoredFile], patience: Duration?, commits: CommitTimes,
    condition: @escaping @Sendable (StoreCondition) -> Void
  ) {
    (self.path, self.inventory, self.patience) = (path, inventory, patience)
    (self.commits, self.condition) = (commits, condition)
  }

  /// Runs that were under way when their process died.
  var abandoned: [String] { store?.abandoned.map(\.id) ?? [] }

  /// Begins the run, now or, if the store cannot take it and that may pass, when there is something to keep.
  func begin(_ run: Run) throws(StoreError) {
    self.run = run
    do throws(StoreError) {
      _ = try pen()
    } catch {
      guard patience != nil, error.mayPass else { throw error }
      isHolding = true
    }
  }

  /// What the store says; `fallback` while there is none.
  func read<Value: Sendable>(
    or fallback: Value, _ body: @Sendable (Store) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try store.map { store throws(StoreError) in try body(store) } ?? fallback
  }

  /// Keeps what was observed and is not in the store yet, and the rows that were found.
  ///
  /// - Parameter asked: the hosts whose rows are kept; `nil`: all.
  func append(
    _ rest: [Observation], _ judgement: Judgement, asked: Set<String>?
  ) async throws(StoreError) {
    try await patiently { writer throws(StoreError) in try writer.append(rest) }
    try await patiently { writer throws(StoreError) in
      try writer.append(
        rows: judgement.everyRow.lazy.filter { asked?.contains($0.host) ?? true || $0.host.isEmpty })
    }
  }

  /// Ends the run and makes it visible.
  func finish(_ ended: Run, manifest: [UInt8], update: StandingUpdate) async throws(StoreError) {
    try await patiently { writer throws(StoreError) in
      try writer.finish(ended, manifest: manifest, update: update)
    }
  }

  /// The store's pen for the run, which is begun if it was not yet.
  private func pen() throws(StoreError) -> RunWriter {
    if let writer { return writer }
    guard let run else { throw .failed(path: path, why: "no run was begun") }
    let store: Store
    if let open = self.store { store = open } else { store = try Store(path: path, commits: commits) }
    self.store = store
    let writer = try store.begin(run, inventory: inventory)
    self.writer = writer
    return writer
  }

  private func patiently(
    _ write: @Sendable (RunWriter) throws(StoreError) -> Void
  ) async throws(StoreError) {
    let end = patience.map { ContinuousClock.now + $0 }
    while true {
      do throws(StoreError) {
        try write(try pen())
        isHolding = false
        return
      } catch {
        guard let end, error.mayPass, ContinuousClock.now < end else { throw error }
        isHolding = true
      }
      // Who is told to stop tries once more and no longer.
      do { try await Task.sleep(for: Self.interval) } catch { try write(try pen()); return }
    }
  }
}

extension StoreError {
  /// Whether the same may succeed later, without anybody doing anything to the store.
  var mayPass: Bool {
    switch self {
    case .diskFull, .locked: true
    case .notFound, .notAStore, .corrupt, .newerSchema, .olderSchema, .readOnly, .permission, .unknownRun,
      .runExists, .runClosed, .exists, .unreadable, .failed:
      false
    }
  }
}
