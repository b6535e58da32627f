import Probing
import Synchronization
import Wire

/// The receiving thread of a sweep. Its captures stay open from one list of targets to the next: the kernel waits for its
/// grace periods whenever one is opened or closed.
///
/// It captures on no interface until a sender asks for one: replies can only come where packets go.
final class SweepListener: Sendable {
  /// What senders ask to be heard.
  let ears: SweepEars

  private let bufferSize: Int32
  private let holdBack: Int32
  /// What is to be received next.
  private let next = Mutex<SweepReception.Shared?>(nil)
  private let begin: Wakeup
  private let quitting: StopRequest

  /// A listener whose thread has not started.
  ///
  /// - Parameters:
  ///   - bufferSize: the ring of each capture, in bytes.
  ///   - holdBack: how long the kernel may keep a packet back, in milliseconds.
  init(bufferSize: Int32, holdBack: Int32) throws(PacketIOError) {
    self.bufferSize = bufferSize
    self.holdBack = holdBack
    ears = try SweepEars()
    begin = try Wakeup()
    quitting = try StopRequest()
  }

  /// Starts the thread, which goes on until `quit`.
  ///
  /// - Parameter name: an interface by which packets will leave for sure: the capture there is opened at once.
  func start(on name: String?) throws(PacketIOError) {
    try DedicatedThread("v6audit-capture") { self.run(on: name) }.detach()
  }

  /// Has the thread receive for a list of targets, until that one stops.
  func receive(for shared: SweepReception.Shared) {
    ears.forget()
    next.withLock { $0 = shared }
    begin.signal()
  }

  /// Ends the thread, which closes its captures by itself.
  func quit() { quitting.make() }
}

extension SweepListener {
  /// How often the drop counters are read, in nanoseconds: the time of a drop is known to this accuracy.
  private var readingInterval: UInt64 { UInt64(max(50, holdBack)) * 1_000_000 }

  private func run(on name: String?) {
    var captures: [Capture] = []
    var failure: SweepFailure?
    do throws(PacketIOError) {
      // Nothing passes before the first list's filter is set.
      if let name { captures.append(try open(name, filter: CaptureFilter.nothing)) }
    } catch { failure = .packets(error) }
    var poll = PollSet([quitting.wakeup.descriptor, begin.descriptor])
    while !quitting.isMade {
      begin.reset()
      guard let shared = next.withLock({ $0.take() }) else {
        poll.wait(nanoseconds: nil)
        continue
      }
      do throws(SweepFailure) {
        if let failure { throw failure }
        try read(&captures, shared)
      } catch {
        failure = error
        shared.failure.withLock { $0 = error }
        // A sender that asks from now on is let go: its sweep ends.
        ears.close()
      }
      shared.ended.signal()
    }
  }

  private func open(_ name: String, filter: String) throws(PacketIOError) -> Capture {
    try Capture(
      on: name, filter: filter, bufferSize: bufferSize, snapLength: Capture.sweepSnapLength,
      holdBack: holdBack, keepsFilter: false)
  }

  private func read(_ captures: inout [Capture], _ shared: SweepReception.Shared) throws(SweepFailure) {
    do throws(PacketIOError) {
      for capture in captures { try capture.set(filter: shared.filter) }
    } catch { throw .packets(error) }
    // What was dropped before is no loss of this list.
    Self.note(captures, shared, seen: nil)
    let awaited = [shared.readingWanted, shared.stop.wakeup, ears.wakeup].map(\.descriptor)
    var poll = PollSet(awaited + captures.map(\.descriptor))
    var nextReading = MonotonicClock.now
    var findings: [SweepFinding] = []
    findings.reserveCapacity(Self.batch)
    while true {
      let isStopping = shared.stop.isMade
      let began = MonotonicClock.now
      // Taken before what it speaks of is collected below.
      let pending = shared.pending.withLock { $0.take() }
      var isMore = false
      do throws(PacketIOError) {
        if poll.isReady(2) {
          try ears.open { name throws(PacketIOError) in
            guard !captures.contains(where: { $0.interface == name }) else { return }
            captures.append(try open(name, filter: shared.filter))
          }
          poll = PollSet(awaited + captures.map(\.descriptor))
        }
        for capture in captures {
          try shared.collector.withLock { collector throws(PacketIOError) in
            try capture.read { packet, _ in
              if let finding = collector.receive(packet) { findings.append(finding) }
              isMore = findings.count == Self.batch
              return !isMore
            }
          }
          if isMore { break }
        }
      } catch { throw .packets(error) }
      Self.collectNotSent(shared, &findings)
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
        Self.note(captures, shared, seen: isMore ? nil : began - min(began, UInt64(holdBack) * 1_000_000))
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
  static let batch = 4096

  private static func collectNotSent(_ shared: SweepReception.Shared, _ findings: inout [SweepFinding]) {
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
  private static func note(_ captures: [Capture], _ shared: SweepReception.Shared, seen: UInt64?) {
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
