/// How far a host has come.
public enum HostState: String, Sendable, Hashable, Codable, CaseIterable {
  /// No usable IPv6 address.
  case none
  /// It has IPv6 addresses that others could reach.
  case addressed
  /// Its ports answer over IPv6.
  case reachable
  /// Its names and services work over IPv6.
  case operational
  /// They work from a vantage that has no IPv4 at all.
  case ipv6only
  /// It could not be measured.
  case unknown
  /// A waiver takes it out of the count.
  case exempt

  /// `operational` or better.
  public var isConverted: Bool { self == .operational || self == .ipv6only }
}

extension HostState {
  /// Goes up the levels: at the first with a failing gate the host has the state reached below it; at the
  /// first with an unknown gate and no fail it is `unknown`. `na` and `exempt` hold nothing up.
  init(_ rows: [CheckRow], policy: Policy) {
    let gates = policy.checks.filter(\.isGate)
    var reached = HostState.none
    for level in 1...4 {
      let ids = Set(gates.filter { $0.level == level }.map(\.id))
      let verdict = rows.filter { ids.contains($0.check) }.map(\.verdict).worst
      if verdict == .fail {
        self = reached
        return
      }
      if verdict == .unknown {
        self = .unknown
        return
      }
      switch level {
      case 1: reached = .addressed
      case 2: reached = .reachable
      case 4: reached = .operational
      default: break
      }
    }
    let alone = rows.filter { $0.check == .operationIPv6Only }.map(\.verdict).worst
    self = reached == .operational && alone == .pass ? .ipv6only : reached
  }
}
