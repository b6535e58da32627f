import Observations
import Readiness

/// The metrics that say where hosts, agencies and the city stand. Their labels are ids of the inventory and words of the
/// rubric, never an address, so that there are as many series as hosts and agencies allow and no more.
public struct StandingMetrics: Sendable {
  /// The metrics as text.
  public let text: [UInt8]

  /// The checks that are a probe's own answer.
  public static let probes: Set<CheckID> = [
    .reachEcho, .reachTCP, .dnsAAAA, .serviceHandshake, .serviceContent,
  ]

  /// The metrics of what is known.
  ///
  /// - Parameters:
  ///   - judgement: by the newest word on every check.
  ///   - standings: those it was found by; only those of ``probes`` are looked at.
  ///   - latest: when the last round ended; `nil`: there was none.
  public init(_ judgement: Judgement, standings: [Standing], latest: Timestamp?) {
    var metrics = MetricsText()
    Self.write(probes: standings, &metrics)
    Self.write(hosts: judgement, &metrics)
    Self.write(agencies: judgement, &metrics)
    Self.write(city: judgement, &metrics)
    if let latest {
      metrics.family(
        "v6audit_last_result_timestamp_seconds", .gauge, "When the last round ended, seconds since 1970.")
      metrics.sample("v6audit_last_result_timestamp_seconds", [:], Double(latest.microseconds) / 1_000_000)
    }
    text = metrics.bytes
  }

  private static func write(probes standings: [Standing], _ metrics: inout MetricsText) {
    let name = "v6audit_probe_success"
    metrics.family(
      name, .gauge, "Whether the newest round got what the check asks for; absent where it could not tell.")
    for standing in standings where probes.contains(standing.check) {
      let says: [(String, Bool?)] = [
        ("ipv4", standing.overIPv4),
        ("ipv6", standing.verdict == .pass ? true : standing.verdict == .fail ? false : nil),
      ]
      for (family, value) in says {
        guard let value else { continue }
        metrics.sample(
          name, ["host": standing.host, "family": family, "check": standing.check.rawValue], value ? 1 : 0)
      }
    }
  }

  private static func write(hosts judgement: Judgement, _ metrics: inout MetricsText) {
    let name = "v6audit_host_ready"
    metrics.family(name, .gauge, "Whether the host is converted; absent where it is unknown or exempt.")
    for verdict in judgement.hosts {
      let outcome = Outcome(verdict.state)
      guard outcome == .converted || outcome == .notConverted else { continue }
      metrics.sample(
        name,
        ["host": verdict.host.id, "agency": verdict.host.agency, "policy": judgement.policy.id],
        outcome == .converted ? 1 : 0)
    }
  }

  private static func write(agencies judgement: Judgement, _ metrics: inout MetricsText) {
    var states: [String: [HostState: Int]] = [:]
    for verdict in judgement.hosts {
      states[verdict.host.agency, default: [:]][verdict.state, default: 0] += 1
    }
    metrics.family("v6audit_agency_hosts", .gauge, "Hosts of the agency in a state.")
    for verdict in judgement.agencies {
      for state in HostState.allCases {
        metrics.sample(
          "v6audit_agency_hosts", ["agency": verdict.agency.id, "state": state.rawValue],
          states[verdict.agency.id]?[state] ?? 0)
      }
    }
    metrics.family(
      "v6audit_agency_ready_ratio", .gauge,
      "Converted hosts of the agency by those that count, unknown ones not converted.")
    for verdict in judgement.agencies where verdict.tally.eligible > 0 {
      metrics.sample(
        "v6audit_agency_ready_ratio", ["agency": verdict.agency.id],
        Double(verdict.tally.converted) / Double(verdict.tally.eligible))
    }
  }

  private static func write(city judgement: Judgement, _ metrics: inout MetricsText) {
    let city = judgement.city
    if city.eligible > 0 {
      let name = "v6audit_city_converted_ratio"
      metrics.family(
        name, .gauge,
        "Converted agencies by those that count; low: unknown ones not converted, high: converted.")
      metrics.sample(name, ["bound": "low"], Double(city.converted) / Double(city.eligible))
      metrics.sample(name, ["bound": "high"], Double(city.converted + city.unknown) / Double(city.eligible))
    }
    let vantage = judgement.vantage.verdict
    guard vantage == .pass || vantage == .fail else { return }
    metrics.family(
      "v6audit_vantage_ipv6_up", .gauge, "Whether IPv6 worked at the vantage in the newest round.")
    metrics.sample("v6audit_vantage_ipv6_up", [:], vantage == .pass ? 1 : 0)
  }
}
