import Inventory
import Observations

/// The shortest path to the city's target: which hosts to fix, agency by agency, cheapest first.
///
/// A fix is one check on one host that has to be put right; the checks are those gates that fail or are unknown.
public struct Worklist: Sendable {
  /// A host to fix.
  public struct Fix: Sendable, Hashable {
    /// The host as it is.
    public let host: HostVerdict
    /// What holds it up: the first row of each gate that fails, or, where none does, that is unknown.
    public let rows: [CheckRow]
  }

  /// One agency that becomes converted.
  public struct Step: Sendable, Hashable {
    /// The agency.
    public let agency: Agency
    /// What it is now.
    public let outcome: Outcome
    /// What has to be fixed for it, beyond the steps before.
    public let fixes: [Fix]
    /// Agencies that become converted by the same fixes, since they depend on the same systems.
    public let also: [Agency]
  }

  /// How many more agencies must be converted to meet the target; 0 when it is met.
  public let needed: Int
  /// The steps in order. Empty when the target is met.
  public let steps: [Step]
  /// Whether the target is met when all steps are done. It is not when too many agencies cannot be converted by
  /// fixing hosts: they declare none, or too few.
  public let reachesTarget: Bool
  /// Whether it is certain that no other choice needs fewer fixes. Where agencies share systems, or a host counts
  /// for two conditions, the best of many choices was taken, and a better one cannot be ruled out.
  public let isFewest: Bool

  /// How many checks have to be put right.
  public var fixCount: Int { steps.flatMap(\.fixes).map(\.rows.count).reduce(0, +) }
}

/// The shortest path from a judgement to its policy's target. Pure.
///
/// - Parameter now: the moment at which waivers must hold, as for the judgement.
public func worklist(_ inventory: Inventory, _ judgement: Judgement, now: Timestamp) -> Worklist {
  WorklistSearch(inventory, judgement, WaiverBook(inventory.waivers, on: now.day)).result
}

extension HostVerdict {
  /// What holds it up, at every level: of each gate the first row that fails or, where none does, that is unknown.
  public func holdups(_ policy: Policy) -> [CheckRow] {
    let rows = rows
    return policy.checks.filter(\.isGate).compactMap { check in
      let own = rows.filter { $0.check == check.id }
      return own.first { $0.verdict == .fail } ?? own.first { $0.verdict == .unknown }
    }
  }

  /// The host as it would be with everything put right.
  var fixed: HostVerdict {
    var fixed = self
    fixed.state = .operational
    return fixed
  }
}
