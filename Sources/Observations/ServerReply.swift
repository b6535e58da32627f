import Wire

/// What one name server said to one question, all tries together. Each case is kept apart because each has another
/// cause and another cure.
public enum ServerReply: Sendable, Hashable, Codable {
  /// What was asked for, with authority; the addresses in ascending order, none where none were asked for.
  case answer([IPAddress])
  /// With authority: the name is an alias for one that this server does not serve.
  case alias(String)
  /// With authority: the name has no record of this type (RFC 2308 §2.2).
  case noData
  /// With authority: the name does not exist (RFC 8020).
  case nxDomain
  /// RCODE 2.
  case servFail
  /// RCODE 5.
  case refused
  /// Any other RCODE.
  case failed(rcode: UInt16)
  /// An answer without authority, or a hint to ask others: the server does not have the zone (RFC 8499 §7).
  case lame
  /// Something came that is no answer to the question.
  case malformed(String)
  /// Nothing came after this many tries.
  case timeout(tries: Int)
  /// The network said no, or nothing listens.
  case unreachable(String)
  /// Nothing was sent.
  case notAsked(NotSentReason)

  /// The addresses of an answer; empty for every other reply.
  public var addresses: [IPAddress] {
    if case .answer(let addresses) = self { addresses } else { [] }
  }

  /// Whether anything came back from the server itself.
  public var hasAnswered: Bool {
    switch self {
    case .answer, .alias, .noData, .nxDomain, .servFail, .refused, .failed, .lame, .malformed: true
    case .timeout, .unreachable, .notAsked: false
    }
  }
}
