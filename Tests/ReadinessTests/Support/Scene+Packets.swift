import Inventory
import Observations
import Wire

@testable import Readiness

extension Scene {
  /// Nothing is exposed at either address, and large answers come in small packets.
  mutating func observeHealthyPackets() {
    packetSizes(.shrank(largest: 1280))
    // What speaks where no page can be had.
    packetSizes(.fragmented(largest: 1280), port: nil)
    for address in [IPAddress.host6, .host4] { survey(address, open: []) }
    observe(.datagram(endpoint: Endpoint(.host6, 161), outcome: .icmp(1, 4, from: .host6)))
    for kind in TunnelKind.allCases { tunnel(kind, .nothing) }
  }

  mutating func packetSizes(_ outcome: PathMTUOutcome, port: UInt16? = 443) {
    observe(.pathMTU(address: .host6, port: port, mtu: 1280, outcome: outcome))
  }

  /// A survey of the policy's ports, all closed but these.
  mutating func survey(_ address: IPAddress, open: [UInt16], others: ProbeOutcome = .reset) {
    let ports = Set(policy.thresholds.exposedTCPPorts + policy.thresholds.managementTCPPorts)
    observe(
      .portSurvey(
        address: address, survey: PortSurvey(ports.map { ($0, open.contains($0) ? .reply : others) })))
  }

  mutating func tunnel(_ kind: TunnelKind, _ outcome: ProbeOutcome) {
    let isOverIPv6 = kind == .sixInSix || kind == .fourInSix
    observe(.tunnel(kind: kind, address: isOverIPv6 ? .host6 : .host4, outcome: outcome))
  }
}

extension PathMTUOutcome: Sampled {
  enum Kind: CaseIterable {
    case shrank, fragmented, ignored, blackHole, fragmentsLost, alreadySmall, tooShort, vanished, silent,
      rejected,
      notSent, offloaded, unmeasured
  }

  var kind: Kind {
    switch self {
    case .shrank: .shrank
    case .fragmented: .fragmented
    case .ignored: .ignored
    case .blackHole: .blackHole
    case .fragmentsLost: .fragmentsLost
    case .alreadySmall: .alreadySmall
    case .tooShort: .tooShort
    case .vanished: .vanished
    case .silent: .silent
    case .rejected: .rejected
    case .notSent: .notSent
    case .offloaded: .offloaded
    case .unmeasured: .unmeasured
    }
  }

  static func samples(of kind: Kind) -> [PathMTUOutcome] {
    switch kind {
    case .shrank: [.shrank(largest: 1280)]
    case .fragmented: [.fragmented(largest: 1280)]
    case .ignored: [.ignored(largest: 1500)]
    case .blackHole: [.blackHole(largest: 1500)]
    case .fragmentsLost: [.fragmentsLost(largest: 1232)]
    case .alreadySmall:
      [.alreadySmall(largest: 1160, isFragmented: false), .alreadySmall(largest: 1280, isFragmented: true)]
    case .tooShort: [.tooShort(largest: 300)]
    case .vanished: [.vanished(largest: 1500)]
    case .silent: [.silent(tries: 3)]
    case .rejected: Rejection.samples.map { .rejected($0) }
    case .notSent: NotSentReason.allCases.map { .notSent($0) }
    case .offloaded: [.offloaded(merged: 3)]
    case .unmeasured: [.unmeasured(dropped: 7)]
    }
  }
}

extension HopPath.End: Sampled {
  enum Kind: CaseIterable { case reached, refused, looping, lost, unfinished, unmeasured }

  var kind: Kind {
    switch self {
    case .reached: .reached
    case .refused: .refused
    case .looping: .looping
    case .lost: .lost
    case .unfinished: .unfinished
    case .unmeasured: .unmeasured
    }
  }

  static func samples(of kind: Kind) -> [HopPath.End] {
    switch kind {
    case .reached: [.reached(limit: 1), .reached(limit: 3)]
    case .refused: Rejection.samples.map { .refused(limit: 2, $0) }
    case .looping: [.looping(first: 1, again: 3)]
    case .lost: [.lost(after: 0, asked: 8), .lost(after: 2, asked: 24)]
    case .unfinished: [.unfinished(asked: 24)]
    case .unmeasured: [.unmeasured(after: 1)]
    }
  }
}
