extension Check {
  /// `reach.echo`: the host answers ICMPv6 echo. Information only: a filter for echo breaks no service.
  static let reachEcho = Check(
    id: .reachEcho, level: 2, isGate: false, needsIPv6: true,
    reasons: [
      // RST answers TCP only.
      .pass: [.answered, .answeredAliased], .fail: Answer.probeFailures.subtracting([.closed]),
      .unknown: Answer.unmeasured,
      .na: [.noUsableAddress],
    ]
  ) { context in
    let addresses = context.usableIPv6
    if addresses.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return addresses.map { address in
      guard let observation = context.echo(address), case .echo(_, let outcome) = observation.fact else {
        return Finding(address.description, .unknown, .notMeasured)
      }
      let alias = context.packets.isAliased(address) ? context.packets.aliases[address] : nil
      return Finding(
        address.description,
        Answer(
          outcome, answered: alias == nil ? .answered : .answeredAliased,
          basis: [observation] + (alias.map { [$0] } ?? [])))
    }
  }
}
