import Readiness

/// `hosts.csv`: one row a host.
func hostsTable(_ judgement: Judgement) -> CSVTable {
  @Sendable func list(_ checks: [CheckID]) -> String { checks.map(\.rawValue).joined(separator: " ") }
  let hosts = judgement.hosts
  return CSVTable(
    "agency,system,host,state,converted,secure,failed_checks,unknown_checks,waived_checks,score,measured_at",
    sections: hosts.count
  ) { place in
    let verdict = hosts[place]
    return [
      [
        verdict.host.agency, verdict.host.system ?? "", verdict.host.id, verdict.state.rawValue,
        verdict.state.isConverted ? "yes" : "no", verdict.isSecure ? "yes" : "no",
        list(verdict.checks(.fail)), list(verdict.checks(.unknown)), list(verdict.checks(.exempt)),
        "\(verdict.score)", verdict.measuredAt?.text ?? "",
      ]
    ]
  }
}
