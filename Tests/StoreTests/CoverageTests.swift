import Observations
import StoreSamples
import Testing

/// The samples hold every case there is. A new case in the vocabulary does not compile here until it has been
/// given a name, and then fails until there is a sample of it.
@Suite struct CoverageTests {
  @Test func everyCaseHasASample() {
    #expect(
      Set(SampleFacts.all.map(name)) == [
        "echo", "port", "lookup", "handshake", "control", "handshakeTimes", "vantage", "link",
        "advertisement",
        "traffic", "delegation", "nameServer", "authority", "iteration", "reverse", "exchangers", "synthesis",
        "pathMTU", "path", "portSurvey", "datagram", "tunnel", "alias",
        "page", "pageDifference", "references",
      ])
    #expect(
      Set(SampleFacts.probeOutcomes.map(name))
        == ["answered", "closed", "rejected", "silent", "notSent", "unmeasured"])
    #expect(
      Set(SampleFacts.lookupOutcomes.map(name)) == [
        "answer", "noData", "nxDomain", "servFail", "refused", "failed", "malformed", "timeout",
        "unreachable",
      ])
    #expect(
      Set(SampleFacts.handshakeOutcomes.map(name)) == [
        "completed", "refused", "unreachable", "timeout", "closedEarly", "protocolError", "notSent",
      ])
  }

  private func name(_ fact: Fact) -> String {
    switch fact {
    case .echo: "echo"
    case .port: "port"
    case .lookup: "lookup"
    case .handshake: "handshake"
    case .control: "control"
    case .handshakeTimes: "handshakeTimes"
    case .vantage: "vantage"
    case .link: "link"
    case .advertisement: "advertisement"
    case .traffic: "traffic"
    case .delegation: "delegation"
    case .nameServer: "nameServer"
    case .authority: "authority"
    case .iteration: "iteration"
    case .reverse: "reverse"
    case .exchangers: "exchangers"
    case .synthesis: "synthesis"
    case .pathMTU: "pathMTU"
    case .path: "path"
    case .portSurvey: "portSurvey"
    case .datagram: "datagram"
    case .tunnel: "tunnel"
    case .alias: "alias"
    case .page: "page"
    case .pageDifference: "pageDifference"
    case .references: "references"
    }
  }

  private func name(_ reply: ServerReply) -> String {
    switch reply {
    case .answer: "answer"
    case .alias: "alias"
    case .noData: "noData"
    case .nxDomain: "nxDomain"
    case .servFail: "servFail"
    case .refused: "refused"
    case .failed: "failed"
    case .lame: "lame"
    case .malformed: "malformed"
    case .timeout: "timeout"
    case .unreachable: "unreachable"
    case .notAsked: "notAsked"
    }
  }

  private func name(_ outcome: ProbeOutcome) -> String {
    switch outcome {
    case .answered: "answered"
    case .closed: "closed"
    case .rejected: "rejected"
    case .silent: "silent"
    case .notSent: "notSent"
    case .unmeasured: "unmeasured"
    }
  }

  private func name(_ outcome: LookupOutcome) -> String {
    switch outcome {
    case .answer: "answer"
    case .noData: "noData"
    case .nxDomain: "nxDomain"
    case .servFail: "servFail"
    case .refused: "refused"
    case .failed: "failed"
    case .malformed: "malformed"
    case .timeout: "timeout"
    case .unreachable: "unreachable"
    }
  }

  private func name(_ outcome: HandshakeOutcome) -> String {
    switch outcome {
    case .completed: "completed"
    case .refused: "refused"
    case .unreachable: "unreachable"
    case .timeout: "timeout"
    case .closedEarly: "closedEarly"
    case .protocolError: "protocolError"
    case .notSent: "notSent"
    }
  }
}
