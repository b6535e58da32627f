import Readiness

/// The worklist, one row for each check that has to be put right.
func worklistTable(_ worklist: Worklist, _ language: Language) -> CSVTable {
  var table = CSVTable("step,agency,name,outcome,also_converts,host,check,subject,reason,detail,cause,remedy")
  for (index, step) in worklist.steps.enumerated() {
    for fix in step.fixes {
      let rows = fix.rows.isEmpty ? [nil] : fix.rows.map { $0 }
      for row in rows {
        let explanation = row?.reason.explanation(language)
        table.append([
          "\(index + 1)", step.agency.id, step.agency.name, step.outcome.rawValue,
          step.also.map(\.id).joined(separator: " "), fix.host.host.id, row?.check.rawValue ?? "",
          row?.subject ?? "",
          row?.reason.rawValue ?? "", row?.detail ?? "", explanation?.cause ?? "", explanation?.fix ?? "",
        ])
      }
    }
  }
  return table
}
