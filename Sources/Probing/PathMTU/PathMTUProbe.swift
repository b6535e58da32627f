import Observations
import Wire

/// Asks one host by echo whether it heeds a Packet Too Big: ask for a large answer, say that it was too big
/// (RFC 4443 §3.2), ask again, and look at how large the packets are that come now.
///
/// A deterministic state machine without sockets or clock. It holds one quote and one reply's pieces and nothing that
/// grows. Written for IPv6; over IPv4 the message is a Fragmentation Needed, and 576 bytes of it (RFC 1812 §4.3.2.3).
public struct PathMTUProbe: PathMTUMachine {
  /// Where it stands. `until` is when the last try is given up; `nil` when one is due.
  enum State: Sendable {
    /// No answer yet.
    case asking(tries: Int, until: UInt64?)
    /// A large answer came; a Packet Too Big is due, the `round`th.
    case telling(round: Int)
    /// It left and is on its way.
    case settling(round: Int, until: UInt64)
    /// The host should know.
    case askingAgain(round: Int, tries: Int, until: UInt64?)
    /// Nothing large comes any more; is anybody there at all?
    case askingSmall(tries: Int, until: UInt64?)
    case finished(PathMTUOutcome)
  }

  /// Who is asked.
  public let target: IPAddress
  /// The address of the vantage that asks.
  public let source: IPAddress
  /// What was sent and seen so far; a Packet Too Big counts as sent.
  public internal(set) var counters = ProbeCounters()

  let settings: PathMTUSettings
  let pattern: EchoPattern
  var state = State.asking(tries: 0, until: nil)
  /// Echo requests sent in all, large and small.
  var attempts = 0
  /// The first try of the state it is in: an answer to one before says nothing about what the host knows now.
  var firstAttempt = 0
  /// The first of the small tries, once there are any.
  var firstSmall = Int.max
  /// What came of the answer to the last large try.
  var pieces: ReplyPieces
  /// The largest packet of an answer that never became whole, in this state.
  var largestLost = 0
  /// The largest packet before the host was told.
  var largestBefore = 0
  var quote: TooBigQuote
  /// The first error about a request of ours.
  var rejection: Rejection?

  /// A probe of `target` from `source`, an address of the vantage of the same family.
  ///
  /// - Parameter key: makes the data that proves an answer ours. Use a random one for each run.
  public init(target: IPAddress, source: IPAddress, settings: PathMTUSettings, key: SipHashKey) {
    precondition(source.family == target.family, "source and target of different families")
    self.target = target
    self.source = source
    self.settings = settings.clamped
    pattern = EchoPattern(key: key, source: source, target: target)
    quote = TooBigQuote(target.family)
    pieces = ReplyPieces(total: 0)
  }

  /// What came of it; `nil` while it goes on.
  public var outcome: PathMTUOutcome? { if case .finished(let outcome) = state { outcome } else { nil } }

  /// How long the large echo messages are, in bytes behind the IP header: a multiple of eight, so that fragments end
  /// with whole words.
  var messageLength: Int { (settings.size - target.family.headerLength) / 8 * 8 }

  /// What to do at `now`; see `PathMTUMachine`.
  public mutating func next(now: UInt64) -> PathMTUStep {
    while true {
      switch state {
      case .asking(_, nil), .askingAgain(_, _, nil): return .send(.largeEcho(attempt: attempts))
      case .askingSmall(_, nil): return .send(.smallEcho(attempt: attempts))
      case .telling: return .send(.tooBig)
      case .finished: return .finished
      case .asking(_, let until?), .askingAgain(_, _, let until?), .askingSmall(_, let until?),
        .settling(_, let until):
        guard now >= until else { return .wait(until: until) }
        goOn()
      }
    }
  }

  /// What follows when a wait has ended in vain, or, for `settling`, as it should.
  private mutating func goOn() {
    if !pieces.isEmpty, !pieces.isComplete { largestLost = max(largestLost, pieces.largest) }
    switch state {
    case .asking(let tries, _) where tries < settings.tries: state = .asking(tries: tries, until: nil)
    case .asking(let tries, _):
      giveUp(largestLost > 0 ? .fragmentsLost(largest: largestLost) : .silent(tries: tries))
    case .settling(let round, _):
      begin(.askingAgain(round: round, tries: 0, until: nil))
    case .askingAgain(let round, let tries, _) where tries < settings.tries:
      state = .askingAgain(round: round, tries: tries, until: nil)
    case .askingAgain where largestLost > 0:
      giveUp(.fragmentsLost(largest: largestLost))
    case .askingAgain:
      firstSmall = attempts
      begin(.askingSmall(tries: 0, until: nil))
    case .askingSmall(let tries, _) where tries < settings.tries:
      state = .askingSmall(tries: tries, until: nil)
    case .askingSmall: giveUp(.vanished(largest: largestBefore))
    case .telling, .finished: break
    }
  }

  mutating func begin(_ next: State) {
    state = next
    firstAttempt = attempts
    largestLost = 0
    pieces = ReplyPieces(total: 0)
  }

  /// Ends without the answer that was waited for.
  private mutating func giveUp(_ outcome: PathMTUOutcome) {
    if counters.dropped > 0 {
      state = .finished(.unmeasured(dropped: counters.dropped))
    } else if let rejection {
      state = .finished(.rejected(rejection))
    } else {
      state = .finished(outcome)
    }
  }

  /// Notes that the packet of the last step left.
  public mutating func didSend(now: UInt64) {
    counters.noteSent(target.family, .icmp)
    let until = now + settings.timeout
    switch state {
    case .asking(let tries, _): state = .asking(tries: tries + 1, until: until)
    case .askingAgain(let round, let tries, _):
      state = .askingAgain(round: round, tries: tries + 1, until: until)
    case .askingSmall(let tries, _): state = .askingSmall(tries: tries + 1, until: until)
    case .telling(let round): state = .settling(round: round, until: now + settings.settling)
    case .settling, .finished: break
    }
    switch state {
    case .asking, .askingAgain:
      attempts += 1
      pieces = ReplyPieces(total: messageLength)
    case .askingSmall: attempts += 1
    case .telling, .settling, .finished: break
    }
  }

  /// Nobody else has a part in this.
  public mutating func didCue(now: UInt64) {}

  /// Ends a probe whose packets cannot be sent. An outcome that is there stands.
  public mutating func notSent(_ reason: NotSentReason) {
    guard outcome == nil else { return }
    state = .finished(.notSent(reason))
  }

  /// Notes that the capture dropped so many packets since it was last asked.
  public mutating func captureDropped(_ count: UInt64) { counters.dropped += count }
}

extension AddressFamily {
  /// The length of an IP header without options or extensions, in bytes.
  var headerLength: Int { self == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount }
}
