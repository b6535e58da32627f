import Inventory
import Observations

/// What was found about one host.
public struct HostVerdict: Sendable, Hashable {
  /// The host as declared.
  public let host: Host
  /// How far it has come.
  public internal(set) var state: HostState
  /// Every row of every check, in the order of the rubric and then of the subject.
  public var rows: [CheckRow] { packed.rows(of: host.id) }
  /// The first of the worst rows of each check, in the order of the rubric.
  public var worstRows: [CheckRow] {
    var worst: [CheckRow] = []
    for row in rows {
      if let last = worst.last, last.check == row.check {
        if row.verdict.severity > last.verdict.severity { worst[worst.count - 1] = row }
      } else {
        worst.append(row)
      }
    }
    return worst
  }
  private let packed: PackedRows
  /// 0–100, to order a worklist; never decides.
  public let score: Int
  /// When the latest observation of it was made; `nil` without one.
  public let measuredAt: Timestamp?

  /// Ids of the checks whose worst row is `verdict`, in alphabetical order.
  public func checks(_ verdict: Verdict) -> [CheckID] {
    packed.worst.filter { $0.verdict == verdict }.map(\.check).sorted()
  }

  /// Converted, and every exposure check is pass, `na` or exempt: unknown is not secure. A policy without an
  /// exposure check cannot say that a host is secure, so under it the answer is always no.
  public private(set) var isSecure = false

  /// The row that holds the host below `operational`: the first failing or unknown gate, by level; `nil` where
  /// nothing does, and for an exempt host.
  public func decisive(_ policy: Policy) -> CheckRow? {
    let wanted: Verdict
    switch state {
    case .none, .addressed, .reachable: wanted = .fail
    case .unknown: wanted = .unknown
    case .operational, .ipv6only, .exempt: return nil
    }
    let rows = rows
    for check in policy.checks where check.isGate {
      if let row = rows.first(where: { $0.check == check.id && $0.verdict == wanted }) { return row }
    }
    return nil
  }
}

extension HostVerdict {
  /// A verdict of these parts.
  init(host: Host, state: HostState, rows: [CheckRow], score: Int, measuredAt: Timestamp?) {
    self.host = host
    self.state = state
    self.packed = PackedRows(rows)
    self.score = score
    self.measuredAt = measuredAt
  }

  /// Judges one host. Pure.
  init(_ context: HostContext, observations: [Observation], waivers: WaiverBook) {
    self.init(
      context.host, rows: context.policy.checks.flatMap { $0.rows(for: context) },
      measuredAt: observations.map(\.at).max(), policy: context.policy, waivers: waivers)
  }

  /// What rows amount to, with the waivers that hold. Pure.
  init(_ host: Host, rows: [CheckRow], measuredAt: Timestamp?, policy: Policy, waivers: WaiverBook) {
    let waived = waivers.checks(of: host)
    let rows = rows.map { row in
      row.verdict == .exempt ? row : waived[row.check.rawValue].map { row.waived(by: $0) } ?? row
    }
    self.host = host
    self.packed = PackedRows(rows)
    self.state = waivers.exempting(host) != nil ? .exempt : HostState(rows, policy: policy)
    self.isSecure = state.isConverted && Self.passesExposure(rows, policy: policy)
    self.score = Self.score(packed.worst, policy: policy)
    self.measuredAt = measuredAt
  }

  /// Whether the policy asks for exposure and nothing of it fails or is unknown.
  private static func passesExposure(_ rows: [CheckRow], policy: Policy) -> Bool {
    let asked = Set(policy.checks.filter(\.isExposure).map(\.id))
    return !asked.isEmpty
      && !rows.contains { asked.contains($0.check) && [.fail, .unknown].contains($0.verdict) }
  }

  /// The share of passing checks in each level, weighted by level over the levels that apply, cut to a whole
  /// number. A check counts as its worst row; `na` and `exempt` do not count.
  private static func score(_ worst: [(check: CheckID, verdict: Verdict)], policy: Policy) -> Int {
    let verdicts = Dictionary(uniqueKeysWithValues: worst.map { ($0.check, $0.verdict) })
    var earned = 0
    var possible = 0
    for (level, weight) in policy.levelWeights {
      let applying = policy.checks.filter { $0.level == level }.compactMap { verdicts[$0.id] }
        .filter { $0 != .na && $0 != .exempt }
      if applying.isEmpty { continue }
      // Scaled by a common multiple of every count of checks a level can have, to stay in integers.
      let scale = 5040
      earned += weight * scale * applying.count { $0 == .pass } / applying.count
      possible += weight * scale
    }
    return possible == 0 ? 0 : 100 * earned / possible
  }
}
