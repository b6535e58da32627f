import Wire

/// The published rules a verdict is found by: which checks count, and the thresholds of the roll-up.
public struct Policy: Sendable {
  /// The name in every export: `2026-0`.
  public let id: String
  /// Whether documentation space counts as global, as it must in a lab.
  public let documentationIsGlobal: Bool
  /// The checks, in the order of the rubric.
  let checks: [Check]
  /// What the checks measure against.
  public let thresholds: Thresholds
  /// The city's target in thousandths: 988 is 98.8 %.
  public let targetPerThousand = 988
  /// Least share of an agency's other hosts that must be converted, in percent.
  public let otherHostsPercent = 95
  /// Greatest share of these that may be unknown, in percent.
  public let unknownHostsPercent = 5
  /// The weight of each level in the score.
  public let levelWeights = [1: 10, 2: 20, 3: 15, 4: 30, 5: 10, 6: 15]

  /// The policy in force: the whole rubric.
  public static let current = Policy(
    id: "2026-1", documentationIsGlobal: false, checks: Check.all, thresholds: Thresholds())
  /// The same for a network made of documentation addresses.
  public static let lab = Policy(
    id: "2026-1-lab", documentationIsGlobal: true, checks: Check.all, thresholds: Thresholds())
  /// The first policy, under which early runs were judged.
  public static let first = Policy(
    id: "2026-0", documentationIsGlobal: false, checks: Check.ofFirstPolicy, thresholds: .ofFirstPolicy)
  /// The same for a network made of documentation addresses.
  public static let firstLab = Policy(
    id: "2026-0-lab", documentationIsGlobal: true, checks: Check.ofFirstPolicy, thresholds: .ofFirstPolicy)
  /// Every policy this version knows.
  public static let all = [current, lab, first, firstLab]

  /// The policy of this name, if there is one.
  public static func named(_ id: String) -> Policy? { all.first { $0.id == id } }

  /// The checks of the policy with level and gate, for documentation and explanations.
  public var rubric: [(check: CheckID, level: Int, isGate: Bool)] {
    [(.vantageIPv6, 0, true)] + checks.map { ($0.id, $0.level, $0.isGate) }
  }

  /// Everything that decides a verdict, as text in a fixed order: its hash names the policy in the manifest.
  public var canonicalText: String {
    var lines = [
      "policy \(id)", "documentation-is-global \(documentationIsGlobal)",
      "target-per-thousand \(targetPerThousand)", "other-hosts-percent \(otherHostsPercent)",
      "unknown-hosts-percent \(unknownHostsPercent)",
    ]
    lines += levelWeights.keys.sorted().map { "weight L\($0) \(levelWeights[$0] ?? 0)" }
    lines += rubric.map { "check \($0.check.rawValue) L\($0.level) \($0.isGate ? "gate" : "notice")" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether the policy has a check: what only others would use need not be asked.
  public func asks(_ check: CheckID) -> Bool { checks.contains { $0.id == check } }

  /// Whether an address of this scope is one that others can reach.
  public func accepts(_ scope: AddressScope) -> Bool {
    scope == .global || (documentationIsGlobal && scope == .documentation)
  }

  /// Whether the target is met: `1000·converted ≥ 988·eligible`, in integers; `nil` with nothing eligible.
  public func targetMet(converted: Int, eligible: Int) -> Bool? {
    eligible == 0 ? nil : 1000 * converted >= targetPerThousand * eligible
  }

  /// The target as the result files print it: `98.8`.
  public var targetText: String { "\(targetPerThousand / 10).\(targetPerThousand % 10)" }
}
