import Observations
import Probing

/// Sweeps targets on the real network: the driver of `SweepSender` and `SweepCollector` over packet sockets and libpcap.
///
/// It can be used again and again: what it captures with stays open as long as it lives. Sending, receiving and directing
/// happen in threads of their own, and every packet passes the scope given here.
public final class Sweeper: Sendable {
  private let scope: Scope
  private let settings: SweepSettings
  private let listener: SweepListener

  /// A sweeper. Sees that this process may sweep at all, before anything is changed for it.
  ///
  /// - Parameter scope: the addresses that may be touched.
  /// - Throws: `PacketIOError`.
  public init(scope: Scope, settings: SweepSettings) throws(PacketIOError) {
    self.scope = scope
    self.settings = settings
    listener = try SweepListener(bufferSize: settings.bufferSize, holdBack: settings.holdBack)
    let wanted = try settings.interface.map { name throws(PacketIOError) in
      try NetworkInterface.all().named(name)
    }
    try Permission.requireQuickly()
    try listener.start(on: wanted?.name)
  }

  deinit { listener.quit() }

  /// Asks all targets of a plan. Cancelling the task stops the sending at once, waits for the answers to what was sent, and
  /// reports where it stands.
  ///
  /// - Parameters:
  ///   - position: where an interrupted sweep of the same plan stood; `nil` to begin.
  ///   - sink: takes what is found.
  ///   - progress: called about ten times a second from the directing thread: it must return soon.
  /// - Throws: `PacketIOError` when nothing could be sent or captured at all. A failure in the middle is in the report.
  public func sweep(
    _ plan: SweepPlan, from position: SweepPosition? = nil, sink: SweepSink,
    progress: @escaping @Sendable (SweepProgress) -> Void = { _ in }
  ) async throws(PacketIOError) -> SweepReport {
    let stop = try StopRequest()
    let (scope, settings, listener) = (scope, settings, listener)
    let result: Result<SweepReport, PacketIOError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let start = Result { () throws(PacketIOError) in
          try DedicatedThread("v6audit-sweep") {
            continuation.resume(
              returning: Result { () throws(PacketIOError) in
                try SweepRun.run(
                  plan, from: position, scope: scope, settings: settings, over: listener, sink: sink,
                  stop: stop, progress: progress)
              })
          }.detach()
        }
        if case .failure(let error) = start { continuation.resume(returning: .failure(error)) }
      }
    } onCancel: {
      stop.make()
    }
    return try result.get()
  }
}
