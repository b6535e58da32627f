/// What a round asks. A round is one run of an audit, of the whole rubric or of the checks of one class.
public enum RoundKind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// Every check of the policy: the round whose figures are exported.
  case full
  /// What packets show: addresses and ports.
  case reach
  /// What the DNS says, each name server asked.
  case names
  /// What the services say: handshakes, pages, packet sizes, ways.
  case services
  /// What is open that need not be.
  case exposure

  /// In the order of the cases.
  public static func < (left: RoundKind, right: RoundKind) -> Bool {
    allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
  }
}
