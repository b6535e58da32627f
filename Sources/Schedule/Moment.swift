import Observations

/// One moment on two clocks.
public struct Moment: Sendable, Hashable {
  /// What people call it. It may jump, either way.
  public var wall: Timestamp
  /// Nanoseconds of a clock that never goes back and goes on while the machine sleeps (CLOCK_BOOTTIME). Intervals are
  /// counted on it.
  public var steady: UInt64

  /// A moment.
  public init(wall: Timestamp, steady: UInt64) {
    self.wall = wall
    self.steady = steady
  }
}

/// A moment as the clock on the wall shows it where the daemon runs.
public struct LocalTime: Sendable, Hashable {
  /// The day there.
  public var day: CivilDate
  /// Minutes since midnight, 0–1439.
  public var minute: Int

  /// A local time.
  public init(day: CivilDate, minute: Int) {
    self.day = day
    self.minute = minute
  }

  /// The weekday of `day`.
  public var weekday: Weekday { Weekday(of: day) }
}

/// A day of the week.
public enum Weekday: String, Sendable, Hashable, CaseIterable {
  case monday = "mon"
  case tuesday = "tue"
  case wednesday = "wed"
  case thursday = "thu"
  case friday = "fri"
  case saturday = "sat"
  case sunday = "sun"

  /// The weekday of a date.
  public init(of day: CivilDate) {
    // 1970-01-01 was a Thursday.
    let number = ((day.daysSinceEpoch + 3) % 7 + 7) % 7
    self = Self.allCases[number]
  }
}
