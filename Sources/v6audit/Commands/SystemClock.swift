import CLinux

/// What the kernel says of its clock.
enum SystemClock {
  /// Whether something disciplines it (adjtimex(2), STA_UNSYNC); `nil` if the kernel does not say.
  static var isSynchronised: Bool? {
    var state = timex()
    guard adjtimex(&state) >= 0 else { return nil }
    return state.status & STA_UNSYNC == 0
  }
}
