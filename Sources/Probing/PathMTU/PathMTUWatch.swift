import Observations
import Wire

/// Watches a TCP connection that the kernel owns, tells the sender that its segments are too big (RFC 4443 §3.2), and
/// looks at how large the segments are that come then.
///
/// A deterministic state machine without sockets or clock: it is handed the captured segments from `remote`, says when
/// a Packet Too Big is due, and has the owner of the connection read only when it says so (`PathMTUCue`). The owner
/// must keep the receive buffer small against what it asks for: some 8 KiB of 64.
///
/// The sender is told while it waits for us, because a host believes the message only if the quoted segment is still
/// unacknowledged (RFC 5927 §4.1), and our kernel acknowledges a segment before anybody can quote it. The segment
/// that is quoted is therefore the captured one with the sequence number of the one after it, which is what the
/// sender sends next, and what a router would drop next. Some hosts want data to be in flight as well; for them it is
/// said once more when the next large segment is seen.
public struct PathMTUWatch: PathMTUMachine {
  /// Where it stands.
  enum State: Sendable {
    /// Nothing was asked for yet.
    case asking
    /// What the sender sends unasked is coming, until it pauses.
    case watching(Flight)
    /// A Packet Too Big is due, the `round`th.
    case telling(round: Int)
    /// It left and is on its way.
    case settling(round: Int, until: UInt64)
    /// The sender should know; the owner has to read on.
    case resuming(round: Int)
    /// What it sends now is coming. `isNudge`: the message is due once more.
    case watchingAgain(round: Int, Flight, isNudge: Bool)
    case finished(PathMTUOutcome)
  }

  /// This end of the connection.
  public let local: Endpoint
  /// The other end, whose segments are watched.
  public let remote: Endpoint
  /// What was sent and seen so far; a Packet Too Big counts as sent.
  public internal(set) var counters = ProbeCounters()

  let settings: PathMTUSettings
  var state = State.asking
  /// The sequence number behind the last byte seen.
  var edge: UInt32?
  /// Whether the sender said that no more comes, by FIN or RST.
  var hasEnded = false
  /// The largest segment before the sender was told.
  var largestBefore = 0
  /// How often it had to be read on without a new message.
  var idleRounds = 0
  var quote: TooBigQuote

  /// A watch over the segments from `remote` to `local`, of one family.
  public init(local: Endpoint, remote: Endpoint, settings: PathMTUSettings) {
    precondition(local.address.family == remote.address.family, "two ends of different families")
    self.local = local
    self.remote = remote
    self.settings = settings.clamped
    quote = TooBigQuote(local.address.family)
  }

  /// Whose segments are watched, and who is told.
  public var target: IPAddress { remote.address }
  /// The address of this end.
  public var source: IPAddress { local.address }
  /// What came of it; `nil` while it goes on.
  public var outcome: PathMTUOutcome? { if case .finished(let outcome) = state { outcome } else { nil } }

  /// What to do at `now`; see `PathMTUMachine`.
  public mutating func next(now: UInt64) -> PathMTUStep {
    while true {
      switch state {
      case .asking: return .cue(.ask)
      case .telling, .watchingAgain(_, _, isNudge: true): return .send(.tooBig)
      case .resuming: return .cue(.readOn)
      case .finished: return .finished
      case .settling(let round, let until):
        guard now >= until else { return .wait(until: until) }
        state = .resuming(round: round)
      case .watching(let flight):
        let end = flight.end(settings, hasEnded: hasEnded)
        guard now >= end else { return .wait(until: end) }
        judge(flight)
      case .watchingAgain(let round, let flight, _):
        let end = flight.end(settings, hasEnded: hasEnded)
        guard now >= end else { return .wait(until: end) }
        judgeAgain(flight, round: round)
      }
    }
  }

  /// What the sender's first flight shows.
  private mutating func judge(_ flight: Flight) {
    if flight.largest > Int(settings.mtu) {
      largestBefore = flight.largest
      state = hasEnded ? .finished(.tooShort(largest: flight.largest)) : .telling(round: 1)
    } else if flight.merged > 0 {
      finish(.offloaded(merged: flight.merged))
    } else if flight.largestFragment > 0 {
      finish(.alreadySmall(largest: max(flight.largest, flight.largestFragment), isFragmented: true))
    } else if flight.largestFull > 0 {
      finish(.alreadySmall(largest: flight.largest, isFragmented: false))
    } else {
      finish(flight.isEmpty && !hasEnded ? .silent(tries: 1) : .tooShort(largest: flight.largest))
    }
  }

  /// What a flight shows that the sender sent after it was told.
  private mutating func judgeAgain(_ flight: Flight, round: Int) {
    if flight.largest > Int(settings.mtu) {
      let isLast = hasEnded || round >= settings.tries
      state = isLast ? .finished(.ignored(largest: flight.largest)) : .telling(round: round + 1)
    } else if flight.merged > 0 {
      finish(.offloaded(merged: flight.merged))
    } else if flight.largestFragment > 0 {
      finish(.fragmented(largest: max(flight.largest, flight.largestFragment)))
    } else if flight.largestFull > 0 {
      finish(.shrank(largest: flight.largest))
    } else if hasEnded {
      finish(.tooShort(largest: largestBefore))
    } else if flight.isEmpty {
      finish(.blackHole(largest: largestBefore))
    } else if idleRounds < Self.idleLimit {
      // The rest of a window, too small to show anything: let it go on.
      idleRounds += 1
      state = .resuming(round: round)
    } else {
      finish(.tooShort(largest: largestBefore))
    }
  }

  private static let idleLimit = 8

  /// Ends with an outcome that rests on something not having been seen.
  private mutating func finish(_ outcome: PathMTUOutcome) {
    state = .finished(counters.dropped > 0 ? .unmeasured(dropped: counters.dropped) : outcome)
  }

  /// Writes the IP packet of a step, checksums included; see `PathMTUMachine`. Returns how many bytes.
  public func emit(_ step: PathMTUPacket, into packet: inout MutableRawSpan, at offset: Int = 0) -> Int {
    quote.emit(mtu: settings.mtu, from: source, into: &packet, at: offset)
  }

  /// Notes that the packet of the last step left.
  public mutating func didSend(now: UInt64) {
    counters.noteSent(target.family, .icmp)
    switch state {
    case .telling(let round): state = .settling(round: round, until: now + settings.settling)
    case .watchingAgain(let round, let flight, _):
      state = .watchingAgain(round: round, flight, isNudge: false)
    case .asking, .watching, .settling, .resuming, .finished: break
    }
  }

  /// Notes that the owner of the connection did what the last step said.
  public mutating func didCue(now: UInt64) {
    switch state {
    case .asking: state = .watching(Flight(began: now))
    case .resuming(let round): state = .watchingAgain(round: round, Flight(began: now), isNudge: false)
    case .watching, .telling, .settling, .watchingAgain, .finished: break
    }
  }

  /// Ends a probe whose packets cannot be sent. An outcome that is there stands.
  public mutating func notSent(_ reason: NotSentReason) {
    guard outcome == nil else { return }
    state = .finished(.notSent(reason))
  }

  /// Notes that the capture dropped so many packets since it was last asked.
  public mutating func captureDropped(_ count: UInt64) { counters.dropped += count }
}
