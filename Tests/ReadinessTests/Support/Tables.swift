import Observations
import Testing

@testable import Readiness

/// What a SYN or echo that ended so says about the host at the other end. By hand, from the rubric: closed,
/// rejected and silent are measured failures; what did not leave the vantage, or may have been lost in the
/// capture, says nothing.
func probeTable(answered: Reason) -> [ProbeOutcome: Expected] {
  var table: [ProbeOutcome: Expected] = [
    .reply: .pass(answered),
    .lateReply: .pass(answered),
    .reset: .fail(.closed),
    .nothing: .fail(.silent),
    .lost: .unknown(.captureDropped),
    .notSent(.outOfScope): .unknown(.outOfScope),
    .notSent(.noRoute): .unknown(.noRoute),
    .notSent(.noSource): .unknown(.noSource),
    .notSent(.neighbourSilent): .fail(.neighbourSilent),
    .notSent(.gatewaySilent): .unknown(.gatewaySilent),
    .notSent(.unsupportedLink): .unknown(.unsupportedLink),
    .notSent(.sendFailed): .unknown(.sendFailed),
  ]
  for rejection in Rejection.samples { table[.rejected(rejection)] = .fail(.rejected) }
  return table
}

/// What a handshake that was not completed says about the service.
let brokenHandshakeTable: [HandshakeOutcome: Expected] = [
  .refused: .fail(.connectionRefused),
  .unreachable("no route to host"): .fail(.connectionUnreachable),
  .timeout(.connect): .fail(.handshakeTimeout),
  .timeout(.tls): .fail(.handshakeTimeout),
  .timeout(.exchange): .fail(.handshakeTimeout),
  .closedEarly(.connect): .fail(.closedEarly),
  .closedEarly(.tls): .fail(.closedEarly),
  .closedEarly(.exchange): .fail(.closedEarly),
  .protocolError(.connect, "not TLS"): .fail(.protocolError),
  .protocolError(.tls, "not TLS"): .fail(.protocolError),
  .protocolError(.exchange, "not TLS"): .fail(.protocolError),
  .notSent(.outOfScope): .unknown(.outOfScope),
  .notSent(.noRoute): .unknown(.noRoute),
  .notSent(.noSource): .unknown(.noSource),
  .notSent(.neighbourSilent): .fail(.neighbourSilent),
  .notSent(.gatewaySilent): .unknown(.gatewaySilent),
  .notSent(.unsupportedLink): .unknown(.unsupportedLink),
  .notSent(.sendFailed): .unknown(.sendFailed),
]

/// Holds a table to every sample of its outcomes: none is missing, none is made up.
func expectComplete<Outcome: Sampled>(
  _ table: [Outcome: some Any], _ samples: [Outcome] = Outcome.samples,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    Set(table.keys) == Set(samples), "the table has a line for every outcome", sourceLocation: sourceLocation)
}
