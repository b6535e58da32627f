import Observations
import Wire

extension Check {
  /// `exposure.router`: whoever advertises on the host's link is registered as a router.
  static let exposureRouter = Check(
    id: .exposureRouter, level: 6, isGate: false, isExposure: true, needsIPv6: true,
    reasons: [
      .pass: [.routersRegistered, .noRouterAdvertises], .fail: [.routerUnregistered],
      .unknown: [.notMeasured, .noAdvertisementSeen], .na: [.noUsableAddress, .offLink],
    ]
  ) { context in
    context.onLink { link, observation in
      let all = context.run.neighbourhood.sightings(on: link)
      let rogues = all.filter { $0.router == nil }
      if !rogues.isEmpty {
        return rogues.map { sighting in
          let mac = sighting.seen.mac.map { "MAC \($0)" } ?? "MAC not known"
          let prefixes = sighting.seen.message.prefixes.map { " \($0.prefix)" }.joined()
          return Finding(
            sighting.seen.router.description, .fail, .routerUnregistered,
            "\(mac) on \(link.interface)" + (prefixes.isEmpty ? "" : ", advertises\(prefixes)"),
            basis: [sighting.observation])
        }
      }
      if all.isEmpty {
        let isSure = link.hasHeardOfAll(context.policy.thresholds)
        return [
          Finding(
            link.interface, isSure ? .pass : .unknown, isSure ? .noRouterAdvertises : .noAdvertisementSeen,
            link.watchText, basis: [observation])
        ]
      }
      let names = all.map { "\($0.seen.router) \($0.router ?? "")" }.joined(separator: ", ")
      return [
        Finding(
          link.interface, .pass, .routersRegistered, "\(names), \(link.watchText)",
          basis: [observation] + all.map(\.observation))
      ]
    }
  }
}
