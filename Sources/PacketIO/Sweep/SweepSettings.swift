import Glibc
import Observations
import Probing
import Wire

/// How a sweep is carried out, beyond what is asked of whom.
public struct SweepSettings: Sendable {
  /// How fast.
  public var pace = SweepPace(rate: 100, prefixRate: 10)
  /// How long an answer may take, in nanoseconds: between the last packet of a round and the first of the next.
  public var wait: UInt64 = 1_000_000_000
  /// How long answers are still taken after the last packet of all, in nanoseconds.
  public var cooldown: UInt64 = 3_000_000_000
  /// How many threads send; `nil` for as many as help.
  public var senders: Int?
  /// The only interface to use; `nil` for the kernel's choice.
  public var interface: String?
  /// Whether signs of rate limits slow it down.
  public var isAdaptive = true
  /// How often the position is handed over to be kept, in nanoseconds; `nil` for never.
  public var checkpointInterval: UInt64?

  /// The defaults of the daemon: 100 packets/s in all, 10/s to one prefix.
  public init() {}

  /// How long the kernel may keep answers back, in milliseconds.
  var holdBack: Int32 { pace.rate > 10_000 ? Capture.fastHoldBack : Capture.slowHoldBack }

  /// Room for the replies of a tenth of a second at about 160 bytes each, between 1 and 5 MiB: a thread that is not
  /// scheduled for so long is rare, and what is lost nevertheless is asked again.
  var bufferSize: Int32 { Int32(min(5, max(1, pace.rate / 10 * 160 / 1_048_576)) * 1_048_576) }

  /// What the course of the sweep has to know.
  var course: SweepCourse.Settings {
    var course = SweepCourse.Settings(pace: pace, wait: wait)
    course.senders = senderCount
    course.isAdaptive = isAdaptive
    course.checkpointInterval = checkpointInterval
    return course
  }

  /// Threads that send. A second one pays only where the first cannot keep up.
  var senderCount: Int {
    let helpful = pace.rate > 100_000 ? min(4, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) : 1
    return pace.senders(atMost: max(1, min(64, senders ?? helpful)))
  }
}

/// Takes what a sweep finds. Both are called from the sweep's own threads, and must return soon.
public struct SweepSink: Sendable {
  /// Gets findings, in the order in which they were made.
  public var take: @Sendable ([SweepFinding]) throws -> Void
  /// Is told that the position stands for all findings handed over so far.
  public var keep: @Sendable (SweepPosition) throws -> Void

  /// A sink.
  public init(
    take: @escaping @Sendable ([SweepFinding]) throws -> Void,
    keep: @escaping @Sendable (SweepPosition) throws -> Void = { _ in }
  ) {
    self.take = take
    self.keep = keep
  }
}

/// How far a sweep has come.
public struct SweepProgress: Sendable, Hashable {
  /// The round under way, from 0.
  public var round = 0
  /// Targets the round asks, about.
  public var planned = 0
  /// Packets sent in this round.
  public var sentInRound = 0
  /// Packets sent in all.
  public var sent: UInt64 = 0
  /// What came back.
  public var counters = SweepCounters()
  /// Packets per second asked for now: less than the settings say after a sign of rate limits.
  public var rate = 0.0
  /// Whether all of the round has left and answers are waited for.
  public var isWaiting = false
}

/// How a sweep ended.
public struct SweepReport: Sendable {
  /// Packets the kernel took.
  public var sent: UInt64 = 0
  /// Targets the scope refused.
  public var refusedByScope: UInt64 = 0
  /// What came back.
  public var counters = SweepCounters()
  /// Rounds that were needed.
  public var rounds = 0
  /// Targets without an answer whose silence can be believed.
  public var silent: UInt64 = 0
  /// Targets without an answer of which nothing can be said: the capture dropped packets at each try.
  public var unknown: UInt64 = 0
  /// Targets that could not be sent to.
  public var notSent: UInt64 = 0
  /// Where it stands if it was interrupted; `nil` if it is done.
  public var interruptedAt: SweepPosition?
  /// Why it ended early, if it failed.
  public var failure: SweepFailure?

  /// Before anything was sent.
  public init() {}
}

/// What ends a sweep early.
public enum SweepFailure: Error, Sendable, Hashable {
  /// The network side.
  case packets(PacketIOError)
  /// What took the findings: its own words.
  case sink(String)
}
