import Readiness

/// `checks.csv`: one row a check and subject; the vantage's row first, with an empty host.
///
/// `evidence` holds the sequence numbers of the observations in the store.
func checksTable(_ judgement: Judgement) -> CSVTable {
  let (vantage, hosts) = (judgement.vantage, judgement.hosts)
  return CSVTable(
    "host,check,subject,verdict,reason,detail,observed_at,evidence", sections: 1 + hosts.count
  ) { place in
    (place == 0 ? [vantage] : hosts[place - 1].rows).map { row in
      [
        row.host, row.check.rawValue, row.subject, row.verdict.rawValue, row.reason.rawValue, row.detail,
        row.observedAt?.preciseText ?? "", row.evidence.map(String.init).joined(separator: " "),
      ]
    }
  }
}
