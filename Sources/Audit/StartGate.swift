import Observations
import Probing
import Wire

/// Lets connections start no faster than the pacing allows: in all, to one host, to one prefix.
actor StartGate {
  private var pacer: Pacer
  private let origin = ContinuousClock.now

  /// A gate of these rates, in starts per second.
  init(rate: Double, hostRate: Double, prefixRate: Double) {
    pacer = Pacer(rate: rate, hostRate: hostRate, prefixRate: prefixRate)
  }

  /// A gate of the same rates as the packets.
  init(_ settings: AuditSettings) { pacer = Pacer(ProbeSettings(settings)) }

  /// Returns when a connection to `address` may start, or at once when the task is cancelled.
  func wait(for address: IPAddress) async {
    let now = (ContinuousClock.now - origin).nanoseconds
    let start = pacer.reserve(address, now: now)
    if start > now { try? await Task.sleep(for: .nanoseconds(Int64(start - now))) }
  }
}

extension Duration {
  fileprivate var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }
}

extension ProbeSettings {
  /// The pacing of an audit: the proportions of the daemon's defaults (100 packets/s in all, 2 to one host,
  /// 10 to one prefix) at whatever rate was asked for. Three tries wait 1 s, 1.5 s and 2.25 s.
  init(_ settings: AuditSettings) {
    self.init()
    rate = settings.rate
    hostRate = settings.rate * 0.02
    prefixRate = settings.rate * 0.1
    groups = settings.groups
    backoff = 1.5
  }
}
