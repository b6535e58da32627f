import Observations
import Store

/// Numbers the observations of a run in the order they are made, keeps them, and hands them to the store in
/// batches, so that little is lost when the program is killed.
actor Recorder {
  private(set) var observations: [Observation] = []
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
    if observations.count - stored >= 512 { try flush() }
  }

  /// Hands everything to the store.
  func flush() throws(StoreError) {
    guard let writer, stored < observations.count else { return }
    try writer.append(Array(observations[stored...]))
    stored = observations.count
  }
}
