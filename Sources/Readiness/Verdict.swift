/// The answer of a check.
public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
  /// The condition was measured and holds.
  case pass
  /// The condition was measured and does not hold.
  case fail
  /// The condition does not apply to this subject.
  case na
  /// It could not be measured. Never counted as pass.
  case unknown
  /// A valid waiver takes its place.
  case exempt

  /// Several rows of one check on one host count as the worst of them: fail, unknown, exempt, pass, na.
  var severity: Int {
    switch self {
    case .fail: 4
    case .unknown: 3
    case .exempt: 2
    case .pass: 1
    case .na: 0
    }
  }
}

extension Sequence where Element == Verdict {
  /// The worst of these verdicts; `na` when there is none.
  var worst: Verdict { self.max { $0.severity < $1.severity } ?? .na }
}
