import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("Packed rows") struct PackedRowsTests {
  @Test("whatever the rows are, they come back as they were")
  func roundTrip() {
    var generator = SystemRandomNumberGenerator()
    let texts = ["", "2001:db8::1", "tên miền", "a\u{0}b", "\u{fffd}", String(repeating: "dài ", count: 300)]
    for _ in 0..<200 {
      let rows = (0..<Int.random(in: 0...60)).map { _ in
        CheckRow(
          host: "h1", check: CheckID.allCases.randomElement(using: &generator) ?? .reachTCP,
          subject: texts.randomElement(using: &generator) ?? "",
          verdict: Verdict.allCases.randomElement(using: &generator) ?? .pass,
          reason: Reason.allCases.randomElement(using: &generator) ?? .answered,
          detail: texts.randomElement(using: &generator) ?? "",
          observedAt: Bool.random() ? nil : Timestamp(microseconds: .random(in: .min ... .max)),
          evidence: (0..<Int.random(in: 0...4)).map { _ in Int.random(in: 0 ... .max) })
      }
      let packed = PackedRows(rows)
      #expect(packed.rows(of: "h1") == rows)
      let worst = Dictionary(grouping: rows, by: \.check).mapValues { $0.map(\.verdict).worst }
      let found = packed.worst
      #expect(Dictionary(found.map { ($0.check, $0.verdict) }) { first, _ in first } == worst)
      #expect(found.count == worst.count, "each check once")
    }
  }
}
