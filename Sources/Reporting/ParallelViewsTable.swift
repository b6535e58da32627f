import Readiness

/// The figure as others count it, one row a view.
func parallelViewsTable(_ judgement: Judgement) -> CSVTable {
  var rows: [[String]] = []
  for view in parallelViews(judgement) {
    let tally = view.tally
    rows.append([
      view.id, view.title, view.unit, "\(tally.total)", "\(tally.converted)", "\(tally.notConverted)",
      "\(tally.unknown)", tally.lowHundredths.map(percentText) ?? "",
      tally.highHundredths.map(percentText) ?? "",
      view.limits,
    ])
  }
  return CSVTable(
    "view,title,unit,total,met,not_met,unknown,percent_low,percent_high,limits", rows: rows)
}
