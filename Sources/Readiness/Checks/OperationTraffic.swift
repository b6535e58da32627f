import Observations

extension Check {
  /// `operation.traffic`: nobody came to the host over IPv4 for a while, as far as the passive capture sees.
  static let operationTraffic = Check(
    id: .operationTraffic, level: 5, isGate: false, needsIPv6: false,
    reasons: [
      .pass: [.noIPv4Traffic], .fail: [.ipv4Traffic], .na: [.noPassiveCapture, .watchedTooBriefly],
    ]
  ) { context in
    guard let traffic = context.run.history.traffic[context.host.id] else {
      return [Finding("", .na, .noPassiveCapture)]
    }
    let days = context.policy.thresholds.trafficDays
    let start = context.run.now.earlier(byDays: days)
    if let last = traffic.lastIPv4Flow, last >= start {
      return [Finding("", .fail, .ipv4Traffic, "last seen \(last.text)")]
    }
    let detail = "watched since \(traffic.observedSince.text)"
    return traffic.observedSince <= start
      ? [Finding("", .pass, .noIPv4Traffic, detail)] : [Finding("", .na, .watchedTooBriefly, detail)]
  }
}
