import Observations
import Store

/// Numbers the observations of a run in the order they are made, keeps them, and hands them to the store in
/// batches.
actor Recorder {
  /// Each batch waits for the disk once. A run whose process dies is removed whole, so nothing is kept by smaller ones.
  private static let batch = 4096

  private var observations: [Observation] = []
  private var stored = 0
  private var nextFlush = Recorder.batch
  private let writer: RunWriter?
  private let vantage: String
  private let holdsWhenFull: Bool

  /// - Parameter holdsWhenFull: whether a full disk ends nothing: what it does not take is tried again with what comes
  ///   after it, and in the end left to whoever takes the observations.
  init(vantage: String, writer: RunWriter?, holdsWhenFull: Bool = false) {
    self.vantage = vantage
    self.writer = writer
    self.holdsWhenFull = holdsWhenFull
  }

  /// Records one fact for each of the hosts it was asked for.
  func record(_ fact: Fact, for hosts: [String], at moment: Timestamp) throws(StoreError) {
    for host in hosts {
      observations.append(
        Observation(
          sequence: observations.count + 1, host: host, at: moment, vantage: vantage, fact: fact))
    }
    if observations.count >= nextFlush { try flush() }
  }

  /// What `body` finds in the observations so far.
  ///
  /// They are looked at where they are: whoever held them while more are recorded would have all of them copied.
  func read<Answer: Sendable>(_ body: @Sendable ([Observation]) -> Answer) -> Answer { body(observations) }

  /// Hands the observations over, and how many of them, from the first, the store has; the recorder has none afterwards.
  func take() -> (observations: [Observation], stored: Int) {
    defer { observations = [] }
    return (observations, stored)
  }

  /// Hands everything to the store.
  func flush() throws(StoreError) {
    nextFlush = observations.count + Self.batch
    guard let writer, stored < observations.count else { return }
    do throws(StoreError) {
      try writer.append(Array(observations[stored...]))
    } catch {
      if holdsWhenFull, case .diskFull = error { return }
      throw error
    }
    stored = observations.count
  }
}
