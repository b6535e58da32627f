/// Gathers what is wrong and what is worth a look, up to a limit for each file.
package final class Report {
  package init() {}

  private var problems: [InventoryProblem] = []
  private var notices: [InventoryProblem] = []
  private var counts: [String: Int] = [:]
  private var omitted = 0

  /// Whether anything is wrong: then nothing will be imported.
  package private(set) var hasProblems = false

  /// Notes something that is wrong.
  func problem(_ file: InventoryFile, at position: CSVPosition, what: String, _ complaint: Complaint) {
    problem(
      InventoryProblem(
        file: file.name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: complaint.remedy))
  }

  /// Notes something that is wrong with a file or directory as a whole.
  package func problem(file: String, what: String, _ complaint: Complaint) {
    problem(
      InventoryProblem(
        file: file, line: 0, column: 0, what: what, why: complaint.why, remedy: complaint.remedy))
  }

  package func problem(_ problem: InventoryProblem) {
    hasProblems = true
    counts[problem.file, default: 0] += 1
    if counts[problem.file, default: 0] <= InventoryErrors.limitPerFile {
      problems.append(problem)
    } else {
      omitted += 1
    }
  }

  /// Notes something that may be as it should be.
  func notice(_ file: InventoryFile, at position: CSVPosition, what: String, _ complaint: Complaint) {
    notice(
      InventoryProblem(
        file: file.name, line: position.line, column: position.column, what: what, why: complaint.why,
        remedy: complaint.remedy))
  }

  /// Notes something about the inventory as a whole that may be as it should be.
  package func notice(_ notice: InventoryProblem) {
    if notices.count < InventoryErrors.limitPerFile { notices.append(notice) }
  }

  /// What was noted that is no error, in order.
  package var sortedNotices: [InventoryProblem] { Self.sorted(notices) }

  /// All that is wrong, in order.
  package var errors: InventoryErrors { InventoryErrors(problems: Self.sorted(problems), omitted: omitted) }

  private static func sorted(_ problems: [InventoryProblem]) -> [InventoryProblem] {
    let order = Dictionary(
      InventoryFile.allCases.map { ($0.name, $0.rawValue) }, uniquingKeysWith: { first, _ in first })
    return problems.sorted { left, right in
      let files = (order[left.file] ?? -1, order[right.file] ?? -1)
      if files.0 != files.1 { return files.0 < files.1 }
      return (left.line, left.column, left.what, left.why) < (right.line, right.column, right.what, right.why)
    }
  }
}
