import Observations

/// Something that is done once a day at a time on the wall clock, whatever that clock does.
public struct Nightly: Sendable, Hashable {
  /// The minute of the day from which on it is due.
  public var minute: Int
  /// The last day it was done for.
  public private(set) var last: CivilDate?

  /// Done for `last` most recently; `nil`: never.
  public init(minute: Int, last: CivilDate?) {
    self.minute = minute
    self.last = last
  }

  /// Whether it is due. A clock that went back asks for no day twice; one that went ahead asks for one day only.
  public func isDue(_ time: LocalTime) -> Bool {
    time.minute >= minute && last.map { time.day > $0 } ?? true
  }

  /// It was done for the day.
  public mutating func done(_ time: LocalTime) { last = max(last ?? time.day, time.day) }
}
