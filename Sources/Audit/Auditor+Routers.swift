import Observations
import PacketIO
import Readiness
import Wire

extension Auditor {
  /// Begins to watch for router advertisements on the links that the audit's packets take.
  func watchRouters(
    _ hosts: [HostAddressing], _ scope: Scope, _ spool: PacketSpool?
  ) throws(PacketIOError) -> RouterWatch? {
    guard families.contains(.ipv6), settings.policy.asksAboutRouters else { return nil }
    let targets = hosts.flatMap { $0.addresses(.ipv6) }.filter(scope.allows)
    if targets.isEmpty { return nil }
    return try RouterWatch(for: targets, scope: scope, interface: settings.interface, spool: spool)
  }

  /// Records the links and who advertised there.
  func record(_ watch: RouterWatch, _ recorder: Recorder) async throws {
    let (links, seen) = watch.stop()
    for link in links { try await recorder.record(.link(link), for: [""], at: .now) }
    for router in seen { try await recorder.record(.advertisement(router), for: [""], at: .now) }
  }
}
