extension Check {
  /// `reach.stability`: nearly every round of the hold time went well.
  ///
  /// A round of a host went well when every declared TCP port answered at every usable IPv6 address in that run
  /// (`reach.tcp`). Rounds that measured nothing do not count: interrupted ones, those from a vantage without IPv6,
  /// those in which the host was not asked. The run that is judged is not a round yet.
  static let reachStability = Check(
    id: .reachStability, level: 2, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.stable], .fail: [.unstable],
      .na: [.noUsableAddress, .noTCPService, .historyTooShort],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if !context.host.services.contains(where: { $0.transport == .tcp }) {
      return [Finding("", .na, .noTCPService)]
    }
    let thresholds = context.policy.thresholds
    guard let rounds = context.run.history.rounds[context.host.id], rounds.total > 0,
      rounds.first <= context.run.now.earlier(byDays: thresholds.stabilityDays)
    else {
      return [Finding("", .na, .historyTooShort, "fewer than \(thresholds.stabilityDays) days of rounds")]
    }
    let isStable = 100 * rounds.succeeded >= thresholds.stabilityPercent * rounds.total
    let detail = "\(rounds.succeeded) of \(rounds.total) rounds in \(thresholds.stabilityDays) days"
    return [Finding("", isStable ? .pass : .fail, isStable ? .stable : .unstable, detail)]
  }
}
