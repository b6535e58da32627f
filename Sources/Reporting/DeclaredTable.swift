import Inventory
import Readiness

/// What agencies declare of themselves beside what was measured: one row for each agency that declares a percentage.
/// `holds` is `yes` where the measured share is at least the declared one even with unknown counted against it, `no`
/// where it is not even with unknown counted for it, else `unknown`.
func declaredTable(_ judgement: Judgement) -> CSVTable {
  var rows: [[String]] = []
  for verdict in judgement.agencies {
    guard let declared = verdict.agency.declaredHundredths else { continue }
    rows.append([
      verdict.agency.id, verdict.agency.name, percentText(declared),
      verdict.tally.lowHundredths.map(percentText) ?? "",
      verdict.tally.highHundredths.map(percentText) ?? "", verdict.holdsDeclared(declared),
      verdict.outcome.rawValue,
    ])
  }
  return CSVTable(
    "agency,name,declared_percent,percent_low,percent_high,holds,outcome", rows: rows)
}

extension AgencyVerdict {
  /// Whether the declared percentage, in hundredths, is what was measured or less; in integers.
  fileprivate func holdsDeclared(_ declared: Int) -> String {
    if tally.eligible == 0 { return "unknown" }
    let wanted = declared * tally.eligible
    if 10_000 * tally.converted >= wanted { return "yes" }
    return 10_000 * (tally.converted + tally.unknown) >= wanted ? "unknown" : "no"
  }
}
