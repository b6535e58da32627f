import Foundation
import Testing

@testable import Readiness

@Suite("docs/checks.md") struct ChecksDocumentTests {
  static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/checks.md")

  @Test("It is what the rules say, to the byte; V6AUDIT_WRITE_DOCS=1 writes it again")
  func isCurrent() throws {
    let document = Data(checksDocument().utf8)
    if ProcessInfo.processInfo.environment["V6AUDIT_WRITE_DOCS"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try document.write(to: Self.file, options: .atomic)
    }
    let written = try Data(contentsOf: Self.file)
    #expect(
      written == document,
      "run V6AUDIT_WRITE_DOCS=1 swift test --filter ChecksDocumentTests and commit docs/checks.md")
  }

  @Test("It names every check, state, verdict, outcome, policy and reason")
  func isComplete() {
    let document = checksDocument()
    for check in CheckID.allCases { #expect(document.contains("### `\(check.rawValue)`")) }
    for reason in Reason.allCases { #expect(document.contains("\n### \(reason.rawValue)\n")) }
    for state in HostState.allCases { #expect(document.contains("| `\(state.rawValue)` |")) }
    for verdict in Verdict.allCases { #expect(document.contains("| `\(verdict.rawValue)` |")) }
    for outcome in Outcome.allCases { #expect(document.contains("`\(outcome.rawValue)`")) }
    for policy in Policy.all { #expect(document.contains("`\(policy.id)`")) }
  }

  @Test("Every link leads to a heading")
  func links() {
    let document = checksDocument()
    let anchors = Set(
      document.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" || $0 == " " }.lowercased().filter { $0 != "`" && $0 != "." }
      })
    for part in document.components(separatedBy: "](#").dropFirst() {
      let target = part.prefix { $0 != ")" }
      #expect(anchors.contains(String(target)), "\(target)")
    }
  }
}
