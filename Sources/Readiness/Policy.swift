import Wire

/// The published rules a verdict is found by: which checks count, and the thresholds of the roll-up. A value that is
/// read from a policy file; nothing in it has a default elsewhere.
public struct Policy: Sendable {
  /// The name in every export: `2026-1`.
  public internal(set) var id: String
  /// Whether documentation space counts as global, as it must in a lab.
  public internal(set) var documentationIsGlobal: Bool
  /// The checks, in the order they are reported, each with the part that the policy gives it.
  var checks: [Check]
  /// What the checks measure against.
  public internal(set) var thresholds: Thresholds
  /// The city's target in thousandths: 988 is 98.8 %.
  public internal(set) var targetPerThousand: Int
  /// Least share of an agency's other hosts that must be converted, in percent.
  public internal(set) var otherHostsPercent: Int
  /// Greatest share of these that may be unknown, in percent.
  public internal(set) var unknownHostsPercent: Int
  /// The weight of each level in the score.
  public internal(set) var levelWeights: [Int: Int]
  /// The text of the file it was read from; `nil` for a policy that ships. A store keeps it beside the runs that were
  /// judged by it.
  public internal(set) var source: String?

  /// The checks of the policy with level and gate, for documentation and explanations.
  public var rubric: [(check: CheckID, level: Int, isGate: Bool)] {
    [(.vantageIPv6, 0, true)] + checks.map { ($0.id, $0.level, $0.isGate) }
  }

  /// Whether a host is only secure when this check holds.
  public func decidesSecure(_ check: CheckID) -> Bool { checks.contains { $0.id == check && $0.isExposure } }

  /// Whether the policy judges by this check, so that what only this check needs has to be asked.
  public func asks(_ check: CheckID) -> Bool { checks.contains { $0.id == check } }

  /// Whether any check rests on what packets or connections show of hosts: without one only names need to be asked.
  public var asksPackets: Bool {
    checks.contains { $0.needsIPv6 && ![.dnsNameServers, .dnsIPv6Only].contains($0.id) }
  }

  /// Whether any check rests on what services say when they are spoken to, whatever the transport.
  public var asksServices: Bool {
    [
      CheckID.serviceHandshake, .serviceContent, .serviceLinks, .serviceResources, .serviceMail,
      .operationIPv6Only,
    ].contains { asks($0) }
  }

  /// Whether any check wants to know what is open: over UDP only an answer of the service shows that.
  public var asksOpenServices: Bool { asksServices || [.dnsLive, .servicePorts].contains { asks($0) } }

  /// Everything that decides a verdict, as text in a fixed order: its hash names the policy in the manifest.
  public var canonicalText: String {
    var lines = [
      "policy \(id)", "documentation-is-global \(documentationIsGlobal)",
      "target-per-thousand \(targetPerThousand)", "other-hosts-percent \(otherHostsPercent)",
      "unknown-hosts-percent \(unknownHostsPercent)",
    ]
    lines += levelWeights.keys.sorted().map { "weight L\($0) \(levelWeights[$0] ?? 0)" }
    lines += ["check vantage.ipv6 L0 gate"]
    lines += checks.map { "check \($0.id.rawValue) L\($0.level) \($0.part.rawValue)" }
    lines += thresholds.canonicalLines
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether a check of the policy needs to know who advertises on the vantage's links.
  public var asksAboutRouters: Bool {
    checks.contains { $0.id == .operationRA || $0.id == .exposureRouter }
  }

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

/// The part a policy gives a check.
enum CheckPart: String, CaseIterable {
  /// It decides a host's state.
  case gate
  /// A host is only secure when it holds.
  case exposure
  /// It informs and decides nothing.
  case notice
}

extension Check {
  /// The part the check plays.
  var part: CheckPart { isGate ? .gate : isExposure ? .exposure : .notice }

  /// The check in a part.
  func playing(_ part: CheckPart) -> Check {
    var check = self
    check.isGate = part == .gate
    check.isExposure = part == .exposure
    return check
  }

  /// Why the check cannot play a part; `nil` where it can.
  func refusal(of part: CheckPart) -> String? {
    switch part {
    case .notice: nil
    case .gate:
      (1...4).contains(level)
        ? nil : "it is a check of level \(level), and only levels 1 to 4 decide a host's state"
    case .exposure:
      level == 6 ? nil : "it is a check of level \(level), and only those of level 6 are about exposure"
    }
  }
}
