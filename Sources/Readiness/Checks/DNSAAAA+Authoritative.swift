import Observations
import Wire

extension Check {
  /// Whether every authoritative server gives AAAA for the name: the worst of them decides.
  ///
  /// What could not be asked for lack of its family at the vantage says nothing, and neither does silence over a family
  /// over which no server of any zone answered in the run, unless the controls show that IPv6 works.
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
      return judge(name, groups.compactMap { context.counted($0) }, groups, basis, book)
    }
  }

  private static func judge(
    _ name: String, _ counted: [ServerReplies], _ groups: [ServerReplies], _ basis: [Observation],
    _ book: NameServerBook
  ) -> Finding {
    let zones = Set(counted.map(\.zone))
    // An alias is an answer if the servers of what it leads to were asked as well.
    let helpful = counted.filter { $0.reply.isHelpful(amongZones: zones.count) }
    let failures = counted.filter { !$0.reply.isHelpful(amongZones: zones.count) }
    let giving = counted.filter { !$0.reply.addresses.isEmpty }
    let worst = failures.map { ($0, failure(of: $0)) }
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

  private static func failure(of group: ServerReplies) -> (verdict: Verdict, reason: Reason, weight: Int) {
    if group.servers.isEmpty, case .notAsked = group.reply { return (.fail, .dnsNoServer, 9) }
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
  /// The servers of the group whose reply counts; `nil` when none does.
  fileprivate func counted(_ group: ServerReplies) -> ServerReplies? {
    if group.servers.isEmpty { return group }
    var group = group
    switch group.reply {
    case .answer, .alias, .noData, .nxDomain, .servFail, .refused, .failed, .lame, .malformed: return group
    case .notAsked(.noRoute), .notAsked(.noSource): return nil
    case .notAsked: return group
    case .timeout, .unreachable:
      group.servers = group.servers.filter { server in
        run.nameServers.answers(over: server.family) || (server.family == .ipv6 && run.hasIPv6)
      }
      return group.servers.isEmpty ? nil : group
    }
  }
}

extension ServerReply {
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
