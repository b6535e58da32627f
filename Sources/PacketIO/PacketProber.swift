import Observations
import Probing

/// Probes targets on the real network: the driver of `ProbeEngine` over packet sockets and libpcap.
///
/// A value that can be used again and again; each call of `probe` opens what it needs and closes it. All sending
/// happens in a thread of its own, and passes the scope given here.
public struct PacketProber: Sendable {
  private let scope: Scope
  private let settings: ProbeSettings
  private let interface: String?

  /// A prober.
  ///
  /// - Parameters:
  ///   - scope: the addresses that may be touched.
  ///   - settings: how fast and how patiently.
  ///   - interface: the only interface to use, whatever the routing table prefers; `nil` for the kernel's choice.
  public init(scope: Scope, settings: ProbeSettings, interface: String? = nil) {
    self.scope = scope
    self.settings = settings
    self.interface = interface
  }

  /// Asks all probes and waits for their outcomes. Cancelling the task stops the sending at once and returns what
  /// is known.
  ///
  /// - Parameters:
  ///   - key: makes the cookies; one for all that is told together.
  ///   - spool: gets every packet that is sent and received.
  ///   - progress: called about ten times a second and once at the end, from the sending thread: it
  ///     must return soon.
  /// - Throws: `PacketIOError` when nothing could be sent or captured at all. A failure in the middle of a run is
  ///   in the report, beside the outcomes known by then.
  public func probe(
    _ probes: [Probe], key: SipHashKey = .random(), spool: PacketSpool? = nil,
    progress: @escaping @Sendable (ProbeProgress) -> Void = { _ in }
  ) async throws(PacketIOError) -> ProbeReport {
    guard !probes.isEmpty else {
      return ProbeReport(outcomes: [], ages: [], roundTrips: [], counters: TransferCounters())
    }
    return try await ThreadedRun.result("v6audit-probe") { stop throws(PacketIOError) in
      try ProbeRun.run(
        probes, key: key, scope: scope, settings: settings, interface: interface, spool: spool, stop: stop,
        progress: progress)
    }
  }
}
