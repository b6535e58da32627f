import Observations
import Store

/// Numbers the observations of a run in the order they are made, keeps them, and hands them to the store in
/// batches.
actor Recorder {
  /// Each batch waits for the disk once. A run whose process dies is removed whole, so nothing is kept by smaller ones.
  private static let batch = 4096

  private var observations: [Observation] = []
  private var stored = 0
  private let writer: RunWriter?
  private let vantage: String

  init(vantage: String, writer: RunWriter?) {
    self.vantage = vantage
    self.writer = writer
  }

  /// Records one fact for each of the hosts it was asked for.
  func record(_ fact: Fact, for hosts: [String], at moment: Timestamp) throws(StoreError) {
    for host in hosts {
      observations.append(
        Observation(
          sequence: observations.count + 1, host: host, at: moment, vantage: vantage, fact: fact))
    }
    if observations.count - stored >= Self.batch { try flush() }
  }

  /// What `body` finds in the observations so far.
  ///
  /// They are looked at where they are: whoever held them while more are recorded would have all of them copied.
  func read<Answer: Sendable>(_ body: @Sendable ([Observation]) -> Answer) -> Answer { body(observations) }

  /// Hands the observations over; the recorder has none afterwards.
  func take() -> [Observation] {
    defer { observations = [] }
    return observations
  }

  /// Hands everything to the store.
  func flush() throws(StoreError) {
    guard let writer, stored < observations.count else { return }
    try writer.append(Array(observations[stored...]))
    stored = observations.count
  }
}
