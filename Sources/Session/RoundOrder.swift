import Observations

/// What an audit is asked to do, beyond what its settings say.
public struct RoundOrder: Sendable, Hashable {
  /// The class of checks.
  public var kind = RoundKind.full
  /// Whether hosts in doubt are asked once more.
  public var isRetest = false
  /// How many rounds in a row confirm a change.
  public var confirmAfter = 3
  /// How long what was measured is held in memory when the disk is full or another program writes to the store;
  /// `nil`: not at all, the audit fails at once.
  public var patience: Duration?

  /// The whole rubric, once.
  public init() {}
}

/// What the disk has to do with an audit under way.
public enum StoreCondition: String, Sendable, Hashable, Codable {
  /// It takes what it is given.
  case writing
  /// It does not; what is measured is held in memory meanwhile.
  case holding
}
