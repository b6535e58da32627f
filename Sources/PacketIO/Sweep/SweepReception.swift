import CLinux
import Observations
import Probing
import Synchronization
import Wire

/// What is received for one list of targets: judged by its collector, and handed on.
struct SweepReception: ~Copyable {
  private let shared: Shared
  private let listener: SweepListener

  final class Shared: Sendable {
    let collector: Mutex<SweepCollector>
    let readings = Mutex<(drops: DropLog, seen: UInt64)>((DropLog(), 0))
    let stop: StopRequest
    /// Signalled when nothing is received for it any more.
    let ended: Wakeup
    /// Asks for a reading of the drop counters now.
    let readingWanted: Wakeup
    let failure = Mutex<SweepFailure?>(nil)
    /// What lets replies through.
    let filter: String
    let sink: SweepSink
    /// A position to be kept as soon as all findings so far were handed over.
    let pending = Mutex<SweepPosition?>(nil)
    let notSent = Mutex<[(place: Int, reason: NotSentReason)]>([])

    init(_ collector: SweepCollector, filter: String, sink: SweepSink) throws(PacketIOError) {
      self.collector = Mutex(collector)
      stop = try StopRequest()
      ended = try Wakeup()
      readingWanted = try Wakeup()
      self.filter = filter
      self.sink = sink
    }
  }

  /// Has a listener receive for a collector.
  init(
    _ collector: SweepCollector, filter: String, over listener: SweepListener, sink: SweepSink
  ) throws(PacketIOError) {
    shared = try Shared(collector, filter: filter, sink: sink)
    self.listener = listener
    listener.receive(for: shared)
  }

  /// Waits until captures on these interfaces are live; see `SweepEars`.
  var ears: SweepEars { listener.ears }

  /// Why it ended by itself, if it did.
  var failure: SweepFailure? { shared.failure.withLock { $0 } }

  /// What the collector knows.
  func withCollector<Result>(_ body: (inout SweepCollector) -> sending Result) -> sending Result {
    shared.collector.withLock { body(&$0) }
  }

  /// The readings of the drop counters so far, and up to when everything that arrived had been looked at before the last.
  var readings: (drops: DropLog, seen: UInt64) { shared.readings.withLock { $0 } }

  /// Notes a target that could not be sent to; its finding goes the way of all others.
  func note(notSent place: Int, _ reason: NotSentReason) {
    shared.notSent.withLock { $0.append((place, reason)) }
  }

  /// Hands over what is to be said of the targets without an answer. To be called after `stop`.
  func handOverUnsettled(
    _ rounds: SweepRounds, _ count: (_ silent: UInt64, _ unknown: UInt64) -> Void
  ) -> SweepFailure? {
    var (silent, unknown) = (0 as UInt64, 0 as UInt64)
    var findings: [SweepFinding] = []
    var failure: SweepFailure?
    func handOver() {
      guard failure == nil else { return }
      do { try shared.sink.take(findings) } catch { failure = .sink("\(error)") }
      findings.removeAll(keepingCapacity: true)
    }
    withCollector { collector in
      collector.forEachUnsettled(isSilent: rounds.isSilent) { finding in
        if finding.outcome == .silent { silent += 1 }
        if finding.outcome == .unknown { unknown += 1 }
        findings.append(finding)
        if findings.count == SweepListener.batch { handOver() }
      }
    }
    handOver()
    count(silent, unknown)
    return failure
  }

  /// Has the drop counters read now, after a look at what the captures hold.
  func requestReading() { shared.readingWanted.signal() }

  /// Has a position kept, with what is settled when all findings up to then were handed over.
  func keep(_ position: SweepPosition) { shared.pending.withLock { $0 = position } }

  /// Ends the receiving, after a last look at what the captures hold. To be called once.
  func stop() {
    shared.stop.make()
    var poll = PollSet([shared.ended.descriptor])
    repeat { poll.wait(nanoseconds: nil) } while !poll.isReady(0)
  }
}
