import Observations
import Wire

@testable import Services

extension FuzzParser {
  /// What a name server answers: its reply, and the delegation that it may be.
  static let nameServerAnswer = FuzzParser("name-server-answer") { input throws(Violation) in
    guard let message = try? DNSMessage(parsing: input), let question = message.questions.first else {
      return
    }
    let reply = ServerReply(message, answering: question)
    switch reply {
    case .answer(let addresses):
      try require(addresses == Set(addresses).sorted(), "addresses twice or out of order")
    case .alias(let text): try requirePrintable(text)
    case .malformed(let text): try requirePrintable(text)
    default: break
    }
    let helps =
      switch reply {
      case .answer, .alias, .noData, .nxDomain: true
      default: false
      }
    try require(!helps || message.header.isAuthoritative, "an answer without authority was believed")
    var zone: DNSName? = question.name
    while let above = zone {
      if let (below, servers) = message.referral(from: above, towards: question.name) {
        try require(below != above && below.isWithin(above), "a delegation that does not lead down")
        try require(question.name.isWithin(below), "a delegation aside")
        for server in servers where !message.glue(of: server, in: above).isEmpty {
          try require(server.isWithin(above), "glue from outside was believed")
        }
      }
      zone = above.parent
    }
  }
}
