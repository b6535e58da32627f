import CLinux
import Observations
import Probing
import Synchronization
import Wire

/// The receiving thread of a sweep: captures, has the collector judge, and hands findings on.
///
/// It captures on no interface until a sender asks for one: replies can only come where packets go.
struct SweepReception: ~Copyable {
  private let shared: Shared
  private let thread: DedicatedThread
  /// What senders ask to be heard.
  let ears: SweepEars

  final class Shared: Sendable {
    let collector: Mutex<SweepCollector>
    let readings = Mutex<(drops: DropLog, seen: UInt64)>((DropLog(), 0))
    let stop: StopRequest
    /// Asks for a reading of the drop counters now.
    let readingWanted: Wakeup
    let failure = Mutex<SweepFailure?>(nil)
    let sink: SweepSink
    /// A position to be kept as soon as all findings so far were handed over.
    let pending = Mutex<SweepPosition?>(nil)
    let notSent = Mutex<[(place: Int, reason: NotSentReason)]>([])

    init(_ collector: SweepCollector, sink: SweepSink) throws(PacketIOError) {
      self.collector = Mutex(collector)
      stop = try StopRequest()
      readingWanted = try Wakeup()
      self.sink = sink
    }
  }

  /// How captures are opened.
  struct Settings: Sendable {
    var filter: String
    /// The kernel's ring, in bytes.
    var bufferSize: Int32
    /// How long the kernel may keep a packet back, in milliseconds.
    var holdBack: Int32
  }

  /// Starts the thread.
  init(_ collector: SweepCollector, _ settings: Settings, sink: SweepSink) throws(PacketIOError) {
    let shared = try Shared(collector, sink: sink)
    let ears = try SweepEars()
    thread = try DedicatedThread("v6audit-capture") {
      do throws(SweepFailure) { try Self.run(shared, ears, settings) } catch {
        shared.failure.withLock { $0 = error }
      }
      ears.close()
    }
    self.shared = shared
    self.ears = ears
  }

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
        if findings.count == Self.batch { handOver() }
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

  /// Ends the captures, after a last look at what they hold. To be called once.
  func stop() {
    shared.stop.make()
    thread.join()
  }
}

extension SweepReception {
  /// How often the drop counters are read: the time of a drop is known to this accuracy.
  private static let readingInterval: UInt64 = 50_000_000

  private static func run(
    _ shared: Shared, _ ears: SweepEars, _ settings: Settings
  ) throws(SweepFailure) {
    var captures: [Capture] = []
    let awaited = [shared.readingWanted, shared.stop.wakeup, ears.wakeup].map(\.descriptor)
    var poll = PollSet(awaited)
    var nextReading = MonotonicClock.now
    var findings: [SweepFinding] = []
    findings.reserveCapacity(batch)
    while true {
      let isStopping = shared.stop.isMade
      let began = MonotonicClock.now
      // Taken before what it speaks of is collected below.
      let pending = shared.pending.withLock { $0.take() }
      var isMore = false
      do throws(PacketIOError) {
        if poll.isReady(2) {
          try ears.open { name throws(PacketIOError) in
            captures.append(
              try Capture(
                on: name, filter: settings.filter, bufferSize: settings.bufferSize,
                snapLength: Capture.sweepSnapLength, holdBack: settings.holdBack))
          }
          poll = PollSet(awaited + captures.map(\.descriptor))
        }
        for capture in captures {
          try shared.collector.withLock { collector throws(PacketIOError) in
            try capture.read { packet, _ in
              if let finding = collector.receive(packet) { findings.append(finding) }
              isMore = findings.count == batch
              return !isMore
            }
          }
          if isMore { break }
        }
      } catch { throw .packets(error) }
      collectNotSent(shared, &findings)
      do {
        if !findings.isEmpty { try shared.sink.take(findings) }
        findings.removeAll(keepingCapacity: true)
        if var position = pending {
          shared.collector.withLock { $0.complete(&position) }
          try shared.sink.keep(position)
        }
      } catch { throw .sink("\(error)") }
      let now = MonotonicClock.now
      if now >= nextReading || isStopping {
        nextReading = now + readingInterval
        note(captures, shared, seen: isMore ? nil : began - min(began, UInt64(settings.holdBack) * 1_000_000))
      }
      if isMore { continue }
      if isStopping { return }
      poll.wait(nanoseconds: readingInterval)
      if poll.isReady(0) {
        shared.readingWanted.reset()
        nextReading = 0
      }
    }
  }

  /// Findings handed over at once, about.
  fileprivate static let batch = 4096

  private static func collectNotSent(_ shared: Shared, _ findings: inout [SweepFinding]) {
    let failures = shared.notSent.withLock { failures in
      defer { failures.removeAll() }
      return failures
    }
    guard !failures.isEmpty else { return }
    shared.collector.withLock { collector in
      for (place, reason) in failures {
        if let finding = collector.notSent(place, reason) { findings.append(finding) }
      }
    }
  }

  /// Reads the drop counters.
  ///
  /// - Parameter seen: up to when everything that arrived was looked at; `nil` if it is not known.
  private static func note(_ captures: [Capture], _ shared: Shared, seen: UInt64?) {
    let dropped = captures.reduce(0 as UInt64) { $0 + $1.takeDropped() }
    // The time after the reading: what was dropped up to it is in.
    let now = MonotonicClock.now
    shared.readings.withLock { readings in
      readings.drops.note(dropped, now: now)
      if let seen { readings.seen = seen }
    }
    if dropped > 0 { shared.collector.withLock { $0.noteDropped(dropped) } }
  }
}
