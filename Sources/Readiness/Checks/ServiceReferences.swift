import Inventory
import Observations

extension Check {
  /// `service.links`: second-level links on the page's own domain work over IPv6.
  static let serviceLinks = references(.serviceLinks, .links, pass: .linksWork, fail: .linksBroken) {
    $0.linksPercent
  }

  /// `service.resources`: what a browser loads with the page loads over IPv6.
  static let serviceResources = references(
    .serviceResources, .resources, pass: .resourcesLoad, fail: .resourcesBroken
  ) { $0.resourcesPercent }

  /// One row for each name under which a page was looked through, or one for a host without names. What is broken
  /// over both families, and what DNS could not say, is left out of the share.
  private static func references(
    _ id: CheckID, _ kind: ReferenceKind, pass: Reason, fail: Reason,
    percent: @escaping @Sendable (Thresholds) -> Int
  ) -> Check {
    Check(
      id: id, level: 4, isGate: false, needsIPv6: true,
      reasons: [
        .pass: [pass], .fail: [fail], .unknown: [.notMeasured, .outOfScope],
        .na: [.noUsableAddress, .noWebService, .noPage, .noReferences],
      ]
    ) { context in
      if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
      if context.webServices.isEmpty { return [Finding("", .na, .noWebService)] }
      if !context.run.hasIPv6 { return [Finding("", .unknown, .vantageWithoutIPv6)] }
      let names: [String?] = context.host.names.isEmpty ? [nil] : context.host.names
      return names.map { name in
        let seen = context.references(kind, name: name)
        let judged = seen.compactMap { observation -> (Observation, ReferenceTally)? in
          guard case .references(_, _, _, _, let tally) = observation.fact else { return nil }
          return (observation, tally)
        }
        guard let (observation, tally) = judged.first else {
          return Finding(name ?? "", context.unmeasuredPage(name: name) ?? Answer(.na, .noPage))
        }
        var finding = judge(tally, percent(context.policy.thresholds), pass: pass, fail: fail)
        finding.subject = name ?? ""
        finding.basis = [observation]
        return finding
      }
    }
  }

  private static func judge(_ tally: ReferenceTally, _ percent: Int, pass: Reason, fail: Reason) -> Finding {
    var (works, asked, unsure) = (0, 0, 0)
    for (outcome, count) in tally.counts {
      switch outcome {
      case .loaded, .published: (works, asked) = (works + count, asked + count)
      case .withoutAAAA, .unreachable, .status: asked += count
      case .notResolved, .notAsked: unsure += count
      case .brokenOnBoth: break
      }
    }
    if asked == 0 {
      return Finding("", unsure == 0 ? .na : .unknown, unsure == 0 ? .noReferences : .notMeasured)
    }
    let share = "\(works) of \(asked)" + (asked < tally.found ? ", sampled from \(tally.found)" : "")
    if 100 * works >= percent * asked { return Finding("", .pass, pass, share) }
    return Finding("", .fail, fail, "\(share); " + tally.examples.joined(separator: " "))
  }
}

extension HostContext {
  /// What keeps a page of a name from being known; `nil` where each was asked for, or its port is not open.
  fileprivate func unmeasuredPage(name: String?) -> Answer? {
    for service in webServices {
      for address in usableIPv6 where addressing.offeredNames(service, at: address).contains(name) {
        if page(service, at: address, name: name) != nil { continue }
        let port = answer(of: service, at: address)
        switch port.verdict {
        case .fail: continue
        // What may not be touched is not put right by measuring again.
        case .unknown where port.reason == .outOfScope: return port
        case .unknown, .pass, .na, .exempt: return Answer(.unknown, .notMeasured)
        }
      }
    }
    return nil
  }
}
