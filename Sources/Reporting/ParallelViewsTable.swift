import Readiness

/// The figure as others count it, one row a view.
func parallelViewsTable(_ judgement: Judgement) -> CSVTable {
  var table = CSVTable("view,title,unit,total,met,not_met,unknown,percent_low,percent_high,limits")
  for view in parallelViews(judgement) {
    let tally = view.tally
    table.append([
      view.id, view.title, view.unit, "\(tally.total)", "\(tally.converted)", "\(tally.notConverted)",
      "\(tally.unknown)", tally.lowHundredths.map(percentText) ?? "",
      tally.highHundredths.map(percentText) ?? "",
      view.limits,
    ])
  }
  return table
}
