import Observations
import Readiness

/// What a run changes in the standings, with its end and in the same transaction.
public struct StandingUpdate: Sendable {
  /// The standings after the run.
  public var standings: [Standing]
  /// Hosts that are not in the inventory any more.
  public var gone: [String]
  /// What the run confirmed.
  public var changes: [Change]

  /// An update.
  public init(standings: [Standing] = [], gone: [String] = [], changes: [Change] = []) {
    self.standings = standings
    self.gone = gone
    self.changes = changes
  }
}

/// A confirmed change as the store keeps it.
public struct NumberedChange: Sendable, Hashable {
  /// Its place: later changes have greater numbers.
  public let number: Int64
  /// From where it was measured.
  public let vantage: String
  /// The change.
  public let change: Change
}

extension Store {
  /// The newest word on every check of every host, by host and check; of one host, if it is named.
  public func standings(vantage: String, host: String? = nil) throws(StoreError) -> [Standing] {
    try read { try StandingRow.fetch(vantage: vantage, host: host, from: $0) }
  }

  /// The same, one host after the other: those of a large city are not at hand all at once.
  ///
  /// - Parameter body: gets the standings of one host, by check; the vantage's own under the empty name.
  public func eachHost(
    vantage: String, _ body: (_ host: String, _ standings: [Standing]) throws -> Void
  ) throws(StoreError) {
    try read { try StandingRow.eachHost(vantage: vantage, from: $0, body) }
  }

  /// Confirmed changes, the latest first, at most `limit`.
  ///
  /// - Parameters:
  ///   - number: only those before this one.
  ///   - host: only of this host.
  public func changes(
    before number: Int64 = .max, host: String? = nil, limit: Int = 100
  ) throws(StoreError) -> [NumberedChange] {
    try read { try ChangeRow.fetch(before: number, host: host, limit: limit, from: $0) }
  }
}
