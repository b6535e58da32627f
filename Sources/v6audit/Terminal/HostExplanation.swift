import Inventory
import Observations
import Readiness
import Reporting

/// One host's verdict in words: its state, then each check with its rule, its verdict, the facts and the remedy.
struct HostExplanation {
  let verdict: HostVerdict
  let judgement: Judgement
  let language: Language
  /// The names of the host's evidence files that are there.
  private let files: [String]
  private let bySequence: [Int: Observation]

  init(
    verdict: HostVerdict, judgement: Judgement, observations: [Observation], language: Language,
    files: [String] = []
  ) {
    self.files = files
    self.verdict = verdict
    self.judgement = judgement
    self.language = language
    bySequence = Dictionary(observations.map { ($0.sequence, $0) }) { first, _ in first }
  }

  /// The explanation, of one check or of all, those that hold something up first.
  func lines(only: CheckID? = nil) -> [String] {
    var lines = [title]
    var said: [String: CheckID] = [:]
    if judgement.vantage.verdict != .pass { lines += section(.vantageIPv6, [judgement.vantage], &said) }
    let byCheck = Dictionary(grouping: verdict.rows, by: \.check)
    let order = judgement.policy.rubric.map(\.check).filter { only == nil || $0 == only }
    let severe = order.filter { id in byCheck[id]?.contains { $0.verdict.needsAttention } ?? false }
    for id in severe + order.filter({ !severe.contains($0) }) {
      if let rows = byCheck[id] { lines += section(id, rows, &said) }
    }
    return lines
  }

  /// The verdict of each check in a line, and what to do where something is wrong.
  var shortLines: [String] {
    var rows = verdict.rows
    if judgement.vantage.verdict != .pass { rows.insert(judgement.vantage, at: 0) }
    return [title]
      + rows.flatMap { row -> [String] in
        let what = [row.verdict.label, row.check.rawValue, row.subject, row.reason.rawValue]
        let detail = row.detail.isEmpty ? "" : ": " + SafeText.printable(row.detail)
        let line = "  " + what.filter { !$0.isEmpty }.joined(separator: "  ") + detail
        if !row.verdict.needsAttention { return [line] }
        return [line]
          + Terminal.wrapped(Remedy(row).filled(row.reason.explanation(language).fix), lead: "    → ")
      }
  }

  private var title: String {
    let host = verdict.host
    let named = [host.id] + host.names
    return Terminal.styled(named.joined(separator: "  "), .bold)
      + "  (agency \(host.agency)): \(verdict.state.rawValue), "
      + (verdict.state.isConverted ? "converted" : "not counted as converted") + secure
      + ", score \(verdict.score)"
  }

  /// Where the policy can say it.
  private var secure: String {
    guard judgement.policy.rubric.contains(where: { judgement.policy.decidesSecure($0.check) }) else {
      return ""
    }
    return verdict.isSecure ? ", secure" : ", not secure"
  }

  private func section(_ id: CheckID, _ rows: [CheckRow], _ said: inout [String: CheckID]) -> [String] {
    let explanation = id.explanation(language)
    return [
      "", Terminal.styled(id.rawValue, .bold) + part(of: id),
      "  \(explanation.rule)",
    ]
      + rows.flatMap { lines($0, &said) } + evidence(id, rows)
  }

  /// What a check decides, unless it is the state.
  private func part(of id: CheckID) -> String {
    let policy = judgement.policy
    if policy.rubric.first(where: { $0.check == id })?.isGate ?? false { return "" }
    return policy.decidesSecure(id) ? "  (decides whether it is secure)" : "  (notice, decides nothing)"
  }

  /// Where the packets and conversations stand that failing rows rest on.
  private func evidence(_ id: CheckID, _ rows: [CheckRow]) -> [String] {
    let facts = rows.filter { ![.pass, .na].contains($0.verdict) }.flatMap(\.evidence)
      .compactMap { bySequence[$0]?.fact }
    var places: [String] = []
    if let file = files.first(where: { $0.hasSuffix(".pcapng") }), facts.contains(where: \.isInPackets) {
      places.append("\(file), display filter `frame.comment contains \"\(id.rawValue) \"`")
    }
    if let file = files.first(where: { $0.hasSuffix(".txt") }), facts.contains(where: \.isInConversations) {
      places.append(file)
    }
    return places.isEmpty ? [] : ["    evidence: " + places.joined(separator: "; ")]
  }

  /// A row with its facts; a cause and its remedy are said once.
  private func lines(_ row: CheckRow, _ said: inout [String: CheckID]) -> [String] {
    var lines = [
      "  "
        + ([row.verdict.label, row.subject, row.reason.rawValue].filter { !$0.isEmpty }.joined(
          separator: "  "))
        + (row.detail.isEmpty ? "" : ": " + SafeText.printable(row.detail))
    ]
    for fact in row.evidence.compactMap({ bySequence[$0] }) {
      lines.append(Terminal.styled("    #\(fact.sequence) \(fact.at.preciseText) \(fact.text)", .faint))
    }
    if row.verdict.needsAttention {
      let explanation = row.reason.explanation(language)
      let remedy = Remedy(row)
      let cause = remedy.filled(explanation.cause)
      let fix = remedy.filled(explanation.fix)
      if let before = said[cause + fix] {
        if before != row.check { lines.append("    cause:  as for \(before.rawValue), and so is the remedy") }
      } else {
        said[cause + fix] = row.check
        lines += Terminal.wrapped(cause, lead: "    cause:  ")
        if !fix.isEmpty { lines += Terminal.wrapped(fix, lead: "    remedy: ") }
      }
    }
    return lines
  }
}

extension Verdict {
  /// Whether somebody has to do something about it.
  var needsAttention: Bool { self == .fail || self == .unknown }

  /// The verdict in colour, in a column of its own width.
  var label: String {
    let text = rawValue.padded(to: 7)
    return switch self {
    case .pass: Terminal.styled(text, .green)
    case .fail: Terminal.styled(text, .red)
    case .unknown: Terminal.styled(text, .yellow)
    case .na, .exempt: Terminal.styled(text, .faint)
    }
  }
}
