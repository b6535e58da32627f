import Observations
import StoreSamples
import Testing

/// The samples hold every case there is. A new case in the vocabulary does not compile here until it has been
/// given a name, and then fails until there is a sample of it.
@Suite struct CoverageTests {
  @Test func everyCaseHasASample() {
    #expect(
      Set(SampleFacts.all.map(name)) == [
        "echo", "port", "lookup", "handshake", "control", "page", "pageDifference", "references",
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
    case .page: "page"
    case .pageDifference: "pageDifference"
    case .references: "references"
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
