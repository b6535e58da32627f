import Observations

/// A time of the week in which hosts are left alone: what happens then says nothing about them.
public struct MaintenanceWindow: Sendable, Hashable {
  /// Whose hosts; empty: everybody's.
  public var agencies: Set<String>
  /// The days on which it begins; empty: every day.
  public var days: Set<Weekday>
  /// When it begins, in minutes since midnight, local time.
  public var from: Int
  /// When it ends. Not later than `from`: on the next day.
  public var until: Int

  /// A window.
  public init(agencies: Set<String> = [], days: Set<Weekday> = [], from: Int, until: Int) {
    self.agencies = agencies
    self.days = days
    self.from = from
    self.until = until
  }

  /// Whether a moment lies in it. The end does not.
  public func contains(_ time: LocalTime) -> Bool {
    let yesterday = CivilDate(daysSinceEpoch: time.day.daysSinceEpoch - 1)
    if from < until { return begins(on: time.day) && (from..<until).contains(time.minute) }
    return begins(on: time.day) && time.minute >= from || begins(on: yesterday) && time.minute < until
  }

  private func begins(on day: CivilDate) -> Bool { days.isEmpty || days.contains(Weekday(of: day)) }
}
