import Observations
import Wire

extension Check {
  /// `dns.nameservers`: at least two name servers of the zone answer authoritatively over IPv6, UDP and TCP.
  ///
  /// One row for each zone that a declared name lies in.
  static let dnsNameServers = Check(
    id: .dnsNameServers, level: 3, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.nameServersOverIPv6], .fail: [.tooFewNameServers],
      .unknown: ServerReply.failures[.unknown, default: []].union([.notMeasured]), .na: [.noName],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    let zones = Set(context.host.names.compactMap { context.zone(of: $0) }).sorted()
    if zones.isEmpty { return [Finding("", .unknown, .notMeasured)] }
    return zones.map { judge($0, context) }
  }

  private static func judge(_ name: String, _ context: HostContext) -> Finding {
    guard let zone = context.run.nameServers.zone(name), let delegation = zone.delegation else {
      return Finding(name, .unknown, .notMeasured)
    }
    var good: Set<IPAddress> = []
    var goodNames = 0
    var open: [Reason] = []
    var words: [String] = []
    var basis = [delegation]
    for server in zone.servers {
      let addresses = server.addresses.filter { $0.family == .ipv6 }
      if addresses.isEmpty { words.append("\(server.name): no IPv6 address") }
      var works = false
      for address in addresses {
        guard let observation = zone.seen[address],
          case .nameServer(_, _, let udp, let tcp, _) = observation.fact
        else {
          open.append(.notMeasured)
          continue
        }
        basis.append(observation)
        if case .answer = udp, case .answer = tcp {
          works = true
          good.insert(address)
          continue
        }
        open += [udp, tcp].filter { $0.failure.verdict == .unknown }.map(\.failure.reason).prefix(1)
        words.append("\(server.name) \(address): \(udp.wordsForZone) over UDP, \(tcp.wordsForZone) over TCP")
      }
      if works { goodNames += 1 }
    }
    let wanted = context.policy.thresholds.nameServers
    let count = min(goodNames, good.count)
    let detail = ["\(count) of \(zone.servers.count) servers"] + words
    let text = detail.joined(separator: "; ")
    if count >= wanted { return Finding(name, .pass, .nameServersOverIPv6, text, basis: basis) }
    if let reason = open.first, count + open.count >= wanted {
      return Finding(name, .unknown, reason, text, basis: basis)
    }
    return Finding(name, .fail, .tooFewNameServers, text, basis: basis)
  }
}

extension HostContext {
  /// The zone a name lies in, as the authoritative servers were found.
  fileprivate func zone(of name: String) -> String? {
    for type in RecordType.allCases {
      if case .authority(_, _, .asked(let replies)) = authority(name, type)?.fact {
        return replies.first?.zone
      }
    }
    return nil
  }
}

extension ServerReply {
  fileprivate var wordsForZone: String {
    if case .answer = self { "authoritative" } else { text }
  }
}
