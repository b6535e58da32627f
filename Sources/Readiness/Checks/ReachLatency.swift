import Observations
import Wire

extension Check {
  /// `reach.latency`: the median handshake over IPv6 is not much slower than over IPv4.
  ///
  /// The same port is timed over both families. A handshake that was not answered at once is left out and not asked
  /// again in its place, since the round trip of a retransmission cannot be told (Karn's algorithm, RFC 6298 §3).
  static let reachLatency = Check(
    id: .reachLatency, level: 2, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.notSlower], .fail: [.slowerThanIPv4], .unknown: [.notMeasured, .tooFewHandshakes],
      .na: [.noUsableAddress, .nothingToCompare],
    ]
  ) { context in
    let addresses = context.usableIPv6
    if addresses.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return addresses.map { address in
      let pair =
        context.run.comparesIPv4
        ? context.addressing.latencyPair(at: address, isOpen: context.isOpen) : nil
      guard let pair else { return Finding(address.description, .na, .nothingToCompare) }
      return compare(pair, context)
    }
  }

  private static func compare(_ pair: LatencyPair, _ context: HostContext) -> Finding {
    let subject = pair.ipv6.description
    guard let overIPv6 = HandshakeTimes(context.handshakeTimes(pair.ipv6)),
      let overIPv4 = HandshakeTimes(context.handshakeTimes(pair.ipv4))
    else { return Finding(subject, .unknown, .notMeasured) }
    let thresholds = context.policy.thresholds
    let basis = [overIPv6.observation, overIPv4.observation]
    guard let slow = overIPv6.median(of: thresholds.latencyHandshakes),
      let fast = overIPv4.median(of: thresholds.latencyHandshakes)
    else {
      let detail =
        "\(overIPv6.roundTrips.count) answered over IPv6, \(overIPv4.roundTrips.count) over IPv4, "
        + "\(thresholds.latencyHandshakes) needed"
      return Finding(subject, .unknown, .tooFewHandshakes, detail, basis: basis)
    }
    let isFine = slow.microseconds - fast.microseconds <= 1000 * Int64(thresholds.latencyMilliseconds)
    return Finding(
      subject, isFine ? .pass : .fail, isFine ? .notSlower : .slowerThanIPv4,
      "median \(slow.text) over IPv6, \(fast.text) over IPv4", basis: basis)
  }
}

/// The round trips of handshakes with one endpoint.
private struct HandshakeTimes {
  let observation: Observation
  let roundTrips: [Duration64]

  init?(_ observation: Observation?) {
    guard let observation, case .handshakeTimes(_, let roundTrips, _) = observation.fact else { return nil }
    self.observation = observation
    self.roundTrips = roundTrips
  }

  /// The middle one, of an even count the mean of both; `nil` where there are fewer than needed.
  func median(of needed: Int) -> Duration64? {
    if roundTrips.isEmpty || roundTrips.count < needed { return nil }
    let sorted = roundTrips.sorted()
    let upper = sorted[sorted.count / 2]
    let lower = sorted[(sorted.count - 1) / 2]
    return Duration64(microseconds: lower.microseconds + (upper.microseconds - lower.microseconds) / 2)
  }
}

extension HostContext {
  /// Whether a SYN was answered there.
  fileprivate func isOpen(_ endpoint: Endpoint) -> Bool {
    if case .port(_, .answered) = port(endpoint.port, at: endpoint.address)?.fact { true } else { false }
  }
}
