import Observations
import Wire

extension Check {
  /// Whether every authoritative server gives AAAA for the name: the worst of them decides.
  ///
  /// What could not be asked for lack of its family at the vantage says nothing: no route to it, or silence over IPv6
  /// where the controls show that IPv6 does not work here. IPv4 has no control; silence over it is unknown where no
  /// server of any zone answered over IPv4 in the run.
  static func authoritative(_ name: String, _ context: HostContext) -> Finding {
    guard let observation = context.authority(name, .aaaa),
      case .authority(_, _, let outcome) = observation.fact
    else { return Finding(name, .unknown, .notMeasured) }
    let basis = [observation]
    let book = context.run.nameServers
    switch outcome {
    case .noDelegation(let reply):
      let (verdict, reason) = reply.failure
      if !book.hasAnswer && verdict == .fail {
        return Finding(name, .unknown, .nameServersSilent, reply.text, basis: basis)
      }
      return Finding(name, verdict, reason, "looking for its zone: \(reply.text)", basis: basis)
    case .asked(let groups):
      if !book.hasAnswer {
        return Finding(name, .unknown, .nameServersSilent, describe(groups, book), basis: basis)
      }
      return judge(name, groups.flatMap { context.counted($0) }, groups, basis, context)
    }
  }

  private static func judge(
    _ name: String, _ counted: [ServerReplies], _ groups: [ServerReplies], _ basis: [Observation],
    _ context: HostContext
  ) -> Finding {
    let book = context.run.nameServers
    let zones = Set(counted.map(\.zone))
    // An alias is an answer if the servers of what it leads to were asked as well.
    let helpful = counted.filter { $0.reply.isHelpful(amongZones: zones.count) }
    let failures = counted.filter { !$0.reply.isHelpful(amongZones: zones.count) }
    let giving = counted.filter { !$0.reply.addresses.isEmpty }
    let worst = failures.map { ($0, failure(of: $0, book)) }
      .max { ($0.1.verdict.severity, $0.1.weight) < ($1.1.verdict.severity, $1.1.weight) }
    if let (group, worst) = worst {
      let isDenial = [.dnsNoData, .dnsNXDomain].contains(worst.reason)
      let reason = isDenial && giving.contains { $0.zone == group.zone } ? .dnsInconsistent : worst.reason
      return Finding(name, worst.verdict, reason, describe(groups, book), basis: basis)
    }
    guard !helpful.isEmpty, !giving.isEmpty else {
      return Finding(name, .unknown, .nameServersSilent, describe(groups, book), basis: basis)
    }
    let addresses = Set(giving.flatMap(\.reply.addresses)).sorted().map(\.description)
    return Finding(name, .pass, .aaaaPresent, addresses.joined(separator: " "), basis: basis)
  }

  private static func failure(
    of group: ServerReplies, _ book: NameServerBook
  ) -> (verdict: Verdict, reason: Reason, weight: Int) {
    if group.servers.isEmpty, case .notAsked = group.reply { return (.fail, .dnsNoServer, 9) }
    let isSilentIPv4 = !group.servers.isEmpty && group.servers.allSatisfy { $0.family == .ipv4 }
    if isSilentIPv4, group.reply.isSilence, !book.answers(over: .ipv4) {
      return (.unknown, .nameServersSilent, 0)
    }
    let (verdict, reason) = group.reply.failure
    // What the denial of a zone hides least comes first, so that one row names the gravest fault.
    let order: [Reason] = [
      .dnsNoData, .dnsNXDomain, .dnsError, .dnsMalformed, .dnsEndless, .dnsServFail, .dnsRefused, .dnsLame,
      .dnsTimeout,
    ]
    return (verdict, reason, order.firstIndex(of: reason) ?? 0)
  }

  private static func describe(_ groups: [ServerReplies], _ book: NameServerBook) -> String {
    groups.map { group in
      let servers = group.servers.map { book.label($0, in: group.zone) }.joined(separator: ", ")
      return "\(servers.isEmpty ? "no server of \(group.zone)" : servers): \(group.reply.text)"
    }.joined(separator: "; ")
  }
}

extension HostContext {
  /// The servers whose reply counts, those of one family together where they were silent.
  fileprivate func counted(_ group: ServerReplies) -> [ServerReplies] {
    if group.servers.isEmpty { return [group] }
    switch group.reply {
    case .answer, .alias, .noData, .nxDomain, .servFail, .refused, .failed, .lame, .malformed: return [group]
    case .notAsked(.noRoute), .notAsked(.noSource): return []
    case .notAsked: return [group]
    case .timeout, .unreachable:
      return AddressFamily.allCases.filter { $0 == .ipv4 || run.hasIPv6 }.compactMap { family in
        let servers = group.servers.filter { $0.family == family }
        if servers.isEmpty { return nil }
        return ServerReplies(zone: group.zone, servers: servers, reply: group.reply)
      }
    }
  }
}

extension ServerReply {
  /// Whether nothing came from the server itself although it was asked.
  fileprivate var isSilence: Bool {
    switch self {
    case .timeout, .unreachable: true
    case .answer, .alias, .noData, .nxDomain, .servFail, .refused, .failed, .lame, .malformed, .notAsked:
      false
    }
  }

  /// Whether it is AAAA, or leads on to a zone whose servers were asked.
  fileprivate func isHelpful(amongZones count: Int) -> Bool {
    switch self {
    case .answer(let addresses): !addresses.isEmpty
    case .alias: count > 1
    case .noData, .nxDomain, .servFail, .refused, .failed, .lame, .malformed, .timeout, .unreachable,
      .notAsked:
      false
    }
  }
}
