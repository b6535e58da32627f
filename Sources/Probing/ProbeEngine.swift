import Observations
import Wire

/// Probes a list of targets without touching a socket: a deterministic state machine that is handed times and
/// received packets, and hands back what to send.
///
/// A driver's loop: call `next`; on `.send` write the packet with `emit` and send it; on `.wait` receive until then;
/// hand every captured packet to `receive`; report the capture's drop counter with `captureDropped` now and then and
/// once more when `.finished` comes, which may bring the engine back to work. All times are monotonic nanoseconds
/// of one clock; a packet's is the one of its capture.
///
/// Each probe gets exactly one outcome:
/// * An echo reply or SYN-ACK makes it `answered`, a RST `closed`; both are final at once.
/// * An ICMP error that says no for good (prohibited, port or protocol unreachable, parameter problem) makes it
///   `rejected` at once. Any other (no route, address unreachable, time exceeded, …) may pass, as neighbour
///   discovery or routing comes about: the probe is tried on like a silent one, an answer wins, and the first such
///   error becomes the outcome only when all tries are used up. A probe with a hop limit of its own asks for the
///   time exceeded error, which therefore ends it at once.
/// * Silence over all tries makes it `silent`; if the capture dropped packets in that time, it is asked again in
///   at most `extraRounds` rounds after all others, and `unmeasured` if those were disturbed too.
public struct ProbeEngine: Sendable {
  /// What the driver has to do next.
  public enum Step: Sendable, Hashable {
    /// Send the packet of this try (0 is the first) of the probe with this index, now. It counts as sent.
    case send(probe: Int, attempt: Int)
    /// Nothing may or need be sent before this time.
    case wait(until: UInt64)
    /// Every probe has its outcome.
    case finished
  }

  /// What was sent and seen so far.
  public internal(set) var counters = ProbeCounters()
  /// How many probes have no outcome yet.
  public internal(set) var remaining: Int
  /// Writes the packets; a sender in another thread takes a copy.
  public private(set) var writer: ProbeWriter

  let settings: ProbeSettings
  /// The order in which probes are first asked. What is kept for a probe stands at its place in it.
  let order: Permutation
  let table: TargetTable
  var queue: SendQueue
  var timers: TimerWheel
  var drops = DropLog()
  var states: [ProbeState]
  /// When the last try is given up.
  var deadlines: [UInt64]
  /// When each try left; a row a try, made when the first probe gets there.
  var sentAt: [[UInt64]] = []
  var rejections: [Rejection] = []
  /// By rejection: microseconds from the packet to the error.
  var rejectionTimes: [UInt32] = []
  /// Whether hops of paths are asked for; if not, no reply is looked at twice.
  let hasHops: Bool
  /// The tunnel probes by the address inside, which answers.
  let tunnels: [IPAddress: [UInt32]]
  /// How many places of the order were begun.
  var begun = 0
  /// When further rounds for silences that the capture made doubtful began.
  public internal(set) var rounds: [UInt64] = []
  /// Whether drops were reported since the silences were last looked through.
  var hasNewDrops = false

  /// An engine for these probes. The same probe may stand in the list more than once; each is measured by itself.
  ///
  /// - Parameters:
  ///   - settings: see `ProbeSettings`; values out of range are brought inside.
  ///   - key: decides the order and makes the cookies. Use a random one for each run: replies to an earlier run
  ///     are then nobody's.
  public init(probes: [Probe], settings: ProbeSettings, key: SipHashKey) {
    self.init(probes: probes, settings: settings, key: key, numbers: [])
  }

  init(probes: [Probe], settings: ProbeSettings, key: SipHashKey, numbers: [UInt32]) {
    self.settings = settings.clamped
    writer = ProbeWriter(probes: probes, key: key, numbers: numbers)
    order = Permutation(count: probes.count, key: key)
    table = TargetTable(probes, order: order, key: key, groups: settings.groups)
    queue = SendQueue(table, settings: self.settings)
    timers = TimerWheel(itemCount: probes.count, longest: self.settings.longestWait)
    states = Array(repeating: ProbeState(), count: probes.count)
    deadlines = Array(repeating: 0, count: probes.count)
    remaining = probes.count
    tunnels = ProbeEngine.tunnels(among: probes)
    hasHops = probes.contains { $0.kind.hopLimit != nil }
  }

  /// Says which addresses the vantage has. To be called before the first step, if there are tunnel probes: those
  /// whose inner packet would have no source come to nothing.
  public mutating func setVantage(_ addresses: VantageAddresses) {
    writer.vantage = addresses
    for probe in tunnels.values.joined().map(Int.init) {
      let outer = addresses.of(writer.probes[probe].target.family)
      if writer.innerSource(of: probe, outer: outer) == nil { notSent(probe: probe, .noSource) }
    }
  }

  /// The probes, in the order of their indices.
  public var probes: [Probe] { writer.probes }

  /// Writes the IP packet of one try; see `ProbeWriter.emit`.
  public func emit(
    probe: Int, attempt: Int, source: IPAddress, into packet: inout MutableRawSpan, at offset: Int = 0
  ) -> Int {
    writer.emit(probe: probe, attempt: attempt, source: source, into: &packet, at: offset)
  }

  /// Ends a probe whose packet could not be sent. The outcome is final; it is ignored if there is one already.
  public mutating func notSent(probe: Int, _ reason: NotSentReason) {
    let place = order.place(of: probe)
    guard !states[place].isFinal else { return }
    states[place].reason = reason
    finish(place, .notSent)
  }

  /// Takes a reading of the capture's drop counter.
  ///
  /// - Parameters:
  ///   - count: packets dropped since the call before. Call with 0 too: the time of a drop is known only as between
  ///     two calls, the first of them without any before counting from the start.
  ///   - now: the time of the reading.
  public mutating func captureDropped(_ count: UInt64, now: UInt64) {
    drops.note(count, now: now)
    counters.dropped += count
    if count > 0 { hasNewDrops = true }
  }

  mutating func finish(_ place: Int, _ phase: ProbeState.Phase) {
    states[place].phase = phase
    remaining -= 1
  }
}
