import Observations
import Wire

/// The metrics that say how the program itself works: counted since it was started.
public struct OperationMetrics: Sendable {
  /// Packets sent.
  public var sent = PacketTally()
  /// Probes that were not sent, by why not.
  public var suppressed: [NotSentReason: UInt64] = [:]
  /// Packets that captures handed over.
  public var captured: UInt64 = 0
  /// Packets that captures lost.
  public var dropped: UInt64 = 0
  /// Captured packets that contradict their own format.
  public var malformed: UInt64 = 0
  /// How long answers took.
  public var durations = ProbeDurations()
  /// How long the disk took for each write of the store.
  public var commits = Histogram()
  /// Whether the configuration that was read last is in force.
  public var isConfigurationCurrent = true
  /// The program's version.
  public var version: String

  /// Nothing has been counted yet.
  public init(version: String) { self.version = version }

  /// The metrics as text.
  public var text: [UInt8] {
    var metrics = MetricsText()
    metrics.family("v6audit_probe_duration_seconds", .histogram, "How long answers to probes took.")
    for (key, histogram) in durations.all {
      metrics.histogram(
        "v6audit_probe_duration_seconds", ["check": key.check.rawValue, "family": key.family.rawValue],
        histogram)
    }
    metrics.family("v6audit_probes_sent_total", .counter, "Packets sent.")
    for family in AddressFamily.allCases {
      for transport in PacketTally.Transport.allCases {
        metrics.sample(
          "v6audit_probes_sent_total", ["family": family.rawValue, "protocol": transport.rawValue],
          sent[family, transport])
      }
    }
    metrics.family("v6audit_probes_suppressed_total", .counter, "Probes that were not sent.")
    for reason in NotSentReason.allCases {
      metrics.sample(
        "v6audit_probes_suppressed_total", ["reason": reason.rawValue], suppressed[reason] ?? 0)
    }
    let counts: [(String, String, UInt64)] = [
      ("v6audit_capture_packets_total", "Packets that captures handed over.", captured),
      ("v6audit_capture_dropped_packets_total", "Packets that captures lost for want of room.", dropped),
      ("v6audit_packets_malformed_total", "Captured packets that contradict their own format.", malformed),
    ]
    for (name, help, value) in counts {
      metrics.family(name, .counter, help)
      metrics.sample(name, [:], value)
    }
    metrics.family(
      "v6audit_store_commit_duration_seconds", .histogram, "How long the disk took for a write of the store.")
    metrics.histogram("v6audit_store_commit_duration_seconds", [:], commits)
    metrics.family(
      "v6audit_config_last_reload_successful", .gauge,
      "Whether the configuration that was read last is in force.")
    metrics.sample("v6audit_config_last_reload_successful", [:], isConfigurationCurrent ? 1 : 0)
    metrics.family("v6audit_build_info", .gauge, "Always 1; its label names the version.")
    metrics.sample("v6audit_build_info", ["version": version], 1)
    return metrics.bytes
  }
}
