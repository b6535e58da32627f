import Observations

extension RoundKind {
  /// The checks that a round of this kind asks; those of `full` are all. A check that needs the answers of another class
  /// stands in the class whose answers grow old first.
  public var checks: Set<CheckID> {
    switch self {
    case .full: Set(CheckID.allCases)
    case .reach: [.addressPresent, .reachEcho, .reachTCP, .reachStability, .dnsLive, .servicePorts]
    case .names:
      [
        .addressPresent, .addressScope, .addressPrefix, .addressIID, .dnsAAAA, .dnsNameServers, .dnsIPv6Only,
        .dnsReverse,
      ]
    case .services:
      [
        .reachPMTU, .reachPath, .reachLatency, .serviceHandshake, .serviceContent, .serviceLinks,
        .serviceResources, .serviceMail, .operationIPv6Only,
      ]
    case .exposure:
      [
        .exposurePorts, .exposureManagement, .exposureTunnels, .exposureRouter, .exposureICMP, .operationRA,
        .operationTraffic,
      ]
    }
  }
}

extension Policy {
  /// The policy without the checks that a kind of round does not ask. Its id stays: a round says beside it what was asked.
  public func limited(to round: RoundKind) -> Policy { limited(to: round.checks) }

  /// The policy without the checks that are not among some.
  public func limited(to asked: Set<CheckID>) -> Policy {
    var policy = self
    policy.checks.removeAll { !asked.contains($0.id) }
    return policy
  }
}
