import Observations
import Wire

extension Check {
  /// `operation.ra`: the registered routers of the host's link advertise what is registered. Who else advertises there
  /// is the affair of `exposure.router`.
  static let operationRA = Check(
    id: .operationRA, level: 5, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.raRegistered],
      .fail: [.raPrefixUnregistered, .raRDNSSUnregistered, .raWithoutRDNSS, .noRouterAdvertises],
      .unknown: [.notMeasured, .noAdvertisementSeen], .na: [.noUsableAddress, .offLink],
    ]
  ) { context in
    context.onLink { link, observation in
      let all = context.run.neighbourhood.sightings(on: link)
      let registered = all.filter { $0.router != nil }
      if registered.isEmpty {
        let isSure = link.hasHeardOfAll(context.policy.thresholds)
        let others = all.isEmpty ? "" : ", only unregistered routers advertised"
        return [
          Finding(
            link.interface, isSure ? .fail : .unknown, isSure ? .noRouterAdvertises : .noAdvertisementSeen,
            link.watchText + others, basis: [observation])
        ]
      }
      return registered.flatMap { findings($0, context.run.neighbourhood) }
    }
  }

  private static func findings(_ sighting: Neighbourhood.Sighting, _ known: Neighbourhood) -> [Finding] {
    let message = sighting.seen.message
    let name = "\(sighting.seen.router) \(sighting.router ?? "")"
    func finding(_ verdict: Verdict, _ reason: Reason, _ detail: String) -> Finding {
      Finding(name, verdict, reason, detail, basis: [sighting.observation])
    }
    var faults: [Finding] = []
    let prefixes = message.prefixes.filter { $0.isOnLink || $0.isAutonomous }.map(\.prefix)
    let foreign = prefixes.filter { !known.isRegistered($0) }
    if !foreign.isEmpty { faults.append(finding(.fail, .raPrefixUnregistered, foreign.text)) }
    let resolvers = message.resolvers.filter { !known.isRegistered(resolver: $0) }
    if !resolvers.isEmpty { faults.append(finding(.fail, .raRDNSSUnregistered, resolvers.text)) }
    // Without either, a host with IPv6 alone has no resolver (RFC 8106 §1.1).
    if message.resolvers.isEmpty && !message.isManaged && !message.hasOtherConfiguration {
      faults.append(finding(.fail, .raWithoutRDNSS, "neither RDNSS nor the flags M or O for DHCPv6"))
    }
    guard faults.isEmpty else { return faults }
    let told = [prefixes.text, message.resolvers.isEmpty ? "" : "RDNSS " + message.resolvers.text]
    return [finding(.pass, .raRegistered, told.filter { !$0.isEmpty }.joined(separator: ", "))]
  }
}

extension Array where Element: CustomStringConvertible {
  fileprivate var text: String { map(\.description).joined(separator: " ") }
}
