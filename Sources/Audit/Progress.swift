/// How far an audit has come.
public struct AuditProgress: Sendable, Hashable {
  /// What is being asked.
  public enum Phase: String, Sendable, Hashable, CaseIterable {
    case names
    case zones
    case packets
    case latency
    case sizes
    case ways
    case services
    /// Web pages and where they lead.
    case pages
    case exposure
  }

  /// The phase under way.
  public var phase: Phase
  /// Questions of the phase that have their final outcome.
  public var done: Int
  /// Questions of the phase.
  public var total: Int
}
