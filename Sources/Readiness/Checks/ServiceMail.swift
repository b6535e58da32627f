import Observations
import Wire

extension Check {
  /// `service.mail`: every MX of each declared name has a working AAAA and answers on 25.
  ///
  /// One row for each exchanger of each name. An exchanger that the scope does not allow to touch is judged from DNS
  /// alone: without AAAA it fails, with AAAA it is unknown, for whether it answers was not looked at.
  static let serviceMail = Check(
    id: .serviceMail, level: 4, isGate: false, needsIPv6: true,
    reasons: [
      .pass: [.open], .fail: Answer.probeFailures.union([.mxWithoutAAAA]),
      .unknown: Answer.unmeasured.union([.mxNotAnswered]), .na: [.noName, .noMX, .nullMX],
    ]
  ) { context in
    if context.host.names.isEmpty { return [Finding("", .na, .noName)] }
    return context.host.names.flatMap { name -> [Finding] in
      guard let observation = context.exchangers(name), case .exchangers(_, let outcome) = observation.fact
      else { return [Finding(name, .unknown, .notMeasured)] }
      let basis = [observation]
      switch outcome {
      case .none: return [Finding(name, .na, .noMX, basis: basis)]
      case .null: return [Finding(name, .na, .nullMX, basis: basis)]
      case .failed(let reply): return [Finding(name, .unknown, .mxNotAnswered, reply.text, basis: basis)]
      case .exchangers(let exchangers):
        return exchangers.map { exchanger in
          var answer = judge(exchanger, context)
          answer.basis += basis
          return Finding("\(name) MX \(exchanger.name)", answer)
        }
      }
    }
  }

  private static func judge(_ exchanger: MailExchanger, _ context: HostContext) -> Answer {
    let addresses = exchanger.forward.addresses.filter { !context.run.synthesis.makes($0) }
    if addresses.isEmpty {
      return exchanger.forward.isZoneData
        ? Answer(.fail, .mxWithoutAAAA) : Answer(.unknown, .mxNotAnswered)
    }
    let answers = addresses.map { address in
      guard let observation = context.port(25, at: address), case .port(_, let outcome) = observation.fact
      else { return Answer(.unknown, .notMeasured, address.description) }
      var answer = Answer(outcome, answered: .open, basis: [observation])
      answer.detail = [address.description, answer.detail].filter { !$0.isEmpty }.joined(separator: ": ")
      return answer
    }
    var worst = answers[0]
    for answer in answers where answer.verdict.severity > worst.verdict.severity { worst = answer }
    return worst
  }
}
