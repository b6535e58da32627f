import Observations
import Wire

extension Check {
  /// `exposure.icmp`: Packet Too Big is accepted. Whether redirects are ignored is not asked: from outside the link
  /// no host may believe one (RFC 4861 §8.1), and on it a host that does would be diverted.
  static let exposureICMP = Check(
    id: .exposureICMP, level: 6, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.ptbHeeded, .ptbFragmented], .fail: [.ptbIgnored],
      .unknown: Answer.unmeasured.union([.pmtuInconclusive, .receiveOffload]),
      .na: [.noUsableAddress, .ptbNotShown, .noLargeResponse, .neighbourSilent, .redirectNotSent],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    let rows = context.usableIPv6.map { address -> Finding in
      let answer = context.packetSizes(at: address)
      let subject = "packet-too-big at \(address)"
      switch answer.reason {
      case .alreadySmall, .pmtuBlackHole, .fragmentsLost:
        return Finding(subject, .na, .ptbNotShown, answer.detail, basis: answer.basis)
      case .neighbourSilent: return Finding(subject, .na, .neighbourSilent, basis: answer.basis)
      default: return Finding(subject, answer)
      }
    }
    return rows + [Finding("redirect", .na, .redirectNotSent)]
  }
}
