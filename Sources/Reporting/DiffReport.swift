import Foundation
import Observations
import Readiness

/// What differs between two judged runs, in any of the formats.
public struct DiffReport: Sendable {
  /// What differs.
  public let diff: RunDiff
  private let before: Results
  private let after: Results

  /// The difference from one run to another, or of one run under two policies.
  public init(from before: Results, to after: Results) {
    diff = RunDiff(from: before.judgement, to: after.judgement)
    self.before = before
    self.after = after
  }

  /// The changes as CSV, one row a change.
  public var csv: String { table.text }

  /// The changes as rows of text, header first, made safe for a terminal.
  public var rows: [[String]] { [table.columns] + table.rows.map { $0.map(SafeText.printable) } }

  /// One JSON document: both runs with their policy and count, and the changes.
  ///
  /// - Throws: `EncodingError`.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let document = Document(before: Side(before), after: Side(after), changes: table.objects)
    return Array(try encoder.encode(document)) + Array("\n".utf8)
  }

  private struct Document: Encodable {
    var before: Side
    var after: Side
    var changes: [[String: String]]
  }

  private struct Side: Encodable {
    var run: String
    var finishedAt: String
    var policy: String
    var policySHA256: String
    var eligible: Int
    var converted: Int
    var unknown: Int
    var percentLow: String

    enum CodingKeys: String, CodingKey {
      case run, finishedAt, policy, eligible, converted, unknown, percentLow
      case policySHA256 = "policySha256"
    }

    init(_ results: Results) {
      let city = results.judgement.city
      run = results.run.id
      finishedAt = results.run.finishedAt.preciseText
      policy = results.judgement.policy.id
      policySHA256 = results.judgement.policy.sha256
      (eligible, converted, unknown) = (city.eligible, city.converted, city.unknown)
      percentLow = city.lowHundredths.map(percentText) ?? ""
    }
  }

  private var table: CSVTable {
    var rows: [[String]] = []
    for change in diff.changes {
      rows.append([
        change.kind.rawValue, change.id, change.check, change.subject, change.before, change.after,
        change.reasonBefore, change.reasonAfter, change.isWorse ? "yes" : "no",
      ])
    }
    return CSVTable(
      "kind,id,check,subject,before,after,reason_before,reason_after,worse", rows: rows)
  }
}
