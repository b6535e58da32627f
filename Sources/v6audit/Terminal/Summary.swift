import Observations
import Readiness
import Reporting

/// What a person reads when an audit is done: the figure, the exact fraction, the target, and who is missing.
struct Summary {
  let results: Results
  let language: Language

  /// The lines of the summary.
  var lines: [String] {
    [header] + figure + [""] + hostLines + missingLines + waiverLines
  }

  private var judgement: Judgement { results.judgement }

  private var header: String {
    let run = results.run
    let mark = run.state == .incomplete ? Terminal.styled("  INCOMPLETE: interrupted", .yellow) : ""
    return Terminal.styled(
      "run \(run.id)  policy \(run.policy)  vantage \(SafeText.printable(run.vantage))", .faint)
      + mark
  }

  private var figure: [String] {
    let city = judgement.city
    guard let low = city.lowHundredths, let high = city.highHundredths else {
      return ["", "No agency is eligible: there is nothing to count."]
    }
    let met = judgement.policy.targetMet(converted: city.converted, eligible: city.eligible) ?? false
    let verdict =
      met
      ? Terminal.styled("target \(judgement.policy.targetText) % met", .green)
      : Terminal.styled("target \(judgement.policy.targetText) % not met", .red)
    let share = Terminal.styled("\(city.converted) of \(city.eligible) = \(percentText(low)) %", .bold)
    var lines = ["", "Agencies converted to IPv6:  \(share)   \(verdict)"]
    if city.unknown > 0 {
      lines.append(
        "  \(city.unknown) could not be measured; with them it would be "
          + "\(city.converted + city.unknown) of \(city.eligible) = \(percentText(high)) %")
    }
    if city.exempt > 0 { lines.append("  \(city.exempt) of \(city.total) agencies are exempt by waiver") }
    // An interrupted run may not have come to the controls: then nothing is known against the vantage.
    let isUnasked = results.run.state == .incomplete && judgement.vantage.verdict == .unknown
    if judgement.vantage.verdict != .pass && !isUnasked {
      let explanation = judgement.vantage.reason.explanation(language)
      lines.append(
        Terminal.styled("  IPv6 does not work at this vantage: ", .red)
          + "\(judgement.vantage.reason.rawValue): \(SafeText.printable(judgement.vantage.detail))")
      lines.append("  \(explanation.fix)")
    }
    return lines
  }

  private var hostLines: [String] {
    let states = Dictionary(grouping: judgement.hosts, by: \.state).mapValues(\.count)
    let counted = HostState.allCases.reversed().compactMap { state in
      states[state].map { "\(state.rawValue) \($0)" }
    }
    let unasked = judgement.hosts.count { $0.measuredAt == nil && $0.state == .unknown }
    return ["Hosts \(judgement.hosts.count):  " + counted.joined(separator: ", ")]
      + (unasked > 0 ? ["  \(unasked) of them were not asked in this run"] : [])
  }

  private var missingLines: [String] {
    let missing = judgement.agencies.filter { $0.outcome == .notConverted || $0.outcome == .unknown }
    guard !missing.isEmpty else { return [] }
    let shown = missing.prefix(20)
    var lines = ["", Terminal.styled("Missing agencies, with the first reason of each:", .bold)]
    for verdict in shown { lines += self.lines(verdict) }
    if missing.count > shown.count {
      lines.append("  and \(missing.count - shown.count) more: see compliance.csv and hosts.csv")
    }
    return lines
  }

  private func lines(_ verdict: AgencyVerdict) -> [String] {
    let agency = verdict.agency
    let title = "  \(agency.id)  \(SafeText.printable(agency.name))  (\(verdict.outcome.rawValue))"
    guard let host = verdict.missing.first, let row = host.decisive(judgement.policy) else {
      return [title, "    no host of it was measured"]
    }
    let facts = [row.subject, row.reason.rawValue].filter { !$0.isEmpty }.joined(separator: " ")
    let detail = row.detail.isEmpty ? "" : " (\(SafeText.printable(row.detail)))"
    let more = verdict.missing.count - 1
    return [title, "    \(host.host.id): \(row.check.rawValue): \(SafeText.printable(facts))\(detail)"]
      + Terminal.wrapped(Remedy(row).filled(row.reason.explanation(language).fix), lead: "    → ")
      + (more > 0 ? ["    and \(more) more host\(more == 1 ? "" : "s")"] : [])
  }

  private var waiverLines: [String] {
    judgement.expiredWaivers.isEmpty
      ? []
      : ["", "Expired waivers, counted again:"]
        + judgement.expiredWaivers.map { "  \($0.subject) \($0.check ?? "all checks"), ended \($0.expires)" }
  }
}
