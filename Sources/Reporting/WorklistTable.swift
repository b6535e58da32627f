import Readiness

/// The worklist, one row for each check that has to be put right.
func worklistTable(_ worklist: Worklist, _ language: Language) -> CSVTable {
  var rows: [[String]] = []
  for (index, step) in worklist.steps.enumerated() {
    for fix in step.fixes {
      let wanted = fix.rows.isEmpty ? [nil] : fix.rows.map { $0 }
      for row in wanted {
        let explanation = row?.reason.explanation(language)
        rows.append([
          "\(index + 1)", step.agency.id, step.agency.name, step.outcome.rawValue,
          step.also.map(\.id).joined(separator: " "), fix.host.host.id, row?.check.rawValue ?? "",
          row?.subject ?? "",
          row?.reason.rawValue ?? "", row?.detail ?? "", explanation?.cause ?? "", explanation?.fix ?? "",
        ])
      }
    }
  }
  return CSVTable(
    "step,agency,name,outcome,also_converts,host,check,subject,reason,detail,cause,remedy", rows: rows)
}
