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

  /// Threads that send. A second one pays only where the first cannot keep up; with a limit for prefixes one has to know
  /// of all.
  var senderCount: Int {
    if let senders { return max(1, min(64, senders)) }
    if pace.rate <= 100_000 || pace.prefixRate < 1e9 { return 1 }
    return max(1, min(4, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }
}

/// Where a sweep stands: enough to go on later as if it had never stopped.
public struct SweepPosition: Sendable, Hashable {
  /// A sender's share of a round.
  public struct Share: Sendable, Hashable {
    /// Its places.
    public var places: Range<Int>
    /// The first that was not sent to.
    public var cursor: Int
    /// Places before it that wait for their prefix.
    public var waiting: [Int]

    /// A share.
    public init(places: Range<Int>, cursor: Int, waiting: [Int]) {
      self.places = places
      self.cursor = cursor
      self.waiting = waiting
    }
  }

  /// The round that was under way.
  public var round: Int
  /// What was sent of it; empty between two rounds.
  public var shares: [Share]
  /// Undisturbed tries by chunk; see `SweepRounds`.
  public var undisturbed: [UInt8]
  /// The places that have their outcome.
  public var settled: PlaceSet
  /// Whether all answers to what was sent had been waited for. If not, what was asked in this round and has not
  /// answered is asked once more.
  public var isClean: Bool

  /// A position.
  public init(round: Int, shares: [Share], undisturbed: [UInt8], settled: PlaceSet, isClean: Bool) {
    self.round = round
    self.shares = shares
    self.undisturbed = undisturbed
    self.settled = settled
    self.isClean = isClean
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
