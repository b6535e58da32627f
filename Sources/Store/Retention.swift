import Observations

/// How long the store keeps what, in seconds of age at the end of a run.
///
/// Runs go whole, the observations with the rows that rest on them. What their rounds said of each check stays in the
/// roll-ups, and the manifest of each round with them.
public struct Retention: Sendable, Hashable {
  /// Runs that asked the whole rubric.
  public var full: UInt64
  /// Runs that asked one class of checks, and second looks.
  public var rounds: UInt64
  /// What was kept of captures. At least twice the `traffic-days` of the policy, or they are forgotten too early.
  public var captures: UInt64
  /// How far back roll-ups tell each round, and so each hour. At least twice the `hold-days` of the policy, or
  /// `reach.stability` counts a day that went differently from round to round wholly or not at all.
  public var hourly: UInt64
  /// How far back roll-ups tell each day, and manifests are kept.
  public var daily: UInt64
  /// Confirmed changes.
  public var changes: UInt64
  /// What discovery saw, since it was last seen.
  public var observed: UInt64
  /// How many complete runs of the whole rubric stay however old they are, of each vantage; at least 1.
  public var latest: Int

  /// By default: full runs 3 days and at least the last three, rounds 2 hours, captures and each round's outcome 100
  /// days, days and changes 5 years, what was discovered 400 days. 10,000 hosts at the default pace take less than 2 GB so;
  /// fewer hosts leave room for more.
  public init(
    full: UInt64 = 3 * 86_400, rounds: UInt64 = 2 * 3600, captures: UInt64 = 100 * 86_400,
    hourly: UInt64 = 100 * 86_400, daily: UInt64 = 1826 * 86_400, changes: UInt64 = 1826 * 86_400,
    observed: UInt64 = 400 * 86_400, latest: Int = 3
  ) {
    (self.full, self.rounds, self.captures, self.hourly) = (full, rounds, captures, hourly)
    (self.daily, self.changes, self.observed) = (daily, changes, observed)
    self.latest = max(1, latest)
  }
}

/// What was let go.
public struct TidyReport: Sendable, Hashable {
  /// The ids of the runs that are gone, in the order they were begun: their evidence may go too.
  public internal(set) var removed: [String] = []
  /// Confirmed changes.
  public internal(set) var changes = 0
  /// Rounds that not even a roll-up tells of any more.
  public internal(set) var rounds = 0
  /// Bytes given back to the file system.
  public internal(set) var freed: Int64 = 0

  /// Nothing was let go.
  public init() {}
}
