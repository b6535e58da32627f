import Observations
import Readiness
import Reporting

/// What changed between two judged runs, for a person.
struct DiffText {
  let before: Results
  let after: Results
  let report: DiffReport

  /// The lines.
  var lines: [String] {
    var lines = [
      "run \(before.run.id), policy \(before.judgement.policy.id): \(figure(report.diff.cityBefore))",
      "run \(after.run.id), policy \(after.judgement.policy.id): \(figure(report.diff.cityAfter))",
    ]
    if report.diff.changes.isEmpty { return lines + ["Nothing changed."] }
    for kind in RunDiff.Kind.allCases {
      let changes = report.diff.changes.filter { $0.kind == kind }
      if changes.isEmpty { continue }
      lines += [
        "", Terminal.styled("\(changes.count) \(kind.rawValue)\(changes.count == 1 ? "" : "s"):", .bold),
      ]
      lines += Columns.lines(changes.prefix(Self.shown).map(cells))
      if changes.count > Self.shown {
        lines.append("  and \(changes.count - Self.shown) more: --format csv shows all")
      }
    }
    return lines
  }

  private static let shown = 200

  private func figure(_ city: Tally) -> String {
    guard let low = city.lowHundredths else { return "no agency is eligible" }
    return "\(city.converted) of \(city.eligible) agencies = \(percentText(low)) %"
      + (city.unknown > 0 ? ", \(city.unknown) unknown" : "")
  }

  private func cells(_ change: RunDiff.Change) -> [String] {
    func word(_ text: String) -> String { text.isEmpty ? "(absent)" : text }
    let reasons = [change.reasonBefore, change.reasonAfter]
    let why =
      reasons.allSatisfy(\.isEmpty) ? "" : reasons.map { $0.isEmpty ? "–" : $0 }.joined(separator: " → ")
    let about = [change.check, change.subject].filter { !$0.isEmpty }.joined(separator: " ")
    let cells = [
      change.id.isEmpty ? "vantage" : change.id, "\(word(change.before)) → \(word(change.after))", about, why,
    ]
    return cells.map(SafeText.printable)
  }
}
