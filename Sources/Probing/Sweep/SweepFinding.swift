import Observations
import Wire

/// What a target's answer was: 40 bytes or so, nothing to count references of.
public struct SweepFinding: Sendable, Hashable {
  /// What came back.
  public enum Outcome: Sendable, Hashable {
    /// The reply that was hoped for: an echo reply, a SYN-ACK, a datagram.
    case answered
    /// A RST, or the target's own port unreachable: it is there, the port is closed.
    case closed
    /// An ICMP error from whoever is named in it.
    case rejected(Rejection)
    /// Nothing came back.
    case silent
    /// Nothing was seen, but the capture dropped packets at each try, so silence cannot be told.
    case unknown
    /// The kernel would not send to it.
    case notSent(NotSentReason)
  }

  /// The target's place in the order of its plan.
  public var place: Int
  /// Who was asked.
  public var target: IPAddress
  /// What came back.
  public var outcome: Outcome
  /// Hop limit or time to live of the reply on arrival; `nil` if there was none.
  public var hopLimit: UInt8?
  /// The try that was answered, from 1; 0 if none was.
  public var attempt: UInt8

  /// A finding.
  public init(place: Int, target: IPAddress, outcome: Outcome, hopLimit: UInt8? = nil, attempt: UInt8 = 0) {
    self.place = place
    self.target = target
    self.outcome = outcome
    self.hopLimit = hopLimit
    self.attempt = attempt
  }
}
