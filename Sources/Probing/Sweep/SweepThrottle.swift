/// Slows a sweep down when something on the way limits it.
///
/// The order of a sweep is random, so the share of targets that answer is the same at any time, within what chance
/// allows. When it falls to less than half of what it was, or the share of errors doubles and is considerable, somebody
/// drops or rejects because of the rate (RFC 4443 §2.4 (f) lets every node limit its errors, and firewalls limit
/// flows). The rate is then halved, down to a sixteenth; each quiet second gives a tenth of it back.
public struct SweepThrottle: Sendable {
  /// What to multiply the rate by: 1/16 … 1.
  public private(set) var factor = 1.0

  /// What is usual so far.
  private var answerShare: Share?
  private var errorShare: Share?
  private var last: Sample?

  private struct Sample: Sendable {
    var sent: UInt64
    var answered: UInt64
    var rejected: UInt64
    var time: UInt64
  }

  private struct Share: Sendable {
    var hits: Double
    var total: Double
    var value: Double { hits / total }

    static func + (left: Share, right: Share) -> Share {
      Share(hits: left.hits + right.hits, total: left.total + right.total)
    }
  }

  /// Packets an interval must hold before it is judged.
  private static let least: UInt64 = 200
  private static let interval: UInt64 = 1_000_000_000

  /// Full speed.
  public init() {}

  /// Forgets what is usual, since a new round asks others: only those that did not answer before.
  public mutating func beginRound() { (answerShare, errorShare, last) = (nil, nil, nil) }

  /// Takes the counters at a time. Answers lag behind what was sent by a round trip, which is short against a second.
  ///
  /// - Returns: whether the factor changed.
  public mutating func note(sent: UInt64, answered: UInt64, rejected: UInt64, now: UInt64) -> Bool {
    let sample = Sample(sent: sent, answered: answered, rejected: rejected, time: now)
    guard let last, sent >= last.sent else {
      last = sample
      return false
    }
    guard now - last.time >= Self.interval, sent - last.sent >= Self.least else { return false }
    self.last = sample
    let total = Double(sent - last.sent)
    let answers = Share(hits: Double(answered - min(answered, last.answered)), total: total)
    let errors = Share(hits: Double(rejected - min(rejected, last.rejected)), total: total)
    guard let usual = answerShare, let usualErrors = errorShare else {
      (answerShare, errorShare) = (answers, errors)
      return false
    }
    let isLimited = Self.hasFallen(answers, from: usual)
    let isRefused = errors.value > 2 * usualErrors.value + 0.1
    let before = factor
    if isLimited || isRefused {
      factor = max(1 / 16, factor / 2)
    } else {
      factor = min(1, factor * 1.1)
      // What is usual is learnt only from what looks usual.
      answerShare = usual + answers
      errorShare = usualErrors + errors
    }
    return factor != before
  }

  /// Whether a share is less than half of the usual one, and chance explains it in fewer than one of a million cases.
  private static func hasFallen(_ share: Share, from usual: Share) -> Bool {
    let expected = usual.value * share.total
    guard share.hits < expected / 2 else { return false }
    let deviation = (expected * (1 - min(usual.value, 0.99)) + 1).squareRoot()
    return expected - share.hits > 5 * deviation
  }
}
