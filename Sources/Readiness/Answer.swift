import Inventory
import Observations
import Wire

/// Whether one service answers at one address, whatever the transport: the fact that several checks share.
struct Answer {
  /// `pass`, `fail` or `unknown`.
  var verdict: Verdict
  var reason: Reason
  var detail = ""
  var basis: [Observation] = []

  init(_ verdict: Verdict, _ reason: Reason, _ detail: String = "", basis: [Observation] = []) {
    self.verdict = verdict
    self.reason = reason
    self.detail = detail
    self.basis = basis
  }

  /// Reads a packet-level outcome. `answered` is the reason that fits the question: a reply or an open port.
  init(_ outcome: ProbeOutcome, answered: Reason, basis: [Observation]) {
    self.basis = basis
    switch outcome {
    case .answered(let roundTrip, let tries):
      (verdict, reason) = (.pass, answered)
      detail = tries == 1 ? "after \(roundTrip.text)" : "on try \(tries)"
    case .closed(let roundTrip):
      (verdict, reason, detail) = (.fail, .closed, "RST after \(roundTrip.text)")
    case .rejected(let rejection):
      (verdict, reason) = (.fail, .rejected)
      let version = rejection.source.family == .ipv6 ? "ICMPv6" : "ICMP"
      detail =
        "\(version) type \(rejection.type) code \(rejection.code), \(rejection.meaning), "
        + "from \(rejection.source)"
    case .silent(let tries):
      (verdict, reason, detail) = (.fail, .silent, "nothing came back after \(tries) tries")
    case .notSent(let why):
      (verdict, reason) = Self.judge(why)
    case .unmeasured(let dropped):
      (verdict, reason) = (.unknown, .captureDropped)
      detail = "the capture dropped \(dropped) packets while it waited"
    }
  }

  /// Reads a handshake's outcome as far as "does it answer at all".
  init(_ outcome: HandshakeOutcome, basis: [Observation]) {
    self.basis = basis
    switch outcome {
    case .completed(let identity): (verdict, reason, detail) = (.pass, .answered, identity.greeting)
    case .refused: (verdict, reason) = (.fail, .connectionRefused)
    case .unreachable(let why): (verdict, reason, detail) = (.fail, .connectionUnreachable, why)
    case .timeout(let phase):
      (verdict, reason, detail) = (.fail, .handshakeTimeout, "in phase \(phase.rawValue)")
    case .closedEarly(let phase):
      (verdict, reason, detail) = (.fail, .closedEarly, "in phase \(phase.rawValue)")
    case .protocolError(let phase, let what):
      (verdict, reason, detail) = (.fail, .protocolError, "in phase \(phase.rawValue): \(what)")
    case .notSent(let why): (verdict, reason) = Self.judge(why)
    }
  }

  /// A packet that did not leave says nothing about the host, except where the host itself is the neighbour
  /// that does not answer.
  private static func judge(_ why: NotSentReason) -> (Verdict, Reason) {
    switch why {
    case .outOfScope: (.unknown, .outOfScope)
    case .noRoute: (.unknown, .noRoute)
    case .noSource: (.unknown, .noSource)
    case .neighbourSilent: (.fail, .neighbourSilent)
    case .gatewaySilent: (.unknown, .gatewaySilent)
    case .unsupportedLink: (.unknown, .unsupportedLink)
    case .sendFailed: (.unknown, .sendFailed)
    }
  }
}

extension Answer {
  /// The failures a probe can end in.
  static let probeFailures: Set<Reason> = [.closed, .rejected, .silent, .neighbourSilent]
  /// The failures a handshake can end in.
  static let handshakeFailures: Set<Reason> = [
    .connectionRefused, .connectionUnreachable, .handshakeTimeout, .closedEarly, .protocolError,
    .neighbourSilent,
  ]
  /// Why nothing was asked, or nothing learned, whatever the question.
  static let unmeasured: Set<Reason> = [
    .outOfScope, .noRoute, .noSource, .gatewaySilent, .unsupportedLink, .sendFailed, .captureDropped,
    .notMeasured,
  ]
}

extension HostContext {
  /// Whether `service` answers at `address`: by SYN over TCP, by its own protocol over UDP.
  func answer(of service: Service, at address: IPAddress) -> Answer {
    switch service.transport {
    case .tcp:
      guard let observation = port(service.port, at: address), case .port(_, let outcome) = observation.fact
      else { return Answer(.unknown, .notMeasured) }
      return Answer(outcome, answered: .open, basis: [observation])
    case .udp:
      if !service.isSpoken { return Answer(.unknown, .protocolNotMeasurable) }
      guard let observation = handshake(service, at: address, name: nil),
        case .handshake(_, _, _, _, let outcome) = observation.fact
      else { return Answer(.unknown, .notMeasured) }
      return Answer(outcome, basis: [observation])
    }
  }
}
