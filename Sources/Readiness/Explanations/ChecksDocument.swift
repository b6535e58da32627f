/// `docs/checks.md`: the rules and every reason with its cause and remedy, as this program applies them.
///
/// Pure, and held to the file in the repository by a test, so that what is written and what is judged cannot
/// part.
public func checksDocument() -> String {
  let policy = Policy.current
  let sections = [
    DocumentProse.opening, DocumentProse.policies(policy), DocumentProse.verdicts,
    checkTable(policy), DocumentProse.states, DocumentProse.rollUp(policy), DocumentProse.waivers,
    DocumentProse.score(policy), DocumentProse.secure, DocumentProse.decisions,
    "## The checks one by one", policy.rubric.map { section($0.check) }.joined(separator: "\n\n"),
    DocumentProse.reasons, Reason.allCases.map(section).joined(separator: "\n\n"),
  ]
  return sections.joined(separator: "\n\n") + "\n"
}

private func checkTable(_ policy: Policy) -> String {
  var lines = [
    DocumentProse.checks, "", "| check | level | gate | passes when |", "|---|---|---|---|",
  ]
  for (check, level, isGate) in policy.rubric {
    lines.append(
      "| [`\(check.rawValue)`](#\(check.anchor)) | \(level) | \(isGate ? "yes" : "") "
        + "| \(check.explanation(.en).rule) |")
  }
  return lines.joined(separator: "\n")
}

private func section(_ check: CheckID) -> String {
  let english = check.explanation(.en)
  let vietnamese = check.explanation(.vi)
  var lines = [
    "### `\(check.rawValue)`", "",
    "**\(english.title).** \(english.question) \(english.rule)", "",
    "**\(vietnamese.title).** \(vietnamese.question) \(vietnamese.rule)", "",
  ]
  for verdict in Verdict.allCases {
    let reasons = check.reasons[verdict] ?? []
    // In the order of the list of reasons, so that the document does not depend on the order of a set.
    let codes = Reason.allCases.filter(reasons.contains).map(\.link)
    if !codes.isEmpty { lines.append("* `\(verdict.rawValue)`: \(codes.joined(separator: ", "))") }
  }
  return lines.joined(separator: "\n")
}

private func section(_ reason: Reason) -> String {
  let givers = CheckID.allCases.flatMap { check in
    Verdict.allCases.filter { check.reasons[$0]?.contains(reason) ?? false }.map { verdict in
      "[`\(check.rawValue)`](#\(check.anchor)) \(verdict.rawValue)"
    }
  }
  var lines = ["### \(reason.rawValue)", "", "Given by \(givers.joined(separator: ", ")).", ""]
  for language in Language.allCases {
    let explanation = reason.explanation(language)
    lines.append("* **\(language.causeLabel):** \(explanation.cause)")
    if !explanation.fix.isEmpty { lines.append("* **\(language.fixLabel):** \(explanation.fix)") }
  }
  return lines.joined(separator: "\n")
}

extension Language {
  fileprivate var causeLabel: String {
    switch self {
    case .vi: "Nguyên nhân"
    case .en: "Cause"
    }
  }

  fileprivate var fixLabel: String {
    switch self {
    case .vi: "Khắc phục"
    case .en: "Remedy"
    }
  }
}

extension CheckID {
  /// The heading's anchor: renderers drop the dot and the backticks.
  fileprivate var anchor: String { rawValue.filter { $0 != "." } }
}

extension Reason {
  fileprivate var link: String { "[`\(rawValue)`](#\(rawValue))" }
}
