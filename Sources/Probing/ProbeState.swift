import Observations

/// Where one probe stands: 16 bytes, whatever happened to it.
struct ProbeState: Sendable {
  enum Phase: UInt8, Sendable {
    /// No try has left in this round yet, or another is due.
    case pending
    /// The last try waits for its answer.
    case waiting
    case answered, closed, rejected, silent, notSent
  }

  var phase = Phase.pending
  /// Packets sent in all rounds.
  var attempts: UInt8 = 0
  /// Packets sent before this round began.
  var attemptsBefore: UInt8 = 0
  /// Extra rounds begun.
  var extraRounds: UInt8 = 0
  /// The tries that were answered by an ICMP error, one bit each: 5 tries in each of 3 rounds at most.
  var rejectedAttempts: UInt16 = 0
  /// Whether the rejection was of a kind that no retry changes.
  var isRefused = false
  /// Why nothing was sent, when `phase` is `notSent`.
  var reason: NotSentReason?
  /// Microseconds when `answered` or `closed`; else the number of its rejection plus one, 0 for none.
  var value: UInt32 = 0

  /// Whether the outcome stands for good; a silence stands unless a dropped packet is reported for its time.
  var isFinal: Bool {
    switch phase {
    case .pending, .waiting: false
    case .answered, .closed, .rejected, .silent, .notSent: true
    }
  }

  /// Whether the outcome came of waiting in vain for a better one.
  var wasGivenUp: Bool { phase == .silent || phase == .rejected && !isRefused }

  /// The number of the first rejection, if there was one.
  var rejection: Int? {
    switch phase {
    case .answered, .closed, .notSent: nil
    default: value == 0 ? nil : Int(value) - 1
    }
  }
}
