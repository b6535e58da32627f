import CLinux
import Foundation
import Glibc
import Observations
import Schedule

extension Moment {
  /// This moment on both clocks.
  static var now: Moment { Moment(wall: .now, steady: clinux_boottime()) }
}

extension LocalTime {
  /// What the clock on the wall shows here and now.
  static var now: LocalTime {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    // timegm(3) of the local parts counts the days of the local calendar.
    let minute = Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    let local = timegm(&parts)
    return LocalTime(
      day: CivilDate(daysSinceEpoch: Int((Double(local) / 86_400).rounded(.down))), minute: minute)
  }
}
