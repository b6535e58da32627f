import Observations
import Wire

extension Check {
  /// `reach.path`: every hop that answers on the way to a host behind the WAN lies inside registered prefixes, in
  /// both families. A hop that says nothing is no failure, and neither is a way that does not reach its end: whether
  /// the host answers is another check's matter.
  static let reachPath = Check(
    id: .reachPath, level: 2, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.pathRegistered], .fail: [.hopOutside], .unknown: Answer.unmeasured,
      .na: [.noUsableAddress, .notBehindWAN, .noPrefixRegistered, .noHopAnswered],
    ]
  ) { context in
    let registry = context.run.registry
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if registry.isEmpty { return [Finding("", .na, .noPrefixRegistered)] }
    if !registry.isBehindWAN(context.host) { return [Finding("", .na, .notBehindWAN)] }
    return AddressFamily.allCases.compactMap { family in
      let addresses = family == .ipv6 ? context.usableIPv6 : context.addresses(family)
      return addresses.first.map { way(to: $0, context) }
    }
  }

  private static func way(to address: IPAddress, _ context: HostContext) -> Finding {
    let subject = address.description
    guard let observation = context.packets.paths[address.family], case .path(let path) = observation.fact
    else {
      // Nothing was asked because nothing may or can be sent there, which the echo tells.
      guard let echo = context.echo(address), case .echo(_, .notSent(let why)) = echo.fact else {
        return Finding(subject, .unknown, .notMeasured)
      }
      let answer = Answer(.notSent(why), answered: .answered, basis: [echo])
      let verdict: Verdict = answer.verdict == .fail ? .na : .unknown
      return Finding(subject, verdict, verdict == .na ? .noHopAnswered : answer.reason, basis: [echo])
    }
    let routers = path.hops.enumerated().flatMap { place, hop in
      hop.routers.map { (distance: place + 1, address: $0.address) }
    }
    let outside = routers.filter { !context.run.registry.holds($0.address) }
    let detail = path.target == address ? "" : "asked at \(path.target)"
    if !outside.isEmpty {
      let hops = outside.map { "hop \($0.distance) is \($0.address)" }.joined(separator: ", ")
      return Finding(
        subject, .fail, .hopOutside, [hops, detail].filter { !$0.isEmpty }.joined(separator: "; "),
        basis: [observation])
    }
    if case .unmeasured = path.end {
      return Finding(subject, .unknown, .captureDropped, detail, basis: [observation])
    }
    if routers.isEmpty, path.end != .reached(limit: 1) {
      return Finding(subject, .na, .noHopAnswered, detail, basis: [observation])
    }
    let hops =
      routers.isEmpty ? "no router in between" : routers.map(\.address.description).joined(separator: " ")
    return Finding(
      subject, .pass, .pathRegistered, [hops, detail].filter { !$0.isEmpty }.joined(separator: "; "),
      basis: [observation])
  }
}
