import Observations
import Wire

/// `vantage.ipv6`: does IPv6 work where we stand? Judged once a run, from its controls.
///
/// One of the positive controls must answer and none of the dark ones may. Where no positive control was
/// asked, any IPv6 target that answers serves as it: a reply of any kind shows that IPv6 leaves and comes
/// back. A control over IPv4 shows nothing and is left out.
public func judgeVantage(_ observations: [Observation]) -> CheckRow {
  func row(_ verdict: Verdict, _ reason: Reason, _ detail: String, _ basis: [Observation]) -> CheckRow {
    Finding("", verdict, reason, detail, basis: basis).row(host: "", check: .vantageIPv6)
  }
  // Of the many observations of a run few are controls: only they are put in order.
  let ordered = observations.filter(\.isControl).inOrder
  let controls = Reply.latest(ordered.compactMap { Reply($0, role: .positive) })
  let positives =
    controls.isEmpty
    ? observations.compactMap { Reply(target: $0) }.sorted { $0.observation.isBefore($1.observation) }
    : controls
  guard let positive = positives.first(of: [.answered, .silent, .unmeasured, .cannotLeave, .notAsked]) else {
    return row(.unknown, .noControl, "no control and no IPv6 target", [])
  }
  let seen = controls.isEmpty ? "no IPv6 target answered; \(positive.text)" : positive.text
  switch positive.sign {
  case .answered: break
  case .silent: return row(.fail, .positiveControlSilent, seen, [positive.observation])
  case .cannotLeave: return row(.fail, .vantageNoIPv6, seen, [positive.observation])
  case .unmeasured, .notAsked: return row(.unknown, positive.reason, seen, [positive.observation])
  }
  let darks = Reply.latest(ordered.compactMap { Reply($0, role: .dark) })
  guard let dark = darks.first(of: [.answered, .unmeasured, .notAsked, .silent, .cannotLeave]) else {
    return row(.unknown, .notMeasured, "the dark control was not asked", [positive.observation])
  }
  let basis = [positive.observation, dark.observation]
  switch dark.sign {
  case .answered: return row(.fail, .darkControlAnswered, dark.text, basis)
  case .unmeasured, .notAsked: return row(.unknown, dark.reason, dark.text, basis)
  // An address to which no route leads cannot be answered for either.
  case .silent, .cannotLeave: return row(.pass, .controlsAgree, "\(positive.text); \(dark.text)", basis)
  }
}

extension Observation {
  fileprivate var isControl: Bool { if case .control = fact { true } else { false } }
}

/// The reasons of `vantage.ipv6`, by verdict.
let vantageReasons: [Verdict: Set<Reason>] = [
  .pass: [.controlsAgree],
  .fail: [.positiveControlSilent, .vantageNoIPv6, .darkControlAnswered],
  .unknown: [.noControl, .notMeasured, .captureDropped, .outOfScope, .unsupportedLink, .sendFailed],
]

/// What became of one control.
private struct Reply {
  /// What it says about IPv6 at the vantage.
  enum Sign {
    case answered
    /// It was asked, and the answer did not come.
    case silent
    /// The capture cannot tell.
    case unmeasured
    /// IPv6 packets find no way out.
    case cannotLeave
    /// It was not asked, for a reason that has nothing to do with IPv6.
    case notAsked
  }

  let observation: Observation
  let target: ControlTarget
  let sign: Sign
  let reason: Reason
  /// `[2001:db8::53]:53: after 1.2 ms`.
  let text: String

  init?(_ observation: Observation, role wanted: ControlRole) {
    guard case .control(wanted, let target, let outcome) = observation.fact else { return nil }
    self.init(observation, target, outcome)
  }

  /// A host's address in place of a control. One that only neighbours or colleagues could reach would not
  /// show that IPv6 leaves.
  init?(target observation: Observation) {
    switch observation.fact {
    case .echo(let address, let outcome): self.init(observation, ControlTarget(address: address), outcome)
    case .port(let endpoint, let outcome):
      self.init(observation, ControlTarget(address: endpoint.address, port: endpoint.port), outcome)
    case .lookup, .handshake, .control, .handshakeTimes, .vantage, .link, .advertisement, .traffic,
      .delegation, .nameServer, .authority, .iteration, .reverse, .exchangers, .synthesis, .pathMTU, .path,
      .portSurvey, .datagram, .tunnel, .alias, .page, .pageDifference, .references:
      return nil
    }
    guard target.address.scope == .global || target.address.scope == .documentation else { return nil }
  }

  private init?(_ observation: Observation, _ target: ControlTarget, _ outcome: ProbeOutcome) {
    guard target.address.family == .ipv6 else { return nil }
    let answer = Answer(outcome, answered: .answered, basis: [])
    self.observation = observation
    self.target = target
    reason = answer.reason
    text = "\(target): \(answer.detail.isEmpty ? answer.reason.rawValue : answer.detail)"
    sign =
      switch outcome {
      case .answered, .closed: .answered
      case .rejected, .silent, .notSent(.neighbourSilent): .silent
      case .unmeasured: .unmeasured
      case .notSent(.noRoute), .notSent(.noSource), .notSent(.gatewaySilent): .cannotLeave
      case .notSent(.outOfScope), .notSent(.unsupportedLink), .notSent(.sendFailed): .notAsked
      }
  }

  /// Of several replies about one target the last; the order is kept.
  static func latest(_ replies: [Reply]) -> [Reply] {
    var seen: Set<ControlTarget> = []
    return replies.reversed().filter { seen.insert($0.target).inserted }.reversed()
  }
}

extension [Reply] {
  /// The first reply with the first of these signs that any has.
  fileprivate func first(of signs: [Reply.Sign]) -> Reply? {
    for sign in signs {
      if let reply = first(where: { $0.sign == sign }) { return reply }
    }
    return nil
  }
}
