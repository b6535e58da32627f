import Observations
import Readiness

/// `compliance.csv`: the city, then the agencies, then the systems.
func complianceTable(_ judgement: Judgement, run: Run) -> CSVTable {
  let measured = LatestMeasurements(judgement)

  func row(
    _ scope: String, _ id: String, _ name: String, _ outcome: Outcome?, _ tally: Tally, _ at: Timestamp?
  ) -> [String] {
    let met = judgement.policy.targetMet(converted: tally.converted, eligible: tally.eligible)
    return [
      scope, id, name, outcome?.rawValue ?? "", "\(tally.total)", "\(tally.exempt)", "\(tally.eligible)",
      "\(tally.converted)", "\(tally.notConverted)", "\(tally.unknown)",
      tally.lowHundredths.map(percentText) ?? "", tally.highHundredths.map(percentText) ?? "",
      judgement.policy.targetText, met.map { $0 ? "yes" : "no" } ?? "", judgement.policy.id, run.id,
      at?.text ?? "",
    ]
  }

  let city = [row("city", "city", "city", nil, judgement.city, run.finishedAt)]
  let agencies = judgement.agencies.map { verdict in
    let agency = verdict.agency
    return row("agency", agency.id, agency.name, verdict.outcome, verdict.tally, measured.byAgency[agency.id])
  }
  let systems = judgement.systems.map { verdict in
    let system = verdict.system
    return row("system", system.id, system.name, verdict.outcome, verdict.tally, measured.bySystem[system.id])
  }
  return CSVTable(
    "scope,id,name,outcome,total,exempt,eligible,converted,not_converted,unknown,percent_low,percent_high,"
      + "target_percent,target_met,policy,run,measured_at", rows: city + agencies + systems)
}

/// A percentage from hundredths of a percent: 9882 is `98.82`.
public func percentText(_ hundredths: Int) -> String {
  let fraction = hundredths % 100
  return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

/// When the latest observation of any host of an agency or system was made.
private struct LatestMeasurements {
  var byAgency: [String: Timestamp] = [:]
  var bySystem: [String: Timestamp] = [:]

  init(_ judgement: Judgement) {
    for verdict in judgement.hosts {
      guard let at = verdict.measuredAt else { continue }
      byAgency[verdict.host.agency] = max(byAgency[verdict.host.agency] ?? at, at)
      if let system = verdict.host.system { bySystem[system] = max(bySystem[system] ?? at, at) }
    }
  }
}
