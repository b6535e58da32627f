import Observations

/// What a single run cannot show: how earlier rounds went, and what the passive capture saw. A plain value, so that
/// judging stays pure; the store makes it as of the run that is judged.
public struct History: Sendable, Hashable {
  /// Rounds of one host. A round counts when its run is complete, was made from the same vantage, IPv6 worked there,
  /// and every declared TCP port of the host was measured at every usable IPv6 address.
  public struct Rounds: Sendable, Hashable {
    /// Rounds within the hold time in which all of these ports answered.
    public var succeeded: Int
    /// Rounds within the hold time.
    public var total: Int
    /// When the earliest round ended that lies at most two hold times back.
    public var first: Timestamp

    /// A count of rounds.
    public init(succeeded: Int, total: Int, first: Timestamp) {
      self.succeeded = succeeded
      self.total = total
      self.first = first
    }
  }

  /// What the passive capture says of one host.
  public struct Traffic: Sendable, Hashable {
    /// Since when its traffic has been watched without a gap.
    public var observedSince: Timestamp
    /// When the last IPv4 flow to it was seen; `nil` if there was none.
    public var lastIPv4Flow: Timestamp?

    /// What was seen since a moment.
    public init(observedSince: Timestamp, lastIPv4Flow: Timestamp? = nil) {
      self.observedSince = observedSince
      self.lastIPv4Flow = lastIPv4Flow
    }
  }

  /// Earlier rounds, by host id; the run that is judged is not among them.
  public var rounds: [String: Rounds]
  /// What the passive capture saw, by host id; a host that it does not watch is missing.
  public var traffic: [String: Traffic]

  /// A history; by default an empty one.
  public init(rounds: [String: Rounds] = [:], traffic: [String: Traffic] = [:]) {
    self.rounds = rounds
    self.traffic = traffic
  }
}

extension Timestamp {
  /// The moment so many days of 24 hours earlier.
  public func earlier(byDays days: Int) -> Timestamp {
    Timestamp(microseconds: microseconds - Int64(days) * 86_400_000_000)
  }
}
