import Inventory
import Observations
import SeededRandom
import Wire

@testable import Readiness

extension RandomScene {
  /// Facts about packet sizes, ways and exposure, each now and then missing.
  mutating func observePackets(at address: IPAddress, _ host: Host, _ random: inout SplitMix64) {
    func isThere() -> Bool { !random.onceIn(20) }
    func pick<Outcome: Sampled>(_ usual: Outcome) -> Outcome {
      random.onceIn(3) ? random.pick(Outcome.samples) : usual
    }
    if address.family == .ipv6 {
      if isThere() {
        let outcome = pick(PathMTUOutcome.shrank(largest: 1280))
        record(.pathMTU(address: address, port: 443, mtu: 1280, outcome: outcome), host.id)
      }
      if isThere() {
        let outcome = pick(PathMTUOutcome.silent(tries: 3))
        record(.pathMTU(address: address, port: nil, mtu: 1280, outcome: outcome), host.id)
      }
      if isThere() {
        record(.datagram(endpoint: Endpoint(address, 161), outcome: pick(ProbeOutcome.reset)), host.id)
      }
      if random.onceIn(3) { record(.alias(address: address, outcome: pick(ProbeOutcome.reply)), host.id) }
    }
    if isThere() { record(.portSurvey(address: address, survey: Self.survey(&random)), host.id) }
    for kind in TunnelKind.allCases where kind.isOver(address.family) && isThere() {
      record(.tunnel(kind: kind, address: address, outcome: pick(ProbeOutcome.nothing)), host.id)
    }
    if !random.onceIn(4) {
      let hops = (0..<random.pick([0, 1, 3])).map { _ in
        HopPath.Hop(routers: random.onceIn(2) ? [Self.router(address.family, &random)] : [], isSilent: true)
      }
      record(
        .path(HopPath(target: address, hops: hops, end: pick(HopPath.End.lost(after: 2, asked: 8)))), host.id)
    }
  }

  private static func router(_ family: AddressFamily, _ random: inout SplitMix64) -> HopPath.Router {
    let address: IPAddress = random.pick(
      family == .ipv6 ? [.router6, .address("2001:db8:2::1"), .address("2400:cb00::9")] : [.router4])
    return HopPath.Router(address: address, roundTrip: Duration64(microseconds: 300))
  }

  private static func survey(_ random: inout SplitMix64) -> PortSurvey {
    let thresholds = Policy.lab.thresholds
    let usual = random.onceIn(3) ? random.pick(ProbeOutcome.samples) : random.pick([.reset, .nothing])
    let outcomes = Set(thresholds.exposedTCPPorts + thresholds.managementTCPPorts).sorted()
      .map { (port: $0, outcome: random.onceIn(40) ? probe(&random) : usual) }
    return PortSurvey(random.onceIn(10) ? Array(outcomes.dropLast(random.pick([1, 9]))) : outcomes)
  }
}

extension TunnelKind {
  fileprivate func isOver(_ family: AddressFamily) -> Bool {
    switch self {
    case .sixInFour, .sixToFour, .isatap, .teredo: family == .ipv4
    case .sixInSix, .fourInSix: family == .ipv6
    }
  }
}
