import Observations

/// The check rows of one host, close together: a run of ten thousand hosts has half a million rows, and as values of
/// their own each would be several blocks of memory. They are made again when they are asked for.
struct PackedRows: Sendable, Hashable {
  /// One row; its text and its evidence end here in the host's own.
  private struct Part: Sendable, Hashable {
    var check: CheckID
    var verdict: Verdict
    var reason: Reason
    var observedAt: Timestamp?
    var subjectEnd: UInt32
    var detailEnd: UInt32
    var evidenceEnd: UInt32
  }

  private let parts: [Part]
  private let text: [UInt8]
  private let evidence: [Int]

  /// Packs rows that are all of one host.
  init(_ rows: [CheckRow]) {
    var parts: [Part] = []
    var text: [UInt8] = []
    var evidence: [Int] = []
    parts.reserveCapacity(rows.count)
    text.reserveCapacity(rows.reduce(0) { $0 + $1.subject.utf8.count + $1.detail.utf8.count })
    evidence.reserveCapacity(rows.reduce(0) { $0 + $1.evidence.count })
    for row in rows {
      text += row.subject.utf8
      let subjectEnd = UInt32(text.count)
      text += row.detail.utf8
      evidence += row.evidence
      parts.append(
        Part(
          check: row.check, verdict: row.verdict, reason: row.reason, observedAt: row.observedAt,
          subjectEnd: subjectEnd, detailEnd: UInt32(text.count), evidenceEnd: UInt32(evidence.count)))
    }
    (self.parts, self.text, self.evidence) = (parts, text, evidence)
  }

  /// The rows as they were, of the host with this id.
  func rows(of host: String) -> [CheckRow] {
    var (start, first) = (0, 0)
    return parts.map { part in
      let (subjectEnd, detailEnd, end) = (Int(part.subjectEnd), Int(part.detailEnd), Int(part.evidenceEnd))
      defer { (start, first) = (detailEnd, end) }
      return CheckRow(
        host: host, check: part.check, subject: String(decoding: text[start..<subjectEnd], as: UTF8.self),
        verdict: part.verdict, reason: part.reason,
        detail: String(decoding: text[subjectEnd..<detailEnd], as: UTF8.self), observedAt: part.observedAt,
        evidence: Array(evidence[first..<end]))
    }
  }

  /// The worst verdict of each check that has a row, in the order of the rows.
  var worst: [(check: CheckID, verdict: Verdict)] {
    parts.reduce(into: []) { worst, part in
      // The rows of one check nearly always stand together.
      if let place = worst.lastIndex(where: { $0.check == part.check }) {
        if part.verdict.severity > worst[place].verdict.severity { worst[place].verdict = part.verdict }
      } else {
        worst.append((part.check, part.verdict))
      }
    }
  }
}
