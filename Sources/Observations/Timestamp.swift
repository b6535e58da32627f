/// A moment in UTC, to the microsecond. Observations carry their times; nothing that judges reads a clock.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
  /// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
  public var microseconds: Int64

  /// A moment from microseconds since 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A moment from whole seconds since 1970-01-01T00:00:00Z.
  public init(seconds: Int64) { self.microseconds = seconds * 1_000_000 }

  /// Earlier before later.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// The UTC day the moment lies in.
  public var day: CivilDate {
    CivilDate(daysSinceEpoch: Int(microseconds.flooredQuotient(by: 86_400_000_000)))
  }

  /// RFC 3339 in UTC to the second, cut: `2026-11-24T03:08:29Z`.
  public var text: String {
    let second = microseconds.flooredQuotient(by: 1_000_000)
    let secondOfDay = Int(second - second.flooredQuotient(by: 86_400) * 86_400)
    let date = CivilDate(daysSinceEpoch: Int(second.flooredQuotient(by: 86_400)))
    let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { padded($0, to: 2) }
    return "\(date)T\(time.joined(separator: ":"))Z"
  }

  /// RFC 3339 in UTC to the millisecond, cut: `2026-11-24T03:08:29.123Z`.
  public var preciseText: String {
    let millisecond = Int(
      microseconds.flooredQuotient(by: 1_000) - microseconds.flooredQuotient(by: 1_000_000) * 1_000)
    return "\(text.dropLast()).\(padded(millisecond, to: 3))Z"
  }

  /// Writes the number of microseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }

  /// Reads the number of microseconds.
  public init(from decoder: any Decoder) throws {
    microseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Hashable, Comparable, LosslessStringConvertible {
  /// Days since 1970-01-01.
  public let daysSinceEpoch: Int

  /// A day by its distance from 1970-01-01.
  public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

  /// Reads `YYYY-MM-DD` (RFC 3339 `full-date`); `nil` for a day that does not exist.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    daysSinceEpoch = Self.days(year: year, month: month, day: day)
    guard description == text else { return nil }
  }

  /// Earlier before later.
  public static func < (left: CivilDate, right: CivilDate) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
    let shifted = daysSinceEpoch + 719_468
    let era = Int(Int64(shifted).flooredQuotient(by: 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
  }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = Int(Int64(shiftedYear).flooredQuotient(by: 400))
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

private func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }
}
