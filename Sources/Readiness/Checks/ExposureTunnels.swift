import Observations
import Wire

extension Check {
  /// `exposure.tunnels`: nothing takes a packet out of another one from just anybody. One row a kind and address.
  static let exposureTunnels = Check(
    id: .exposureTunnels, level: 6, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.noTunnelAnswers], .fail: [.tunnelAnswers], .unknown: Answer.unmeasured,
      .na: [.noUsableAddress, .neighbourSilent],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return TunnelKind.allCases.flatMap { kind in
      let carriers = kind.isOverIPv6 ? context.usableIPv6 : context.addresses(.ipv4)
      // What needs an IPv4 address inside does not apply to a host without one.
      return (kind == .fourInSix && context.addresses(.ipv4).isEmpty ? [] : carriers).map { address in
        let subject = "\(kind.rawValue) at \(address)"
        guard let seen = context.packets.tunnel(kind, address), case .tunnel(_, _, let outcome) = seen.fact
        else {
          return Finding(subject, .unknown, .notMeasured)
        }
        let answer = Answer(outcome, answered: .tunnelAnswers, basis: [seen])
        switch (answer.verdict, answer.reason) {
        case (.pass, _): return Finding(subject, .fail, .tunnelAnswers, answer.detail, basis: [seen])
        case (.unknown, _): return Finding(subject, answer)
        case (_, .neighbourSilent): return Finding(subject, .na, .neighbourSilent, basis: [seen])
        default: return Finding(subject, .pass, .noTunnelAnswers, answer.reason.rawValue, basis: [seen])
        }
      }
    }
  }
}

extension TunnelKind {
  /// Whether the packet that carries the other one is IPv6.
  fileprivate var isOverIPv6: Bool {
    switch self {
    case .sixInFour, .sixToFour, .isatap, .teredo: false
    case .sixInSix, .fourInSix: true
    }
  }
}
