import Observations
import Readiness
import Reporting

/// The shortest path to the target, for a person: agency by agency, cheapest first, with hosts, reasons and remedies.
struct WorklistText {
  let results: Results
  let language: Language

  /// The lines.
  var lines: [String] {
    let judgement = results.judgement
    let worklist = results.worklist
    let city = judgement.city
    let target = judgement.policy.targetText
    if worklist.needed == 0 {
      return [
        "The target of \(target) % is met or there is nothing to count: nothing has to be fixed for it."
      ]
    }
    var lines = [
      Terminal.styled("\(worklist.needed) more of \(city.eligible) agencies", .bold)
        + " must be converted for \(target) %; \(city.converted) are.",
      "\(worklist.fixCount) fixes on \(Set(worklist.steps.flatMap(\.fixes).map(\.host.host.id)).count) hosts"
        + (worklist.isFewest
          ? ", the fewest there can be." : ": the fewest that were found; hosts count for several."),
    ]
    if !worklist.reachesTarget {
      lines.append(
        Terminal.styled("Fixing hosts is not enough: ", .red)
          + "too many agencies declare no host or system that could be measured; complete the inventory.")
    }
    if judgement.vantage.verdict != .pass {
      lines.append(
        "IPv6 did not work at the vantage, so unknown hosts may be well: audit again from elsewhere first.")
    }
    for (index, step) in worklist.steps.enumerated() { lines += self.lines(index + 1, step) }
    return lines
  }

  private func lines(_ number: Int, _ step: Worklist.Step) -> [String] {
    let also = step.also.isEmpty ? "" : ", which converts too: " + step.also.map(\.id).joined(separator: " ")
    let count = step.fixes.map(\.rows.count).reduce(0, +)
    var lines = [
      "",
      Terminal.styled("\(number). \(step.agency.id)", .bold)
        + "  \(SafeText.printable(step.agency.name))  (\(step.outcome.rawValue)): \(count) fix\(count == 1 ? "" : "es")"
        + also,
    ]
    var said: Set<String> = []
    for fix in step.fixes {
      let owner = fix.host.host.agency == step.agency.id ? "" : "  (agency \(fix.host.host.agency))"
      lines.append("   \(fix.host.host.id)\(owner): \(fix.host.state.rawValue)")
      for row in fix.rows {
        let facts = [row.check.rawValue, row.subject, row.reason.rawValue].filter { !$0.isEmpty }
        lines.append("     " + SafeText.printable(facts.joined(separator: "  ")))
        let remedy = Remedy(row).filled(row.reason.explanation(language).fix)
        if said.insert(remedy).inserted && !remedy.isEmpty {
          lines += Terminal.wrapped(remedy, lead: "       → ")
        }
      }
    }
    return lines
  }
}
