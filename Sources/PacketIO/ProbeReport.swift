import Observations
import Probing

/// What came of a list of probes.
public struct ProbeReport: Sendable {
  /// By probe, in the order they were given; `nil` where the run ended before there was an outcome.
  public var outcomes: [ProbeOutcome?]
  /// By probe: for how many nanoseconds the outcome had been known when the run ended; 0 where nothing was sent.
  public var ages: [UInt64]
  /// By probe: how long after its packet the reply came that made the outcome; `nil` where none did.
  public var roundTrips: [Duration64?]
  /// What was sent and seen.
  public var counters: TransferCounters
  /// The key of the run's cookies; `nil` where nothing was to be asked.
  public var key: SipHashKey?
  /// When further rounds began for want of what the capture had lost, in nanoseconds since 1970 if packets were kept.
  public var rounds: [UInt64] = []
  /// Why the run ended before all probes had an outcome, other than by cancellation; `nil` if it did not.
  public var failure: PacketIOError?

  /// Whether every probe has its outcome.
  public var isComplete: Bool { outcomes.allSatisfy { $0 != nil } }
}

/// What a run put on the network and saw there, in packets.
public struct TransferCounters: Sendable, Hashable {
  /// Packets the kernel took to send, retries included.
  public var sent: UInt64 = 0
  /// Replies that decided an outcome.
  public var received: UInt64 = 0
  /// Packets that passed the capture filter and were no reply to us: forged, damaged, malformed or unrelated.
  public var invalid: UInt64 = 0
  /// Genuine replies that were not needed: repeated, or too late.
  public var duplicates: UInt64 = 0
  /// Packets the kernel dropped before the capture read them.
  public var kernelDrops: UInt64 = 0
  /// Targets and packets the scope refused.
  public var refusedByScope: UInt64 = 0
  /// The engine's own account of the replies, in more detail.
  public var engine = ProbeCounters()

  /// All zero.
  public init() {}

  init(engine: ProbeCounters, sent: UInt64, refusedByScope: UInt64) {
    self.sent = sent
    received = engine.matched
    invalid = engine.forged + engine.unrelated + engine.malformed + engine.badChecksum
    duplicates = engine.repeated + engine.late
    kernelDrops = engine.dropped
    self.refusedByScope = refusedByScope
    self.engine = engine
  }
}

/// How far a run has come.
public struct ProbeProgress: Sendable, Hashable {
  /// Probes in all.
  public var total: Int
  /// Probes with an outcome.
  public var finished: Int
  /// Packets sent so far, retries included.
  public var sent: UInt64
}
