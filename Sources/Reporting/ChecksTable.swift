import Readiness

/// `checks.csv`: one row a check and subject; the vantage's row first, with an empty host.
///
/// `evidence` holds the sequence numbers of the observations in the store.
func checksTable(_ judgement: Judgement) -> CSVTable {
  return CSVTable(
    "host,check,subject,verdict,reason,detail,observed_at,evidence",
    rows: judgement.everyRow.lazy.map { row in
      [
        row.host, row.check.rawValue, row.subject, row.verdict.rawValue, row.reason.rawValue, row.detail,
        row.observedAt?.preciseText ?? "", row.evidence.map(String.init).joined(separator: " "),
      ]
    })
}
