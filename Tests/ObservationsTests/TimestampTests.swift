import Foundation
import Observations
import Testing

@Suite("Moments and days")
struct TimestampTests {
  @Test(
    "are printed as RFC 3339, cut and never rounded up",
    arguments: [
      (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
      (999_999, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.999Z"),
      (1_795_489_709_123_999, "2026-11-24T03:08:29Z", "2026-11-24T03:08:29.123Z"),
      (951_827_696_000_000, "2000-02-29T12:34:56Z", "2000-02-29T12:34:56.000Z"),
      (4_107_542_399_999_999, "2100-02-28T23:59:59Z", "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00Z", "2100-03-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ] as [(Int64, String, String)])
  func text(microseconds: Int64, text: String, precise: String) {
    let moment = Timestamp(microseconds: microseconds)
    #expect(moment.text == text)
    #expect(moment.preciseText == precise)
    #expect(moment.day.description == text.prefix(10))
  }

  @Test("fall on the day that Foundation's calendar says, for every day of 800 years")
  func calendar() throws {
    var gregorian = Calendar(identifier: .gregorian)
    gregorian.timeZone = try #require(TimeZone(identifier: "UTC"))
    for day in stride(from: -135_140, through: 157_054, by: 13) {
      let parts = gregorian.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
      let text = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
      #expect(CivilDate(daysSinceEpoch: day).description == text)
      #expect(CivilDate(text)?.daysSinceEpoch == day)
    }
  }

  @Test(
    "are refused when the calendar has no such day, or it is written otherwise",
    arguments: [
      "2026-02-29", "2100-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
      "2026-01-32", "2026-1-01", "26-01-01", "2026-01-01 ", "2026/01/01", "2026-01", "",
      "2026-01-01T00:00:00Z",
      "+026-01-01", "２０２６-01-01",
    ])
  func noSuchDay(text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test("exist on leap days", arguments: ["2024-02-29", "2000-02-29", "2400-02-29", "0000-02-29"])
  func leapDays(text: String) {
    #expect(CivilDate(text)?.description == text)
  }

  @Test("are stored as a number of microseconds")
  func coding() throws {
    let moment = Timestamp(microseconds: 1_795_489_709_123_456)
    let data = try JSONEncoder().encode([moment])
    #expect(String(decoding: data, as: UTF8.self) == "[1795489709123456]")
    #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [moment])
  }
}
