import Observations
import Probing
import Wire

/// How findings are written.
public enum SweepFormat: String, Sendable, CaseIterable {
  /// RFC 4180 with a header.
  case csv
  /// One JSON object a line (RFC 8259).
  case jsonl
}

/// One line of a sweep's output. Nothing in it is text from the network: addresses, numbers and words of ours.
enum SweepRow {
  /// The columns, in order.
  static let columns = ["target", "outcome", "source", "detail", "hop_limit", "try"]

  /// The line that comes first, if the format has one.
  static func header(_ format: SweepFormat) -> [UInt8] {
    format == .csv ? Array((columns.joined(separator: ",") + "\n").utf8) : []
  }

  /// Appends the line of a finding.
  static func append(
    _ finding: SweepFinding, _ probe: SweepProbe, _ format: SweepFormat, to text: inout [UInt8]
  ) {
    switch format {
    case .csv: appendCSV(finding, probe, to: &text)
    case .jsonl: appendJSON(finding, probe, to: &text)
    }
  }

  private static func appendCSV(_ finding: SweepFinding, _ probe: SweepProbe, to text: inout [UInt8]) {
    let comma = UInt8(ascii: ",")
    finding.target.append(to: &text)
    text.append(comma)
    append(word(finding.outcome, probe), to: &text)
    text.append(comma)
    source(finding)?.append(to: &text)
    text.append(comma)
    appendDetail(finding.outcome, to: &text)
    text.append(comma)
    if let limit = finding.hopLimit { append(number: limit, to: &text) }
    text.append(comma)
    if finding.attempt > 0 { append(number: finding.attempt, to: &text) }
    text.append(UInt8(ascii: "\n"))
  }

  private static func appendJSON(_ finding: SweepFinding, _ probe: SweepProbe, to text: inout [UInt8]) {
    append("{\"target\":\"", to: &text)
    finding.target.append(to: &text)
    append("\",\"outcome\":\"", to: &text)
    append(word(finding.outcome, probe), to: &text)
    if let source = source(finding) {
      append("\",\"source\":\"", to: &text)
      source.append(to: &text)
    }
    if hasDetail(finding.outcome) {
      append("\",\"detail\":\"", to: &text)
      appendDetail(finding.outcome, to: &text)
    }
    text.append(UInt8(ascii: "\""))
    if let limit = finding.hopLimit {
      append(",\"hop_limit\":", to: &text)
      append(number: limit, to: &text)
    }
    if finding.attempt > 0 {
      append(",\"try\":", to: &text)
      append(number: finding.attempt, to: &text)
    }
    append("}\n", to: &text)
  }

  /// The outcome in one word.
  private static func word(_ outcome: SweepFinding.Outcome, _ probe: SweepProbe) -> StaticString {
    switch outcome {
    case .answered: probe == .echo ? "answered" : "open"
    case .closed: "closed"
    case .rejected: "rejected"
    case .silent: "silent"
    case .unknown: "unknown"
    case .notSent: "not-sent"
    }
  }

  /// Who sent the error.
  private static func source(_ finding: SweepFinding) -> IPAddress? {
    if case .rejected(let rejection) = finding.outcome { rejection.source } else { nil }
  }

  private static func hasDetail(_ outcome: SweepFinding.Outcome) -> Bool {
    switch outcome {
    case .rejected, .notSent, .unknown: true
    case .answered, .closed, .silent: false
    }
  }

  private static func appendDetail(_ outcome: SweepFinding.Outcome, to text: inout [UInt8]) {
    switch outcome {
    case .rejected(let rejection):
      text += "type \(rejection.type) code \(rejection.code): \(rejection.meaning)".utf8
    case .notSent(let reason): text += reason.rawValue.utf8
    case .unknown: append("the capture dropped packets at each try", to: &text)
    case .answered, .closed, .silent: break
    }
  }

  private static func append(_ word: StaticString, to text: inout [UInt8]) {
    word.withUTF8Buffer { text.append(contentsOf: $0) }
  }

  private static func append(number: UInt8, to text: inout [UInt8]) {
    if number > 99 { text.append(48 + number / 100) }
    if number > 9 { text.append(48 + number / 10 % 10) }
    text.append(48 + number % 10)
  }
}
