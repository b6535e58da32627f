import Observations
import Probing
import Wire

/// Asks hosts on the real network whether they heed a Packet Too Big: the driver of `PathMTUMachine`.
///
/// A value that can be used again and again; each call opens what it needs and closes it. All sending happens in a
/// thread of its own, and passes the scope given here; a Packet Too Big too.
public struct PathMTUProber: Sendable {
  private let scope: Scope
  private let settings: PathMTUSettings
  private let pace: ProbeSettings
  private let interface: String?

  /// A prober.
  ///
  /// - Parameters:
  ///   - scope: the addresses that may be touched.
  ///   - settings: what to tell, and how patiently.
  ///   - pace: how fast; only its three rates count.
  ///   - interface: the only interface to use, whatever the routing table prefers; `nil` for the kernel's choice.
  public init(scope: Scope, settings: PathMTUSettings, pace: ProbeSettings, interface: String? = nil) {
    self.scope = scope
    self.settings = settings
    self.pace = pace
    self.interface = interface
  }

  /// Asks each target by echo, all at the same time. No target may be in the list twice.
  ///
  /// - Parameter spool: gets the beginning of every packet that is sent and received.
  /// - Throws: `PacketIOError` when nothing could be sent or captured at all.
  public func ask(
    _ targets: [IPAddress], spool: PacketSpool? = nil
  ) async throws(PacketIOError) -> PathMTUReport {
    guard !targets.isEmpty else { return PathMTUReport(outcomes: [], counters: TransferCounters()) }
    return try await ThreadedRun.result("v6audit-pmtu") { stop throws(PacketIOError) in
      let key = SipHashKey.random()
      return try PathMTURun.run(
        targets, filter: PathMTUFilter.echo(targets), scope: scope, pace: pace, interface: interface,
        spool: spool, stop: stop
      ) { target, source, _ in
        PathMTUProbe(target: target, source: source, settings: settings, key: key)
      } cue: { _ in
      }
    }
  }

  /// Watches a connection that the caller owns, from its first data on.
  ///
  /// - Parameters:
  ///   - local: the caller's end of the connection.
  ///   - remote: the other end, which has to be in the scope.
  ///   - cue: called from the sending thread when the owner of the connection has to do something; must return soon.
  ///     See `PathMTUWatch` for what the connection has to be like.
  /// - Returns: a report with one outcome.
  /// - Throws: `PacketIOError` when nothing could be sent or captured at all.
  public func watch(
    local: Endpoint, remote: Endpoint, cue: @escaping @Sendable (PathMTUCue) -> Void
  ) async throws(PacketIOError) -> PathMTUReport {
    try await ThreadedRun.result("v6audit-pmtu") { stop throws(PacketIOError) in
      try PathMTURun.run(
        [remote.address], filter: PathMTUFilter.segments(from: remote, to: local), scope: scope, pace: pace,
        interface: interface, stop: stop
      ) { _, _, linkMTU in
        var settings = settings
        settings.linkMTU = linkMTU
        return PathMTUWatch(local: local, remote: remote, settings: settings)
      } cue: {
        cue($0)
      }
    }
  }
}

/// What to capture (pcap-filter(7)).
enum PathMTUFilter {
  /// Echo replies of these targets in one piece or more, and ICMP errors.
  static func echo(_ targets: [IPAddress]) -> String {
    let replies = ProbeEngine.captureFilter(for: targets.map { Probe(target: $0, kind: .echo) })
    // IPv6 fragments are let through already, as every packet with extension headers is.
    return targets.contains { $0.family == .ipv4 }
      ? replies + " or (ip proto 1 and ip[6:2] & 0x1fff != 0)" : replies
  }

  /// Segments of any of these targets, and fragments that may be of them.
  static func segments(from targets: [IPAddress]) -> String {
    let parts = AddressFamily.allCases.compactMap { family -> String? in
      guard let prefix = CaptureFilter.commonPrefix(of: targets.lazy.filter { $0.family == family }) else {
        return nil
      }
      guard family == .ipv6 else { return "(ip and src net \(prefix) and ip proto 6)" }
      let kinds = [6, 0, 43, 44, 51, 60].map { "ip6[6] == \($0)" }.joined(separator: " or ")
      return "(ip6 and src net \(prefix) and (\(kinds)))"
    }
    return parts.isEmpty ? "less 0" : parts.joined(separator: " or ")
  }

  /// Segments of one direction of a connection, and fragments that may be of them.
  static func segments(from remote: Endpoint, to local: Endpoint) -> String {
    let hosts = "src host \(remote.address) and dst host \(local.address)"
    guard remote.address.family == .ipv6 else { return "ip and \(hosts) and ip proto 6" }
    let chains = [0, 43, 44, 51, 60].map { "ip6[6] == \($0)" }.joined(separator: " or ")
    return "ip6 and \(hosts) and (\(chains)"
      + " or (ip6[6] == 6 and ip6[40:2] == \(remote.port) and ip6[42:2] == \(local.port)))"
  }
}
